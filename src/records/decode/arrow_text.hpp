#pragma once

#include <cstddef>

#include "base/text_chunk.hpp"

namespace fleetstatus {

/// Whether each text of some rows that is not null is well-formed UTF-8. What stands in a row in
/// memory is looked at as one.
[[nodiscard]] bool are_utf8(const TextChunk& texts, std::size_t first, std::size_t n);

}  // namespace fleetstatus
