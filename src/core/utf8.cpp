#include "core/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace fleetstatus {
namespace {

constexpr std::uint64_t high_bits = 0x8080'8080'8080'8080U;

std::uint64_t word_at(const char* place) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, place, sizeof word);
  return word;
}

/// The bytes that a character of more than one takes, and which second byte it may have.
/// Source: The Unicode Standard, table 3-7.
struct Lead {
  std::size_t size;  ///< 0: no character begins so
  unsigned char least = 0x80;
  unsigned char most = 0xBF;
};

constexpr Lead lead_of(unsigned char byte) noexcept {
  if (byte < 0xC2) return {0};
  if (byte < 0xE0) return {2};
  if (byte == 0xE0) return {3, 0xA0};        // not in more bytes than it needs
  if (byte == 0xED) return {3, 0x80, 0x9F};  // no surrogates
  if (byte < 0xF0) return {3};
  if (byte == 0xF0) return {4, 0x90};
  if (byte < 0xF4) return {4};
  if (byte == 0xF4) return {4, 0x80, 0x8F};  // not above U+10FFFF
  return {0};
}

}  // namespace

bool is_ascii(std::string_view text) noexcept {
  const char* const data = text.data();
  const std::size_t size = text.size();
  std::uint64_t all = 0;
  if (size < sizeof all) {
    for (const char byte : text) all |= static_cast<unsigned char>(byte);
    return (all & 0x80U) == 0;
  }
  for (std::size_t at = 0; at + sizeof all <= size; at += sizeof all) all |= word_at(data + at);
  return ((all | word_at(data + size - sizeof all)) & high_bits) == 0;
}

bool is_utf8(std::string_view text) noexcept {
  const auto byte_at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t size = text.size();
  std::size_t at = 0;
  while (at < size) {
    if (at + sizeof(std::uint64_t) <= size && (word_at(text.data() + at) & high_bits) == 0) {
      at += sizeof(std::uint64_t);
      continue;
    }
    if (byte_at(at) < 0x80) {
      ++at;
      continue;
    }
    const Lead lead = lead_of(byte_at(at));
    if (lead.size == 0 || size - at < lead.size) return false;
    if (byte_at(at + 1) < lead.least || byte_at(at + 1) > lead.most) return false;
    for (std::size_t i = 2; i < lead.size; ++i) {
      if ((byte_at(at + i) & 0xC0U) != 0x80U) return false;
    }
    at += lead.size;
  }
  return true;
}

}  // namespace fleetstatus
