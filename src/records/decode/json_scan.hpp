#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace fleetstatus {

// Scans JSON text without parsing values. Positions are byte offsets in `text`; a position may be
// the end of the text.

/// How a value ends.
enum class Closing : std::uint8_t {
  closed,
  open,    ///< not in this text; more text may close the value
  broken,  ///< invalid JSON, whatever follows
};

struct ValueEnd {
  Closing closing;
  std::size_t
      at;  ///< one past the value, or past the character that breaks it; else the text's end

  [[nodiscard]] bool is_closed() const noexcept { return closing == Closing::closed; }
  friend bool operator==(const ValueEnd&, const ValueEnd&) = default;
};

/// Whether a value may follow this non-space character, inside a list or an object.
[[nodiscard]] constexpr bool may_precede_value(char c) noexcept {
  return c == ',' || c == ':' || c == '[';
}

[[nodiscard]] constexpr bool is_json_space(char c) noexcept {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/// The position of the first character at or after `at` that is not JSON white space.
[[nodiscard]] inline std::size_t skip_space(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && is_json_space(text[at])) ++at;
  return at;
}

/// Whether a character is allowed unescaped inside a string.
[[nodiscard]] constexpr bool is_plain(char c) noexcept {
  return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20;
}

/// The position of the first quote, backslash or control character at or after `at`, inside a
/// string. Benchmark rows: JSON bytes, a third slower without the SSE2 loop.
[[nodiscard, gnu::always_inline]] inline std::size_t skip_plain(std::string_view text,
                                                                std::size_t at) noexcept {
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i last_control = _mm_set1_epi8(0x1F);
  for (; at + sizeof quote <= text.size(); at += sizeof quote) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(block, last_control), block);
    const __m128i other =
        _mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash));
    const auto found = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(other, control)));
    if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found));
  }
#endif
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

/// The end of the string that begins at `at`; it is broken if it has a control character.
[[nodiscard]] ValueEnd string_end(std::string_view text, std::size_t at) noexcept;

/// The end of the object or list that begins at `at`. It is broken if its brackets do not match, or
/// if one opens where no value may begin, so that a truncated record is detected where the next one
/// begins.
[[nodiscard]] ValueEnd brackets_end(std::string_view text, std::size_t at);

/// The end of the value of any kind that begins at `at`. A number or word that reaches the end of
/// the text counts as closed; an empty one means that there is no value.
[[nodiscard]] ValueEnd value_end(std::string_view text, std::size_t at);

}  // namespace fleetstatus
