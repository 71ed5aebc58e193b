#pragma once

#include <cstddef>
#include <string_view>

#include "readers/json_document.hpp"
#include "readers/null_value.hpp"
#include "readers/problem.hpp"
#include "readers/record_builder.hpp"
#include "readers/value.hpp"

namespace fleetstatus {

/// Reads values of columns into the block that a builder has begun. Lists and objects may stand as
/// JSON text, which is how databases and files of one level hold them.
class ColumnReader {
 public:
  explicit ColumnReader(RecordBuilder& builder) : builder_(builder) {}

  [[nodiscard]] RecordBuilder& builder() noexcept { return builder_; }

  /// Reads the value of one record.
  /// @param place  of the field among the builder's keys
  /// @param name   of the column, as its source spells it
  /// @return false if it could not be read
  template <Value V>
  bool read(int place, std::string_view name, std::size_t record, V& value) {
    if (builder_.is_nested(place)) {
      const Scalar text = value.scalar();
      if (text.kind == Scalar::Kind::text) return read_json(place, name, record, text.text);
    }
    return builder_.read_field(place, name, record, value);
  }

 private:
  bool read_json(int place, std::string_view name, std::size_t record, std::string_view text) {
    try {
      bool is_read = false;
      json_.read(text, builder_.arena(),
                 [&](auto& value) { is_read = builder_.read_field(place, name, record, value); });
      return is_read;
    } catch (const JsonSyntaxError&) {
      NullValue null;  // in place of what was read before the error
      builder_.read_field(place, name, record, null);
      builder_.note_problem(place, name, record, make_problem(quoted_short_form(text), "JSON"));
      return false;
    }
  }

  RecordBuilder& builder_;
  JsonDocument json_;
};

}  // namespace fleetstatus
