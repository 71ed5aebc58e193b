#include "base/bits.hpp"

#include <bit>
#include <cstring>

namespace fleetstatus {
namespace {

/// Packs eight flags into one byte, least significant bit first.
std::uint8_t packed(const std::uint8_t* flags) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    std::uint64_t word = 0;
    std::memcpy(&word, flags, sizeof word);
    // Flag i is bit 8i of the word, and bit 56 + i of the product.
    return static_cast<std::uint8_t>((word * 0x0102040810204080U) >> 56U);
  } else {
    unsigned byte = 0;
    for (unsigned bit = 0; bit < 8; ++bit) byte |= unsigned{flags[bit]} << bit;
    return static_cast<std::uint8_t>(byte);
  }
}

/// Writes single bits up to a byte boundary, then whole bytes, then the remaining bits.
/// @param one    returns bit i
/// @param bytes  writes whole bytes, given their address, the index of their first bit, and their
///               number
template <class One, class Bytes>
void write_bits(std::uint8_t* bits, std::size_t index, std::size_t n, One one, Bytes bytes) {
  std::size_t done = 0;
  for (; (index + done) % 8 != 0 && done < n; ++done) write_bit(bits, index + done, one(done));
  const std::size_t n_bytes = (n - done) / 8;
  if (n_bytes > 0) bytes(bits + (index + done) / 8, done, n_bytes);
  for (done += n_bytes * 8; done < n; ++done) write_bit(bits, index + done, one(done));
}

}  // namespace

void fill_bits(std::uint8_t* bits, std::size_t index, std::size_t n, bool value) noexcept {
  write_bits(
      bits, index, n, [value](std::size_t) { return value; },
      [value](std::uint8_t* to, std::size_t, std::size_t n_bytes) {
        std::memset(to, value ? 0xFF : 0, n_bytes);
      });
}

void pack_bits(std::uint8_t* bits, std::size_t index, const std::uint8_t* flags,
               std::size_t n) noexcept {
  write_bits(
      bits, index, n, [flags](std::size_t i) { return flags[i] != 0; },
      [flags](std::uint8_t* to, std::size_t first, std::size_t n_bytes) {
        for (std::size_t i = 0; i < n_bytes; ++i) to[i] = packed(flags + first + i * 8);
      });
}

void copy_bits(std::uint8_t* bits, std::size_t index, const std::uint8_t* from,
               std::size_t from_index, std::size_t n) noexcept {
  write_bits(
      bits, index, n, [&](std::size_t i) { return bit_at(from, from_index + i); },
      [&](std::uint8_t* to, std::size_t first, std::size_t n_bytes) {
        const std::uint8_t* const source = from + (from_index + first) / 8;
        const std::size_t shift = (from_index + first) % 8;
        if (shift == 0) {
          std::memcpy(to, source, n_bytes);
          return;
        }
        for (std::size_t i = 0; i < n_bytes; ++i) {
          to[i] = static_cast<std::uint8_t>((unsigned{source[i]} >> shift) |
                                            (unsigned{source[i + 1]} << (8 - shift)));
        }
      });
}

}  // namespace fleetstatus
