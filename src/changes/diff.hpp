#pragma once

#include <string>
#include <vector>

#include "changes/counted_rows.hpp"
#include "changes/snapshot.hpp"
#include "table/column.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// What changed between two snapshots.
struct Difference {
  std::vector<NamedColumn> columns;  ///< see `change_columns`
  SnapshotCounts rest;               ///< of both snapshots
  std::vector<std::string> notes;    ///< what the changes cannot tell, for users
};

/// Compares two snapshots of one scheme.
/// @param scope  what `new_table` is meant to hold
/// @throws SnapshotError  if `new_table` is older, or of the same moment with other answers
/// @throws ArgumentError  if the schemes differ
[[nodiscard]] Difference diff(const StatusTable& old_table, const StatusTable& new_table,
                              const SnapshotScope& scope);

}  // namespace fleetstatus
