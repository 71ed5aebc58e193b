#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "readers/json_index.hpp"
#include "readers/key_table.hpp"
#include "readers/problem.hpp"
#include "readers/scalar.hpp"
#include "readers/text_arena.hpp"

namespace fleetstatus {

/// Thrown on text that is no JSON; the reader finds the place.
struct JsonSyntaxError {
  std::string_view what;
};

/// @throws JsonSyntaxError
[[noreturn]] void throw_syntax_error(std::string_view what);

/// A whole number of up to 18 digits without a sign, the usual ones; none for others.
[[nodiscard]] inline std::optional<std::int64_t> json_integer(std::string_view token) noexcept {
  const bool has_leading_zero = token.front() == '0' && token.size() > 1;
  if (token.size() > 18 || has_leading_zero) return std::nullopt;
  std::int64_t number = 0;
  for (const char c : token) {
    const int digit = c - '0';
    if (digit < 0 || digit > 9) return std::nullopt;
    number = number * 10 + digit;
  }
  return number;
}

/// A number from its text in JSON; `other` if it is none that a field can hold.
/// @throws JsonSyntaxError
[[nodiscard]] Scalar json_number(std::string_view token);

/// The text of a string that has escapes, which are replaced in a copy; `other` if it has a lone
/// surrogate.
/// @throws JsonSyntaxError
[[nodiscard]] Scalar json_escaped_string(std::string_view token, TextArena& arena);

/// The same of a key; a lone surrogate is replaced.
/// @throws JsonSyntaxError
[[nodiscard]] std::string_view json_escaped_key(std::string_view token, TextArena& arena);

/// A value of a record in JSON: what the record builder reads. What nobody asks for is skipped, by
/// its brackets alone.
class JsonValue {
 public:
  static constexpr bool text_is_stable = true;
  using Token = JsonTokens::Token;

  /// @throws JsonSyntaxError  if no value begins there
  JsonValue(const JsonTokens& tokens, Token token, TextArena& arena)
      : tokens_(&tokens), token_(token), arena_(&arena), first_(tokens.at(token)) {
    if (!JsonTokens::begins_value(first_)) throw_syntax_error("a value is missing");
  }

  [[nodiscard]] bool is_object() const noexcept { return first_ == '{'; }
  [[nodiscard]] bool is_list() const noexcept { return first_ == '['; }

  /// @throws JsonSyntaxError
  template <class Visit>
  decltype(auto) visit_scalar(Visit visit) const {
    const std::string_view token = text();
    switch (first_) {
      case '{':
      case '[': return visit(Scalar::Other{});
      case '"': return visit_string(token, visit);
      case 't':
        if (is_word(token, "true")) return visit(true);
        break;
      case 'f':
        if (is_word(token, "false")) return visit(false);
        break;
      case 'n':
        if (is_word(token, "null")) return visit(Scalar::Null{});
        break;
      default: return visit_number(token, visit);
    }
    throw_syntax_error("invalid literal");
  }
  [[nodiscard]] Scalar scalar() const;

  /// A text without its quotes, anything else as it stands in the source; none for objects, lists
  /// and text with a lone surrogate.
  [[nodiscard]] std::optional<std::string> plain_text() const;
  [[nodiscard]] std::string short_form() const;

  template <class Visit>
  void for_each_listed(const KeyTable& keys, Visit visit) {
    for_each_field([&](Token key_token, Token value_token) {
      const std::string_view key = key_at(key_token);
      const int place = keys.find(key);
      if (place == KeyTable::not_listed) return skip(value_token);
      JsonValue value = at(value_token);
      visit(place, key, value);
      return value.end();
    });
  }

  template <class Visit>
  void for_each_member(Visit visit) {
    for_each_field([&](Token key_token, Token value_token) {
      JsonValue value = at(value_token);
      visit(key_at(key_token), value);
      return value.end();
    });
  }

  template <class Visit>
  void for_each_element(Visit visit) {
    Token token = token_ + 1;
    if (tokens_->at(token) == ']') {
      end_ = token + 1;
      return;
    }
    for (std::size_t i = 0;; ++i) {
      JsonValue value = at(token);
      visit(i, value);
      const Token after = value.end();
      if (ends(after, ']', "a list goes on with a comma or ends")) return;
      token = after + 1;
    }
  }

