#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "readers/record_splitter.hpp"

namespace fleetstatus {

/// Guesses where a JSON source can be cut into parts, which are then read side by side: at places
/// where a record seems to begin. Each guess is right if a splitter that comes from before stops
/// just there; else its part counts for nothing.
/// @param first      where the first part begins; the records before it tell how long they are
/// @param part_size  bytes
/// @return where the others begin, in their order
[[nodiscard]] std::vector<RecordSplitter::Position> guess_parts(
    std::string_view source, const RecordSplitter::Position& first, std::size_t part_size);

}  // namespace fleetstatus
