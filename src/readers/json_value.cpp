#include "readers/json_value.hpp"

#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <system_error>

#include "readers/json_scan.hpp"

namespace fleetstatus {
namespace {

bool is_digit(char c) noexcept { return '0' <= c && c <= '9'; }

std::size_t skip_digits(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

/// The parts of JSON's grammar of numbers: where the integer ends; none if it is no number.
std::optional<std::size_t> integer_part_end(std::string_view number) {
  const std::size_t start = number.starts_with('-') ? 1 : 0;
  const std::size_t end = skip_digits(number, start);
  const bool has_leading_zero = end - start > 1 && number[start] == '0';
  if (end == start || has_leading_zero) return std::nullopt;
  return end;
}

bool is_fraction_and_exponent(std::string_view rest) {
  if (rest.starts_with('.')) {
    const std::size_t end = skip_digits(rest, 1);
    if (end == 1) return false;
    rest.remove_prefix(end);
  }
  if (rest.starts_with('e') || rest.starts_with('E')) {
    const std::size_t start = rest.size() > 1 && (rest[1] == '+' || rest[1] == '-') ? 2 : 1;
    const std::size_t end = skip_digits(rest, start);
    if (end == start) return false;
    rest.remove_prefix(end);
  }
  return rest.empty();
}

Scalar integer_from(std::string_view token) {
  std::int64_t number{};
  const auto error = std::from_chars(token.data(), token.data() + token.size(), number).ec;
  return error == std::errc{} ? Scalar::from(number) : Scalar::other();
}

/// Not by std::from_chars, which on macOS reads integers alone.
Scalar real_from(std::string_view token) {
  const double number = simdjson::internal::from_chars(token.data(), token.data() + token.size());
  return std::isfinite(number) ? Scalar::from(number) : Scalar::other();
}

struct Unescaped {
  std::string_view text;
  bool has_lone_surrogate = false;
};

std::uint32_t hex4(std::string_view text, std::size_t at) {
  std::uint32_t code = 0;
  const char* const first = text.data() + at;
  if (text.size() < at + 4 || std::from_chars(first, first + 4, code, 16).ptr != first + 4) {
    throw_syntax_error("invalid escape in a string");
  }
  return code;
}

constexpr std::uint32_t replacement_character = 0xFFFD;

constexpr bool is_high_surrogate(std::uint32_t code) { return code >= 0xD800 && code < 0xDC00; }
constexpr bool is_low_surrogate(std::uint32_t code) { return code >= 0xDC00 && code < 0xE000; }

char* put_utf8(char* out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
  return out;
}

char simple_escape(char letter) {
  constexpr std::string_view letters = "\"\\/bfnrt";
  constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
  const std::size_t at = letters.find(letter);
  if (at == std::string_view::npos) throw_syntax_error("invalid escape in a string");
  return meanings[at];
}

/// Replaces escapes; the result is never longer than the text.
Unescaped unescape(std::string_view text, TextArena& arena) {
  char* const start = arena.allocate(text.size());
  char* out = start;
  bool has_lone_surrogate = false;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      *out++ = text[at++];
      continue;
    }
    const char letter = at + 1 < text.size() ? text[at + 1] : '\0';
    at += 2;
    if (letter != 'u') {
      *out++ = simple_escape(letter);
      continue;
    }
    std::uint32_t code = hex4(text, at);
    at += 4;
    if (is_high_surrogate(code) && text.substr(at, 2) == "\\u") {
      const std::uint32_t low = hex4(text, at + 2);
      if (is_low_surrogate(low)) {
        code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
        at += 6;
      }
    }
    if (is_high_surrogate(code) || is_low_surrogate(code)) {
      has_lone_surrogate = true;
      code = replacement_character;
    }
    out = put_utf8(out, code);
  }
  return {{start, static_cast<std::size_t>(out - start)}, has_lone_surrogate};
}

/// The text of a string that needs more than a look.
Unescaped unescape_string(std::string_view token, TextArena& arena) {
  if (string_end(token, 0) != ValueEnd{Closing::closed, token.size()}) {
    throw_syntax_error("a string is followed by something else than a comma or a bracket");
  }
  return unescape(token.substr(1, token.size() - 2), arena);
}

}  // namespace

void throw_syntax_error(std::string_view what) { throw JsonSyntaxError{what}; }

Scalar json_number(std::string_view token) {
  const auto integer_end = integer_part_end(token);
  if (!integer_end || !is_fraction_and_exponent(token.substr(*integer_end))) {
    throw_syntax_error("invalid number");
  }
  if (*integer_end == token.size()) return integer_from(token);
  return real_from(token);
}

Scalar JsonValue::scalar() const {
  return visit_scalar([](auto value) { return Scalar::from(value); });
}

std::optional<std::string> JsonValue::plain_text() const {
  const Scalar value = scalar();
  if (value.kind == Scalar::Kind::text) return std::string{value.text};
  const bool is_number = value.kind != Scalar::Kind::other || first_ <= '9';
  return is_number && first_ != '"' ? std::optional{std::string{text()}} : std::nullopt;
}

std::string JsonValue::short_form() const {
  if (is_object()) return "an object";
  if (is_list()) return "a list";
  (void)scalar();  // throws if it is no JSON
  return fleetstatus::short_form(text());
}

Scalar json_escaped_string(std::string_view token, TextArena& arena) {
  const Unescaped unescaped = unescape_string(token, arena);
  return unescaped.has_lone_surrogate ? Scalar::other() : Scalar::from(unescaped.text);
}

std::string_view json_escaped_key(std::string_view token, TextArena& arena) {
  return unescape_string(token, arena).text;
}

}  // namespace fleetstatus
