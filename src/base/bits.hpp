#pragma once

#include <cstddef>
#include <cstdint>

#include "base/buffer.hpp"

namespace fleetstatus {

// Bits are written in the order of their places, those of Arrow: the least significant first. What
// stands behind the last one in its byte is zero.

/// Writes one bit.
inline void write_bit(std::uint8_t* bits, std::size_t place, bool value) noexcept {
  const unsigned before = bits[place / 8] & ((1U << (place % 8)) - 1U);
  bits[place / 8] = static_cast<std::uint8_t>(before | (unsigned{value} << (place % 8)));
}

/// Writes `n` equal bits.
void fill_bits(std::uint8_t* bits, std::size_t place, std::size_t n, bool value) noexcept;

/// Writes bits of flags that take a byte each, 0 or 1.
void pack_bits(std::uint8_t* bits, std::size_t place, const std::uint8_t* flags,
               std::size_t n) noexcept;

/// Writes bits that stand elsewhere, at any place.
void copy_bits(std::uint8_t* bits, std::size_t place, const std::uint8_t* from,
               std::size_t from_place, std::size_t n) noexcept;

/// The validity of a column's rows; all are valid without bits.
class ValidBits {
 public:
  explicit ValidBits(const void* bits) noexcept
      : bits_(bits == nullptr ? &all_set : static_cast<const std::uint8_t*>(bits)),
        mask_(bits == nullptr ? 0 : ~std::size_t{0}) {}

  /// 1 if the row is valid, else 0.
  [[nodiscard]] unsigned operator[](std::size_t row) const noexcept {
    return (bits_[(row / 8) & mask_] >> (row % 8)) & 1U;
  }

 private:
  static constexpr std::uint8_t all_set = 0xFF;
  const std::uint8_t* bits_;
  std::size_t mask_;
};

}  // namespace fleetstatus
