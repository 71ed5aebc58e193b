#pragma once

#include <array>
#include <cstddef>
#include <memory>

#include "base/buffer.hpp"

namespace fleetstatus {

/// Alignment of columns in bytes, as Arrow recommends.
inline constexpr std::size_t column_alignment = 64;

/// Zeroed memory for columns. In a large block, pages that are never touched cost nothing.
/// @throws std::bad_alloc
[[nodiscard]] std::shared_ptr<std::byte> column_memory(std::size_t n_bytes);

/// A read-only buffer of zeros; small ones share static memory. Row of the benchmark: one device.
[[nodiscard]] inline Buffer zeros(std::size_t n_bytes) {
  alignas(column_alignment) static constexpr std::array<std::byte, 256> few{};
  if (n_bytes <= few.size()) return {nullptr, few.data(), n_bytes};
  const std::shared_ptr<std::byte> memory = column_memory(n_bytes);
  return {memory, memory.get(), n_bytes};
}

}  // namespace fleetstatus
