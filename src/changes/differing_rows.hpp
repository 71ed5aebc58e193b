#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "table/status_table.hpp"

namespace fleetstatus {

/// A row of an old and of a new snapshot that belong to the same device.
struct RowPair {
  std::size_t old_row;
  std::size_t new_row;
};

/// 1 for each pair of rows that may differ in something that is compared: some value that decides
/// it differs, or one of the rows has an error. Row of the benchmark: diff.
[[nodiscard]] std::vector<std::uint8_t> may_differ(const StatusTable& old_table,
                                                   const StatusTable& new_table,
                                                   std::span<const RowPair> pairs);

}  // namespace fleetstatus
