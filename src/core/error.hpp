#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

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

/// A device record that cannot be read.
struct RecordError : Error {
  RecordError(std::size_t index, std::string problem, std::string field, std::string pointer,
              std::string value)
      : Error(message_of(index, problem)),
        index(index),
        problem(std::move(problem)),
        field(std::move(field)),
        pointer(std::move(pointer)),
        value(std::move(value)) {}

  [[nodiscard]] static std::string message_of(std::size_t index, const std::string& problem) {
    return "record " + std::to_string(index) + problem;
  }

  std::size_t index;    ///< records counted from 0 over the whole source
  std::string problem;  ///< the message behind the record's number
  std::string field;    ///< top-level API name; empty if the record itself is not an object
  std::string pointer;  ///< JSON pointer within the record
  std::string value;    ///< short form of what stands there
};

/// Text that is not JSON.
struct JsonError : Error {
  JsonError(const std::string& message, std::size_t offset, std::size_t line, std::size_t column)
      : Error(message), offset(offset), line(line), column(column) {}

  std::size_t offset;  ///< bytes from 0
  std::size_t line;    ///< from 1
  std::size_t column;  ///< bytes from 1
};

/// Fields that the rules need and that no record has.
struct MissingFieldsError : Error {
  MissingFieldsError(const std::string& message, std::vector<std::string> fields, std::size_t index)
      : Error(message), fields(std::move(fields)), index(index) {}

  std::vector<std::string> fields;  ///< API names, in the order of the field table
  std::size_t index;                ///< the first record that lacks them
};

}  // namespace fleetstatus
