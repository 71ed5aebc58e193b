#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "changes/uuids.hpp"

namespace fleetstatus {

/// For each row the last row of its uuid (its own if that is empty); empty if no uuid occurs twice.
/// @param hashes  of all uuids
[[nodiscard]] std::vector<RowIndex> last_rows_of(const Uuids& uuids,
                                                 std::span<const std::uint64_t> hashes);

}  // namespace fleetstatus
