#pragma once

#include <simdjson.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "readers/key_table.hpp"
#include "readers/problem.hpp"
#include "readers/scalar.hpp"
#include "readers/text_arena.hpp"

namespace fleetstatus {

/// Thrown on text that is no JSON; the reader finds the place.
struct JsonSyntaxError {
  std::string_view what;
};

/// A scalar from its text in JSON; `other` for what no field can hold.
/// @throws JsonSyntaxError
[[nodiscard]] Scalar json_scalar(std::string_view token, TextArena& arena);

/// The key whose text begins at `start` and whose value begins at `value`, as it stands there.
[[nodiscard]] inline std::string_view raw_key(const char* start, const char* value) noexcept {
  const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  const char* end = value - 1;
  while (is_space(*end)) --end;
  --end;  // the colon
  while (is_space(*end)) --end;
  return {start, static_cast<std::size_t>(end - start)};
}

/// The text of the closed string that begins at `quote`. Escapes are replaced in a copy.
/// @throws JsonSyntaxError
[[nodiscard]] std::string_view key_of(const char* quote, TextArena& arena);

/// A value of a record in JSON: what the record builder reads. It is walked once, left to right;
/// what nobody asks for is skipped.
class JsonValue {
 public:
  static constexpr bool text_is_stable = true;

  JsonValue(simdjson::ondemand::value value, TextArena& arena) : value_(value), arena_(&arena) {
    const std::string_view token = value_.raw_json_token();
    if (token.empty() || !begins_value(token.front())) {
      throw JsonSyntaxError{"a value is missing"};
    }
    token_ = trim(token);
  }

  [[nodiscard]] bool is_object() const noexcept { return token_.front() == '{'; }
  [[nodiscard]] bool is_list() const noexcept { return token_.front() == '['; }

  [[nodiscard]] Scalar scalar() const { return json_scalar(token_, *arena_); }

  /// A text without its quotes, anything else as it stands in the source; none for objects, lists
  /// and text with a lone surrogate.
  [[nodiscard]] std::optional<std::string> plain_text() const {
    const Scalar value = scalar();
    if (value.kind == Scalar::Kind::text) return std::string{value.text};
    const bool is_number = value.kind != Scalar::Kind::other || token_.front() <= '9';
    return is_number && token_.front() != '"' ? std::optional{std::string{token_}} : std::nullopt;
  }

  [[nodiscard]] std::string short_form() const {
    if (is_object()) return "an object";
    if (is_list()) return "a list";
    (void)scalar();  // throws if it is no JSON
    return fleetstatus::short_form(token_);
  }

  template <class Visit>
  void for_each_listed(const KeyTable& keys, Visit visit) {
    for_each_field([&](const char* start, simdjson::ondemand::field& field) {
      std::string_view key = raw_key(start, field.value().raw_json_token().data());
      int place = keys.find(key);
      if (place == KeyTable::not_listed && key.find_first_of("\\\"") != std::string_view::npos) {
        key = key_of(start - 1, *arena_);
        place = keys.find(key);
      }
      if (place == KeyTable::not_listed) return;
      JsonValue value{field.value(), *arena_};
      visit(place, key, value);
    });
  }

  template <class Visit>
  void for_each_member(Visit visit) {
    for_each_field([&](const char* start, simdjson::ondemand::field& field) {
      JsonValue value{field.value(), *arena_};
      visit(key_of(start - 1, *arena_), value);
    });
  }

  template <class Visit>
  void for_each_element(Visit visit) {
    simdjson::ondemand::array list;
    check(value_.get_array().get(list));
    std::size_t i = 0;
    for (auto result : list) {
      simdjson::ondemand::value element;
      check(result.get(element));
      JsonValue value{element, *arena_};
      visit(i++, value);
    }
  }

 private:
  static void check(simdjson::error_code error) {
    if (error != simdjson::SUCCESS) throw JsonSyntaxError{simdjson::error_message(error)};
  }

  template <class Visit>
  void for_each_field(Visit visit) {
    simdjson::ondemand::object object;
    check(value_.get_object().get(object));
    for (auto result : object) {
      simdjson::ondemand::field field;
      check(std::move(result).get(field));
      visit(field.key().raw(), field);
    }
  }

  /// simdjson steps over a stray colon or comma as if it were a value, and then loses its place.
  static bool begins_value(char c) noexcept {
    switch (c) {
      case '{':
      case '[':
      case '"':
      case 't':
      case 'f':
      case 'n':
      case '-': return true;
      default: return '0' <= c && c <= '9';
    }
  }

  static std::string_view trim(std::string_view token) noexcept {
    while (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' ||
           token.back() == '\t') {
      token.remove_suffix(1);
    }
    return token;
  }

  simdjson::ondemand::value value_;
  TextArena* arena_;
  std::string_view token_;
};

}  // namespace fleetstatus
