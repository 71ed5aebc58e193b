#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "changes/uuids.hpp"

namespace fleetstatus {

/// The rows of two snapshots by uuid, of several rows of one uuid the last.
struct JoinedRows {
  std::vector<RowIndex> old_row_of;     ///< of each new row that counts the old row; else `no_row`
  std::vector<RowIndex> old_last_rows;  ///< see `UuidIndex::last_rows`
  std::vector<RowIndex> new_last_rows;
};

/// @param n_threads  how many threads may work at once
[[nodiscard]] JoinedRows join_rows(const Uuids& old_uuids, const Uuids& new_uuids,
                                   std::size_t n_threads);

/// 1 for each row of a table that is among some rows; `no_row` is none.
[[nodiscard]] std::vector<std::uint8_t> rows_in(std::span<const RowIndex> rows, std::size_t n_rows);

}  // namespace fleetstatus
