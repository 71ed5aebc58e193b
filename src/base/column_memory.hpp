#pragma once

#include <array>
#include <cstddef>
#include <memory>

#include "base/buffer.hpp"

namespace fleetstatus {

/// Where columns begin, as Arrow recommends.
inline constexpr std::size_t column_alignment = 64;

/// Memory for columns: zeros, which cost nothing where they are not touched, if there are many.
/// @throws std::bad_alloc
[[nodiscard]] std::shared_ptr<std::byte> column_memory(std::size_t n_bytes);

/// The same as a buffer that is only read; small ones share their memory. Row of the benchmark: one
/// device.
[[nodiscard]] inline Buffer zeros(std::size_t n_bytes) {
  alignas(column_alignment) static constexpr std::array<std::byte, 256> few{};
  if (n_bytes <= few.size()) return {nullptr, few.data(), n_bytes};
  const std::shared_ptr<std::byte> memory = column_memory(n_bytes);
  return {memory, memory.get(), n_bytes};
}

}  // namespace fleetstatus
