#pragma once

#include <cstddef>
#include <cstdint>

#include "base/buffer.hpp"

namespace fleetstatus {

// Bits of a bitmap as Arrow has it, the least significant first. They are written in ascending
// order: each write clears the bits behind it in its byte.

/// Writes one bit.
inline void write_bit(std::uint8_t* bits, std::size_t index, bool value) noexcept {
  const unsigned before = bits[index / 8] & ((1U << (index % 8)) - 1U);
  bits[index / 8] = static_cast<std::uint8_t>(before | (unsigned{value} << (index % 8)));
}

/// Writes `n` equal bits.
void fill_bits(std::uint8_t* bits, std::size_t index, std::size_t n, bool value) noexcept;

/// Writes bits of flags that take a byte each, 0 or 1.
void pack_bits(std::uint8_t* bits, std::size_t index, const std::uint8_t* flags,
               std::size_t n) noexcept;

/// Copies bits of another bitmap, from any index.
void copy_bits(std::uint8_t* bits, std::size_t index, const std::uint8_t* from,
               std::size_t from_index, std::size_t n) noexcept;

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
