#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace fleetstatus {

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
  std::string problem;  ///< the message after the record's index
  std::string field;    ///< top-level API name; empty if the record itself is not an object
  std::string pointer;  ///< JSON pointer within the record
  std::string value;    ///< short form of the bad value
};

/// No record has some fields that the rules need.
struct MissingFieldsError : Error {
  MissingFieldsError(const std::string& message, std::vector<std::string> fields, std::size_t index)
      : Error(message), fields(std::move(fields)), index(index) {}

  std::vector<std::string> fields;  ///< API names, in the order of the field table
  std::size_t index;                ///< the first record that lacks them
  int scheme = 0;                   ///< code of the scheme that needs them
  std::vector<std::string> seen;    ///< fields that some record has, including aliases
  std::string bad_record;           ///< the message of the first bad record that was kept
};

/// No record has some fields or tags that the caller wants to carry.
struct MissingCarriedError : Error {
  MissingCarriedError(const std::string& message, std::vector<std::string> names)
      : Error(message), names(std::move(names)) {}

  std::vector<std::string> names;
  std::size_t index = 0;          ///< the first record
  std::vector<std::string> keys;  ///< of that record
  std::vector<std::string> tags;  ///< tags that devices have, up to a limit
};

/// A source, or a part of it, holds no device records.
struct NotDevicesError : Error {
  enum class Kind : std::uint8_t {
    error_answer,  ///< an error response of the API
    no_device,     ///< no record of the source is a device record
    table,         ///< no column is a field of a device
    owns_device,   ///< a fleet without `$expand` of its devices
    tuple,         ///< rows without names
  };

  NotDevicesError(Kind kind, std::size_t index, std::vector<std::string> keys, std::string value)
      : Error("record " + std::to_string(index) + " is no device record"),
        kind(kind),
        index(index),
        keys(std::move(keys)),
        value(std::move(value)) {}

  Kind kind;
  std::size_t index;              ///< the record that shows this
  std::vector<std::string> keys;  ///< of that record, or of the table
  std::string value;              ///< short form of the value that is not a record
  std::string source_name;        ///< may be empty
};

}  // namespace fleetstatus
