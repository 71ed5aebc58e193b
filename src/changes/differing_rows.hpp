#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "table/status_table.hpp"

namespace fleetstatus {

/// Rows of an old and of a new snapshot that follow each other in both: row i of the one belongs to
/// the same device as row i of the other.
struct RowRun {
  std::size_t old_first;
  std::size_t new_first;
  std::size_t size;
};

/// 1 for each new row that may differ from its old one in something that is compared: some value
/// that decides it differs, or one of the rows has an error. Row of the benchmark: diff.
/// @param runs  in the order of new rows
[[nodiscard]] std::vector<std::uint8_t> may_differ(const StatusTable& old_table,
                                                   const StatusTable& new_table,
                                                   std::span<const RowRun> runs);

}  // namespace fleetstatus
