#pragma once

#include <cstddef>

#include "base/text_chunk.hpp"

namespace fleetstatus {

/// Whether the non-null texts of some rows are valid UTF-8. Texts that are contiguous in memory are
/// checked together.
[[nodiscard]] bool are_utf8(const TextChunk& texts, std::size_t first, std::size_t n);

}  // namespace fleetstatus
