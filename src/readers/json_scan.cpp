#include "readers/json_scan.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "readers/bracket_stack.hpp"

namespace fleetstatus {
namespace {

/// Whether a value may stand at `at`, somewhere inside of a list or an object.
bool may_begin_value(std::string_view text, std::size_t at) noexcept {
  return may_precede_value(text[text.find_last_not_of(" \t\n\r", at - 1)]);
}

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20; }

bool is_plain(char c) noexcept { return c != '"' && c != '\\' && !is_control(c); }

/// Eight characters at once: a high bit for each that is a quote, a backslash or a control
/// character. Bits above the lowest may be wrong.
/// Source: Mycroft's test for a zero byte; Anderson, "Bit twiddling hacks".
std::uint64_t not_plain(std::uint64_t characters) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  const std::uint64_t quotes = characters ^ (ones * '"');
  const std::uint64_t backslashes = characters ^ (ones * '\\');
  const std::uint64_t found = ((quotes - ones) & ~quotes) | ((backslashes - ones) & ~backslashes) |
                              ((characters - ones * 0x20) & ~characters);
  return found & high_bits;
}

}  // namespace

std::size_t skip_plain(std::string_view text, std::size_t at) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
      std::memcpy(&word, text.data() + at, sizeof word);
      if (const std::uint64_t found = not_plain(word)) {
        return at + static_cast<std::size_t>(std::countr_zero(found)) / 8;
      }
    }
  }
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

std::size_t skip_space(std::string_view text, std::size_t at) noexcept {
  return std::min(text.find_first_not_of(" \t\n\r", at), text.size());
}

ValueEnd string_end(std::string_view text, std::size_t at) noexcept {
  for (at = skip_plain(text, at + 1); at < text.size(); at = skip_plain(text, at + 1)) {
    if (text[at] == '"') return {Closing::closed, at + 1};
    if (text[at] == '\\' && ++at == text.size()) break;
    if (is_control(text[at])) return {Closing::broken, at + 1};
  }
  return {Closing::open, text.size()};
}

ValueEnd brackets_end(std::string_view text, std::size_t at) {
  BracketStack open;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      const ValueEnd end = string_end(text, at);
      if (!end.is_closed()) return end;
      at = end.at;
      continue;
    }
    if (c == '{' || c == '[') {
      if (!open.empty() && !may_begin_value(text, at)) return {Closing::broken, at + 1};
      open.push(c == '[');
    }
    ++at;
    if (c == '}' || c == ']') {
      if (!open.pop(c == ']')) return {Closing::broken, at};
      if (open.empty()) return {Closing::closed, at};
    }
  }
  return {Closing::open, text.size()};
}

ValueEnd value_end(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {Closing::open, text.size()};
  switch (text[at]) {
    case '"': return string_end(text, at);
    case '{':
    case '[': return brackets_end(text, at);
    default: return {Closing::closed, std::min(text.find_first_of(",]} \t\n\r", at), text.size())};
  }
}

}  // namespace fleetstatus
