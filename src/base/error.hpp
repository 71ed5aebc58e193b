#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace fleetstatus {

/// Base class of the engine's errors. The message says what is wrong, where, and what to do.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An invalid argument, which the caller can correct.
struct ArgumentError : Error {
  using Error::Error;
};

/// A snapshot that cannot be used with an earlier one.
struct SnapshotError : Error {
  using Error::Error;
};

/// A source that failed while it was read.
struct SourceError : Error {
  using Error::Error;
};

/// Text that is not valid JSON.
struct JsonError : Error {
  JsonError(const std::string& message, std::size_t offset, std::size_t line, std::size_t column)
      : Error(message), offset(offset), line(line), column(column) {}

  std::size_t offset;  ///< in bytes, from 0
  std::size_t line;    ///< from 1
  std::size_t column;  ///< in bytes, from 1
};

}  // namespace fleetstatus
