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
  std::string problem;  ///< the message behind the record's number
  std::string field;    ///< top-level API name; empty if the record itself is not an object
  std::string pointer;  ///< JSON pointer within the record
  std::string value;    ///< short form of what stands there
};

/// Fields that the rules need and that no record has.
struct MissingFieldsError : Error {
  MissingFieldsError(const std::string& message, std::vector<std::string> fields, std::size_t index)
      : Error(message), fields(std::move(fields)), index(index) {}

  std::vector<std::string> fields;  ///< API names, in the order of the field table
  std::size_t index;                ///< the first record that lacks them
  int scheme = 0;                   ///< code of the scheme that needs them
  std::vector<std::string> seen;    ///< fields that some record has, aliases too
  std::string bad_record;           ///< what is wrong with the first bad record that was kept
};

/// Fields or tags that a caller wants to keep and that no record has.
struct MissingCarriedError : Error {
  MissingCarriedError(const std::string& message, std::vector<std::string> names)
      : Error(message), names(std::move(names)) {}

  std::vector<std::string> names;
  std::size_t index = 0;          ///< the first record
  std::vector<std::string> keys;  ///< of that record
  std::vector<std::string> tags;  ///< that devices have, some of them
};

/// A source, or a part of one, that holds no device records.
struct NotDevicesError : Error {
  enum class Kind : std::uint8_t {
    error_answer,  ///< an answer of the API that says what went wrong
    no_device,     ///< no record of the source is one of a device
    table,         ///< columns of which none is a field of a device
    owns_device,   ///< a fleet whose devices are not expanded
    tuple,         ///< rows without names
  };

  NotDevicesError(Kind kind, std::size_t index, std::vector<std::string> keys, std::string value)
      : Error("record " + std::to_string(index) + " is no device record"),
        kind(kind),
        index(index),
        keys(std::move(keys)),
        value(std::move(value)) {}

  Kind kind;
  std::size_t index;              ///< the record that shows it
  std::vector<std::string> keys;  ///< of that record, or of the table
  std::string value;              ///< short form of what is there in place of a record
  std::string source_name;        ///< may be empty
};

}  // namespace fleetstatus
