#pragma once

#include <algorithm>
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
      : text_(text), begin_(begin), end_(end) {}

  [[nodiscard]] Token begin() const noexcept { return begin_; }
  [[nodiscard]] Token end() const noexcept { return end_; }

  /// The first character of a token; none past the end.
  [[nodiscard]] char at(Token token) const noexcept { return token < end_ ? text_[*token] : '\0'; }

  /// A string, number or word, with whatever stands between it and the next token but white space.
  [[nodiscard]] std::string_view text_of(Token token) const noexcept {
    const std::size_t next = token + 1 < end_ ? token[1] : text_.size();
    std::string_view text = text_.substr(*token, next - *token);
    while (text.back() == ' ' || text.back() == '\n' || text.back() == '\r' ||
           text.back() == '\t') {
      text.remove_suffix(1);
    }
    return text;
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

 private:
  [[nodiscard]] Token skip_brackets(Token token) const;

  std::string_view text_;
  Token begin_ = nullptr;
  Token end_ = nullptr;
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
