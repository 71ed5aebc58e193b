#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/utf8.hpp"
#include "records/decode/json_cursor.hpp"
#include "records/decode/json_value.hpp"
#include "records/problem.hpp"
#include "records/record_builder.hpp"
#include "records/scalar.hpp"

namespace fleetstatus {

/// Reads the values of columns into the current block of a builder. Lists and objects may be JSON
/// text, as in databases and flat files.
class ColumnReader {
 public:
  explicit ColumnReader(RecordBuilder& builder) : builder_(builder), json_(builder.arena()) {}

  [[nodiscard]] RecordBuilder& builder() noexcept { return builder_; }

  /// Reads the values of all records of the block.
  /// @param key_index  index of the field's key among the builder's keys
  /// @param name       name of the column as its source spells it
  /// @param value_at   returns the value of a record of the block
  template <class ValueAt>
  void read(int key_index, std::string_view name, ValueAt value_at) {
    const bool is_nested = builder_.is_nested(key_index);
    for (std::size_t record = 0; record < builder_.n_in_block(); ++record) {
      auto value = value_at(record);
      const Scalar text = is_nested ? value.scalar() : Scalar{};
      if (text.kind == Scalar::Kind::text && !is_version(key_index, text.text)) {
        read_json(key_index, name, record, text.text);
      } else {
        builder_.read_field(key_index, name, record, value);
      }
    }
  }

 private:
  /// Whether a text is the version of the running release, not JSON.
  static bool is_version(int key_index, std::string_view text) {
    if (key_index != static_cast<int>(Field::is_running__release)) return false;
    const bool is_number =
        !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
    return text != "null" && !text.starts_with('{') && !text.starts_with('[') && !is_number;
  }

  /// Whether a text looks like the repr of a Python list or dict, which is not JSON.
  static bool is_python_repr(std::string_view text) {
    return text.starts_with("{'") || text.starts_with("[{'") || text.starts_with("['");
  }

  void read_json(int key_index, std::string_view name, std::size_t record, std::string_view text) {
    if (auto value = begin_json(text)) builder_.read_field(key_index, name, record, *value);
    if (!json_.has_given_up()) return;
    json_.begin("null");  // overwrites what was read before the error
    JsonValue null{json_, 0};
    builder_.read_field(key_index, name, record, null);
    constexpr std::string_view not_repr =
        "JSON, not a Python repr; write such columns with json.dumps";
    builder_.note_problem(
        key_index, name, record,
        make_problem(quoted_short_form(text), is_python_repr(text) ? not_repr : "JSON"));
  }

  /// The JSON value that spans a whole text, found by brackets and quotes only; none if there is
  /// none.
  std::optional<JsonValue> begin_json(std::string_view text) {
    json_.begin(text);
    const std::size_t begin = json_.skip_space(0);
    const bool is_whole = json_.skip_space(json_.skip_value(begin)) == text.size();
    if (!is_whole || !is_utf8(text)) (void)json_.give_up();
    return json_.has_given_up() ? std::nullopt : std::optional{JsonValue{json_, begin}};
  }

  RecordBuilder& builder_;
  JsonCursor json_;
};

}  // namespace fleetstatus
