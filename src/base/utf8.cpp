#include "base/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace fleetstatus {
namespace {

constexpr std::size_t block_size = 64;

/// Accumulates bytes to find out whether any has its highest bit set.
class HighBits {
 public:
  /// Adds a block of `block_size` bytes. Rows of the benchmark: JSON bytes.
  void add(const char* block) noexcept {
#ifdef __SSE2__
    const auto part = [block](std::size_t i) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(block) + i);
    };
    all_ = _mm_or_si128(
        all_, _mm_or_si128(_mm_or_si128(part(0), part(1)), _mm_or_si128(part(2), part(3))));
#else
    for (std::size_t i = 0; i < block_size; ++i) all_ |= static_cast<unsigned char>(block[i]);
#endif
  }

  [[nodiscard]] bool any() const noexcept {
#ifdef __SSE2__
    return _mm_movemask_epi8(all_) != 0;
#else
    return (all_ & 0x80U) != 0;
#endif
  }

 private:
#ifdef __SSE2__
  __m128i all_ = _mm_setzero_si128();
#else
  unsigned all_ = 0;
#endif
};

bool has_high_bit(const char* block) noexcept {
  HighBits bits;
  bits.add(block);
  return bits.any();
}

std::uint8_t byte_at(std::string_view text, std::size_t at) noexcept {
  return static_cast<std::uint8_t>(text[at]);
}

bool is_continuation(std::string_view text, std::size_t at) noexcept {
  return at < text.size() && (byte_at(text, at) & 0xC0U) == 0x80U;
}

/// Size in bytes of the character at `at`; 0 if it is not well-formed.
std::size_t character_size(std::string_view text, std::size_t at) noexcept {
  const std::uint8_t lead = byte_at(text, at);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4 || !is_continuation(text, at + 1)) return 0;
  if (lead < 0xE0) return 2;
  const std::uint8_t second = byte_at(text, at + 1);
  const bool is_overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool is_out_of_range = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
  if (is_overlong || is_out_of_range || !is_continuation(text, at + 2)) return 0;
  if (lead < 0xF0) return 3;
  return is_continuation(text, at + 3) ? 4 : 0;
}

}  // namespace

bool is_ascii(std::string_view text) noexcept {
  HighBits bits;
  std::size_t at = 0;
  for (; at + block_size <= text.size(); at += block_size) bits.add(text.data() + at);
  std::uint64_t rest = 0;
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    rest |= word;
  }
  for (; at < text.size(); ++at) rest |= byte_at(text, at);
  return !bits.any() && (rest & 0x8080'8080'8080'8080U) == 0;
}

bool is_utf8(std::string_view text) noexcept {
  if (is_ascii(text)) return true;
  std::size_t at = 0;
  while (at < text.size()) {
    if (at + block_size <= text.size() && !has_high_bit(text.data() + at)) {
      at += block_size;
      continue;
    }
    // Go on at least to the end of the block, so that each block is scanned as a whole only once.
    for (const std::size_t end = at + block_size; at < end && at < text.size();) {
      const std::size_t size = character_size(text, at);
      if (size == 0) return false;
      at += size;
    }
  }
  return true;
}

}  // namespace fleetstatus
