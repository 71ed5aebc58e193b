#pragma once

#include <cstddef>
#include <cstdint>

#include "base/buffer.hpp"

namespace fleetstatus {

// Writers of Arrow bitmaps, least significant bit first. Bits must be written in ascending order:
// each write clears the higher bits of its byte.

inline void write_bit(std::uint8_t* bits, std::size_t index, bool value) noexcept {
  const unsigned before = bits[index / 8] & ((1U << (index % 8)) - 1U);
  bits[index / 8] = static_cast<std::uint8_t>(before | (unsigned{value} << (index % 8)));
}

/// Sets `n` bits to one value.
void fill_bits(std::uint8_t* bits, std::size_t index, std::size_t n, bool value) noexcept;

/// Packs `n` flags, each a byte that is 0 or 1.
void pack_bits(std::uint8_t* bits, std::size_t index, const std::uint8_t* flags,
               std::size_t n) noexcept;

/// Copies `n` bits of another bitmap; the two indices need not be aligned alike.
void copy_bits(std::uint8_t* bits, std::size_t index, const std::uint8_t* from,
               std::size_t from_index, std::size_t n) noexcept;

/// A column's validity bitmap; all rows are valid if there is none.
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
