#pragma once

#include <optional>

#include "table/arrow_import.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// Makes a table of columns that were exported. Its answers are those of the columns; with rule
/// bits, which must agree with them, it answers further questions.
/// @param info  what is known of the table besides; what its rows show is added
/// @param has_no_heartbeats  see `StatusTable::has_no_heartbeats`; none if the rows show it
/// @param knows_thresholds   whether those of `info` are those of the attention in the columns
/// @throws RecordError    if a row contradicts itself
/// @throws SnapshotError  if a duration contradicts the moment of the table
[[nodiscard]] StatusTable restored_table(TableInfo info, ReadColumns columns,
                                         std::optional<bool> has_no_heartbeats,
                                         bool knows_thresholds);

}  // namespace fleetstatus
