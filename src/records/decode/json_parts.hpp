#pragma once

#include <cstddef>
#include <vector>

#include "records/decode/record_splitter.hpp"
#include "records/decode/text_source.hpp"

namespace fleetstatus {

/// Guesses record boundaries that cut a JSON source into parts for parallel reading. A guess is
/// right if the splitter of the part before stops exactly there; otherwise its part is discarded.
/// @param first      where the first part begins
/// @param part_size  bytes
/// @param n_look     bytes to search for each guess; should hold several records
/// @return where the other parts begin, in order
/// @throws SourceError
[[nodiscard]] std::vector<RecordSplitter::Position> guess_parts(
    const TextSource& source, const RecordSplitter::Position& first, std::size_t part_size,
    std::size_t n_look);

}  // namespace fleetstatus
