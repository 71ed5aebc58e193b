#pragma once

#include <memory>
#include <span>
#include <vector>

#include "table/column.hpp"

namespace fleetstatus {

/// A column of texts. Chunks are kept as they are if they have one layout, else copied to
/// large_utf8.
[[nodiscard]] Column texts_of(std::vector<TextChunk> chunks);

/// Columns of one type, one behind the other. Texts are not copied, nor are values that follow one
/// another in one block of memory. Labels are numbered anew.
/// @param parts  at least one
[[nodiscard]] Column join_columns(std::span<const Column> parts);

}  // namespace fleetstatus
