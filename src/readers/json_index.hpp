#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace fleetstatus {

/// Version of the library that indexes JSON, and the instruction set that it uses here.
[[nodiscard]] std::string simdjson_version();
[[nodiscard]] std::string simdjson_implementation();

/// The tokens of a JSON text, in their order: brackets, colons, commas, and the first character of
/// each string, number and word.
class JsonTokens {
 public:
  using Token = const std::uint32_t*;  ///< holds where it stands in the text

  JsonTokens() = default;
  JsonTokens(std::string_view text, Token begin, Token end)
      : text_(text), begin_(begin), end_(end), has_backslashes_(text.find('\\') != text.npos) {}

  [[nodiscard]] Token begin() const noexcept { return begin_; }
  [[nodiscard]] Token end() const noexcept { return end_; }

  /// The first character of a token; none past the end.
  [[nodiscard]] char at(Token token) const noexcept { return has(token) ? first_of(token) : '\0'; }

  // The same in two steps, for whoever looks at some tokens at once.

  [[nodiscard]] bool has(Token token) const noexcept { return token < end_; }
  [[nodiscard]] char first_of(Token token) const noexcept { return text_[*token]; }

  /// A string, number or word, with whatever stands between it and the next token but white space.
  [[nodiscard]] std::string_view text_of(Token token) const noexcept {
    const std::size_t next = token + 1 < end_ ? token[1] : text_.size();
    const char* const first = text_.data() + *token;
    const char* last = text_.data() + next - 1;
    while (is_space(*last)) --last;
    return {first, last + 1};
  }

  /// The text of a key without escapes, whose quotes and colon follow each other; else nothing.
  /// @param colon  the token behind the key
  [[nodiscard]] std::string_view plain_key(Token key, Token colon) const noexcept {
    const char* const first = text_.data() + *key + 1;
    const char* const last = text_.data() + *colon - 1;
    return *last == '"' && !has_backslashes_ ? std::string_view{first, last} : std::string_view{};
  }

  /// Whether a token is a string without escapes, and nothing else.
  [[nodiscard]] bool is_plain_string(std::string_view token) const noexcept {
    if (token.size() < 2 || token.front() != '"' || token.back() != '"') return false;
    return !has_backslashes_ || token.find('\\') == token.npos;
  }

  /// The token at a place of the text; null if there is none.
  /// @param likely  the token that it most likely is, or the one before it
  [[nodiscard]] Token find(std::size_t place, Token likely) const noexcept {
    for (const Token token : {likely, likely + 1}) {
      if (token < end_ && *token == place) return token;
    }
    const Token found = std::lower_bound(begin_, end_, place);
    return found < end_ && *found == place ? found : nullptr;
  }

  /// The token behind the value that begins at `token`, as far as brackets tell; null if there is
  /// no value, or its brackets do not match or are not closed.
  [[nodiscard]] Token skip(Token token) const {
    const char c = at(token);
    if (c == '{' || c == '[') return skip_brackets(token);
    return begins_value(c) ? token + 1 : nullptr;
  }

  [[nodiscard]] static bool begins_value(char c) noexcept {
    static constexpr auto begins = [] {
      std::array<bool, 256> table{};
      for (const char first : std::string_view{"{[\"tfn-0123456789"}) {
        table[static_cast<unsigned char>(first)] = true;
      }
      return table;
    }();
    return begins[static_cast<unsigned char>(c)];
  }

 private:
  [[nodiscard]] static bool is_space(char c) noexcept {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  [[nodiscard]] Token skip_brackets(Token token) const;

  std::string_view text_;
  Token begin_ = nullptr;
  Token end_ = nullptr;
  bool has_backslashes_ = false;
};

/// Finds the tokens of JSON texts, one text at a time.
class JsonIndex {
 public:
  JsonIndex();
  JsonIndex(JsonIndex&&) noexcept;
  ~JsonIndex();

  /// @return false if the text is no UTF-8, or has a string that is not closed or holds control
  ///         characters; then there are no tokens
  bool index(std::string_view text);

  [[nodiscard]] const JsonTokens& tokens() const noexcept { return tokens_; }

 private:
  struct Parser;

  std::unique_ptr<Parser> parser_;
  JsonTokens tokens_;
};

}  // namespace fleetstatus
