#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "records/scalar.hpp"

namespace fleetstatus::testing {

struct PlainMember;

/// A JSON value as nlohmann-json reads it, with all members in their order, duplicates too.
struct PlainJson {
  enum class Kind : std::uint8_t { scalar, list, object };

  Kind kind = Kind::scalar;
  Scalar scalar;  ///< but for text, which may move
  bool is_text = false;
  std::string text;  ///< a text, or a scalar as it stands in the source
  std::vector<PlainJson> elements;
  std::vector<PlainMember> members;
};

struct PlainMember {
  std::string key;
  PlainJson value;
};

/// Builds a value from what nlohmann-json's parser meets.
class PlainJsonBuilder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  /// Levels; freeing a value takes the stack of as many calls.
  static constexpr std::size_t deepest = 500;

  // NOLINTBEGIN(readability-identifier-naming): nlohmann-json's names
  bool null() { return add(Scalar::from(Scalar::Null{}), "null"); }
  bool boolean(bool value) { return add(Scalar::from(value), value ? "true" : "false"); }
  bool number_integer(number_integer_t value) {
    return add(Scalar::from(value), value == 0 ? "-0" : std::to_string(value));
  }
  bool number_unsigned(number_unsigned_t value) {
    const bool fits = std::in_range<std::int64_t>(value);
    return add(fits ? Scalar::from(static_cast<std::int64_t>(value)) : Scalar::other(),
               std::to_string(value));
  }
  bool number_float(number_float_t value, const string_t& text) {
    const bool is_integer = text.find_first_of(".eE") == text.npos;  // of more than 64 bits
    return add(is_integer ? Scalar::other() : Scalar::from(value), text);
  }
  bool string(string_t& text) {
    PlainJson& value = next();
    value.is_text = true;
    value.text = text;
    return true;
  }
  bool binary(binary_t& /*value*/) { return false; }
  bool start_object(std::size_t /*n*/) { return open(PlainJson::Kind::object); }
  bool start_array(std::size_t /*n*/) { return open(PlainJson::Kind::list); }
  bool key(string_t& key) {
    open_.back()->members.push_back({key, {}});
    return true;
  }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) {
    return false;
  }
  // NOLINTEND(readability-identifier-naming)

  [[nodiscard]] PlainJson take() { return std::move(whole_); }

 private:
  PlainJson& next() {
    if (open_.empty()) return whole_;
    PlainJson& parent = *open_.back();
    if (parent.kind == PlainJson::Kind::object) return parent.members.back().value;
    return parent.elements.emplace_back();
  }

  bool add(Scalar scalar, std::string text) {
    PlainJson& value = next();
    value.scalar = scalar;
    value.text = std::move(text);
    return true;
  }

  bool open(PlainJson::Kind kind) {
    PlainJson& value = next();
    value.kind = kind;
    open_.push_back(&value);
    return open_.size() <= deepest;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  PlainJson whole_;
  std::vector<PlainJson*> open_;
};

/// Reads characters off the front of a text, and so tells where a parser has stopped.
struct TextCursor {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  std::string_view* rest;  ///< null: the end

  reference operator*() const { return rest->front(); }
  TextCursor& operator++() {
    rest->remove_prefix(1);
    return *this;
  }
  void operator++(int) { ++*this; }
  friend bool operator==(const TextCursor& a, const TextCursor& b) {
    return a.is_end() == b.is_end();
  }
  friend bool operator!=(const TextCursor& a, const TextCursor& b) { return !(a == b); }
  [[nodiscard]] bool is_end() const { return rest == nullptr || rest->empty(); }
};

/// Reads objects and lists that stand in a row.
/// @return none if they are not all JSON, or something else stands among them
inline std::optional<std::vector<PlainJson>> read_plain_json(std::string_view source) {
  std::vector<PlainJson> texts;
  if (source.starts_with("\xEF\xBB\xBF")) source.remove_prefix(3);
  while (true) {
    source.remove_prefix(std::min(source.find_first_not_of(" \t\r\n"), source.size()));
    if (source.empty()) return texts;
    if (source.front() != '{' && source.front() != '[') return std::nullopt;
    PlainJsonBuilder builder;
    constexpr bool to_the_end = false;
    if (!nlohmann::json::sax_parse(TextCursor{&source}, TextCursor{nullptr}, &builder,
                                   nlohmann::json::input_format_t::json, to_the_end)) {
      return std::nullopt;
    }
    texts.push_back(builder.take());
  }
}

/// Whether a member of an envelope says that records are missing.
inline bool says_error(std::string_view key, const PlainJson& value) {
  const bool is_null =
      value.kind == PlainJson::Kind::scalar && !value.is_text && value.text == "null";
  return (key == "error" || key == "message") && !is_null;
}

}  // namespace fleetstatus::testing