  /// The token behind the value.
  /// @throws JsonSyntaxError  if it has been skipped and its brackets do not match
  [[nodiscard]] Token end() const {
    if (end_ != nullptr) return end_;
    return is_object() || is_list() ? skip(token_) : token_ + 1;
  }

 private:
  [[nodiscard]] JsonValue at(Token token) const { return {*tokens_, token, *arena_}; }

  [[nodiscard]] std::string_view text() const noexcept { return tokens_->text_of(token_); }

  // Each kind of value is visited at one place, which keeps the code of all fields small.

  template <class Visit>
  decltype(auto) visit_string(std::string_view token, Visit visit) const {
    std::string_view text = token;
    if (tokens_->is_plain_string(token)) [[likely]] {
      text = unquoted(token);
    } else {
      const Scalar unescaped = json_escaped_string(token, *arena_);
      if (unescaped.kind != Scalar::Kind::text) return visit(Scalar::Other{});
      text = unescaped.text;
    }
    return visit(text);
  }

  template <class Visit>
  decltype(auto) visit_number(std::string_view token, Visit visit) const {
    auto integer = json_integer(token);
    if (!integer) [[unlikely]] {
      const Scalar number = json_number(token);
      if (number.kind == Scalar::Kind::real) return visit(number.real);
      if (number.kind == Scalar::Kind::other) return visit(Scalar::Other{});
      integer = number.integer;
    }
    return visit(*integer);
  }

  template <std::size_t n>
  [[nodiscard]] static bool is_word(std::string_view token, const char (&word)[n]) noexcept {
    return token.size() == n - 1 && std::memcmp(token.data(), word, n - 1) == 0;
  }

  [[nodiscard]] static std::string_view unquoted(std::string_view string) noexcept {
    return string.substr(1, string.size() - 2);
  }

  [[nodiscard]] std::string_view key_at(Token key) const {
    if (const auto plain = tokens_->plain_key(key, key + 1); !plain.empty()) return plain;
    const std::string_view token = tokens_->text_of(key);
    return tokens_->is_plain_string(token) ? unquoted(token) : json_escaped_key(token, *arena_);
  }

  [[nodiscard]] Token skip(Token token) const {
    const Token after = tokens_->skip(token);
    if (after == nullptr) throw_syntax_error("a value is missing or its brackets do not match");
    return after;
  }

  /// Whether the object or list ends at `token`, else it must go on.
  bool ends(Token token, char bracket, std::string_view otherwise) {
    const char c = tokens_->at(token);
    if (c != bracket && c != ',') throw_syntax_error(otherwise);
    if (c == bracket) end_ = token + 1;
    return c == bracket;
  }

  /// The text ends with a member whose first token it would be.
  [[noreturn]] void throw_cut_off(Token token) const {
    if (tokens_->at(token) != '"') throw_syntax_error("a key is missing");
    if (tokens_->at(token + 1) != ':') throw_syntax_error("no colon after a key");
    throw_syntax_error("a value is missing");
  }

  /// @param visit  is given the tokens of key and value, and gives the one behind the value
  template <class Visit>
  void for_each_field(Visit visit) {
    Token token = token_ + 1;
    if (tokens_->at(token) == '}') {
      end_ = token + 1;
      return;
    }
    while (true) {
      if (!tokens_->has(token + 2)) [[unlikely]]
        throw_cut_off(token);
      if (tokens_->first_of(token) != '"') throw_syntax_error("a key is missing");
      if (tokens_->first_of(token + 1) != ':') throw_syntax_error("no colon after a key");
      const Token after = visit(token, token + 2);
      if (ends(after, '}', "an object goes on with a comma or ends")) return;
      token = after + 1;
    }
  }

  const JsonTokens* tokens_;
  Token token_;
  TextArena* arena_;
  Token end_ = nullptr;  ///< the token behind the value, once it is known
  char first_;
};

}  // namespace fleetstatus
