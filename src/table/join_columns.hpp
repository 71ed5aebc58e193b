#pragma once

#include <memory>
#include <span>
#include <vector>

#include "table/column.hpp"

namespace fleetstatus {

/// A column of texts: zero-copy if all chunks have one layout, else copied to large_utf8.
[[nodiscard]] Column texts_of(std::vector<TextChunk> chunks);

/// Concatenates columns of one type. Neither texts of one layout nor values that are contiguous in
/// memory are copied. 32-bit codes are renumbered.
/// @param parts  at least one
[[nodiscard]] Column join_columns(std::span<const Column> parts);

}  // namespace fleetstatus
