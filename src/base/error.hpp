#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace fleetstatus {

/// Base of every error of the engine. The text says what is wrong, where, and what to do.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An argument that the caller can mend.
struct ArgumentError : Error {
  using Error::Error;
};

/// A source that fails while it is read.
struct SourceError : Error {
  using Error::Error;
};

/// Text that is not JSON.
struct JsonError : Error {
  JsonError(const std::string& message, std::size_t offset, std::size_t line, std::size_t column)
      : Error(message), offset(offset), line(line), column(column) {}

  std::size_t offset;  ///< bytes from 0
  std::size_t line;    ///< from 1
  std::size_t column;  ///< bytes from 1
};

}  // namespace fleetstatus
