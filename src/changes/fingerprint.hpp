#pragma once

#include <cstdint>
#include <vector>

#include "table/status_table.hpp"

namespace fleetstatus {

/// A number for each row that depends on all values that were read of it and on whether it has an
/// error, but not on the moment, the scheme, or other rows: rows with equal numbers are taken for
/// equal. The same in every process, since trackers store it. Row of the benchmark: tracker.
/// @param fields  the fields that the table has, on which the numbers depend too
[[nodiscard]] std::vector<std::uint64_t> fingerprints_of(const StatusTable& table,
                                                         std::uint64_t fields);

}  // namespace fleetstatus
