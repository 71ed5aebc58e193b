#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "table/column.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// Rows that share the values of some columns.
struct Groups {
  std::vector<std::int32_t> group_of;   ///< by row
  std::vector<std::size_t> first_rows;  ///< by group: the first row that belongs to it
};

/// Groups of rows, numbered as they first occur.
[[nodiscard]] Groups group_rows(std::size_t n_rows, const std::vector<Column>& columns);

/// How many devices of a group have a label, and for how long.
struct Share {
  std::int32_t group;
  std::int32_t label;  ///< index of the column's labels; -1: null
  std::int64_t devices;
  double share;  ///< of the group's devices
  std::optional<double> median_duration_s;
  std::optional<double> p95_duration_s;
};

/// Counts each label of a coded column in each group, zeros included; null only where it occurs.
/// Percentiles are interpolated between neighbours.
/// @param of  status, reason, attention: how long the status has lasted, or the update status where
///            that is what needs attention; update_status: how long that has lasted
/// @throws ArgumentError  unless each row has a group
[[nodiscard]] std::vector<Share> summarize(const StatusTable& table,
                                           std::span<const std::int32_t> group_of,
                                           std::size_t n_groups, ColumnId of);

}  // namespace fleetstatus
