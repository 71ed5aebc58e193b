#pragma once

#include <cstddef>
#include <vector>

#include "records/decode/record_splitter.hpp"
#include "records/decode/text_source.hpp"

namespace fleetstatus {

/// Guesses where a JSON source can be cut into parts, which are then read side by side: at places
/// where a record seems to begin. Each guess is right if a splitter that comes from before stops
/// just there; else its part counts for nothing.
/// @param first      where the first part begins
/// @param part_size  bytes
/// @param n_look     bytes to look at for each guess: some records
/// @return where the others begin, in their order
/// @throws SourceError
[[nodiscard]] std::vector<RecordSplitter::Position> guess_parts(
    const TextSource& source, const RecordSplitter::Position& first, std::size_t part_size,
    std::size_t n_look);

}  // namespace fleetstatus
