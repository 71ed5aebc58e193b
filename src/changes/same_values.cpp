#include "changes/same_values.hpp"

#include <cstdint>
#include <cstring>

namespace fleetstatus {
namespace {

/// Some bits of a bitmap, as the lowest of a number; reads no byte that holds none of them.
std::uint64_t bits_at(const void* bits, std::size_t first, std::size_t n) noexcept {
  const std::uint64_t mask = (std::uint64_t{1} << n) - 1;
  if (bits == nullptr) return mask;
  const auto* const bytes = static_cast<const unsigned char*>(bits);
  std::uint64_t found = 0;
  for (std::size_t byte = first / 8; byte < (first + n + 7) / 8; ++byte) {
    found |= std::uint64_t{bytes[byte]} << ((byte - first / 8) * 8);
  }
  return (found >> (first % 8)) & mask;
}

template <class Offset>
bool has_same_text(const TextChunk& left, std::size_t left_first, const TextChunk& right,
                   std::size_t right_first, std::size_t n) noexcept {
  const Offset* const left_offsets = left.offsets<Offset>() + left_first;
  const Offset* const right_offsets = right.offsets<Offset>() + right_first;
  const Offset apart = left_offsets[0] - right_offsets[0];
  Offset other = 0;
  for (std::size_t i = 1; i <= n; ++i) other |= left_offsets[i] - right_offsets[i] - apart;
  if (other != 0) return false;
  const auto size = static_cast<std::size_t>(left_offsets[n] - left_offsets[0]);
  return size == 0 || std::memcmp(left.text.front().as<char>() + left_offsets[0],
                                  right.text.front().as<char>() + right_offsets[0], size) == 0;
}

}  // namespace

bool has_same_bits(const void* left, std::size_t left_first, const void* right,
                   std::size_t right_first, std::size_t n) noexcept {
  if (left == nullptr && right == nullptr) return true;
  return bits_at(left, left_first, n) == bits_at(right, right_first, n);
}

bool has_same_texts(const ChunkedText& left, std::size_t left_first, const ChunkedText& right,
                    std::size_t right_first, std::size_t n) noexcept {
  const std::size_t left_chunk = left.chunk_of(left_first);
  const std::size_t right_chunk = right.chunk_of(right_first);
  const bool is_in_chunks = left_first + n <= left.starts()[left_chunk + 1] &&
                            right_first + n <= right.starts()[right_chunk + 1];
  if (!is_in_chunks || left.layout() != right.layout()) return false;
  const TextChunk& from_left = left.chunks()[left_chunk];
  const TextChunk& from_right = right.chunks()[right_chunk];
  left_first -= left.starts()[left_chunk];
  right_first -= right.starts()[right_chunk];
  if (!has_same_bits(from_left.validity.data, from_left.offset + left_first,
                     from_right.validity.data, from_right.offset + right_first, n)) {
    return false;
  }
  switch (left.layout()) {
    case TextLayout::utf8:
      return has_same_text<std::int32_t>(from_left, left_first, from_right, right_first, n);
    case TextLayout::large_utf8:
      return has_same_text<std::int64_t>(from_left, left_first, from_right, right_first, n);
    case TextLayout::utf8_view: return false;
  }
  return false;
}

}  // namespace fleetstatus
