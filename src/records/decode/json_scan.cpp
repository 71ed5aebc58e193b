#include "records/decode/json_scan.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "records/decode/bracket_stack.hpp"

namespace fleetstatus {
namespace {

/// Whether a value may begin at `at`, inside a list or an object.
bool may_begin_value(std::string_view text, std::size_t at) noexcept {
  const char before = text[at - 1];
  if (!is_json_space(before)) return may_precede_value(before);
  return may_precede_value(text[text.find_last_not_of(" \t\n\r", at - 1)]);
}

constexpr bool is_bracket_or_quote(char c) noexcept {
  return c == '"' || c == '{' || c == '}' || c == '[' || c == ']';
}

/// The position of the first bracket or quote at or after `at`. Benchmark row: JSON bytes, all
/// fields.
std::size_t skip_to_bracket_or_quote(std::string_view text, std::size_t at) noexcept {
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i bit_of_braces = _mm_set1_epi8('{' ^ '[');
  const __m128i open = _mm_set1_epi8('{');
  const __m128i close = _mm_set1_epi8('}');
  for (; at + sizeof quote <= text.size(); at += sizeof quote) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const __m128i braces = _mm_or_si128(block, bit_of_braces);
    const __m128i is_bracket =
        _mm_or_si128(_mm_cmpeq_epi8(braces, open), _mm_cmpeq_epi8(braces, close));
    const __m128i is_quote = _mm_cmpeq_epi8(block, quote);
    const auto found = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(is_bracket, is_quote)));
    if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found));
  }
#endif
  while (at < text.size() && !is_bracket_or_quote(text[at])) ++at;
  return at;
}

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20; }

}  // namespace

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
  for (; at < text.size(); at = skip_to_bracket_or_quote(text, at)) {
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
