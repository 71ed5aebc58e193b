#pragma once

#include <cstddef>

#include "table/chunked_text.hpp"

namespace fleetstatus {

/// Rows whose values are compared at once.
inline constexpr std::size_t compared_at_once = 32;

/// Whether two bitmaps agree in `n` bits, at most `compared_at_once`; without data all are set.
[[nodiscard]] bool has_same_bits(const void* left, std::size_t left_first, const void* right,
                                 std::size_t right_first, std::size_t n) noexcept;

/// Whether `n` rows of two text columns, at most `compared_at_once`, are surely the same. False if
/// that takes more than a look at their buffers.
[[nodiscard]] bool has_same_texts(const ChunkedText& left, std::size_t left_first,
                                  const ChunkedText& right, std::size_t right_first,
                                  std::size_t n) noexcept;

}  // namespace fleetstatus
