#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "table/column.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// Groups of rows with equal values in some columns.
struct Groups {
  std::vector<std::int32_t> group_of;   ///< group of each row
  std::vector<std::size_t> first_rows;  ///< first row of each group
};

/// Groups rows by the values of columns; groups are numbered in order of first occurrence.
[[nodiscard]] Groups group_rows(std::size_t n_rows, const std::vector<Column>& columns);

/// How many devices of a group have a label, and for how long.
struct Share {
  std::int32_t group;
  std::int32_t label;  ///< index in the column's labels; -1 if null
  std::int64_t devices;
  double share;  ///< of the group's devices
  std::optional<double> median_duration_s;
  std::optional<double> p95_duration_s;
};

/// Counts each label of a column of codes in each group, including counts of zero, and null if it
/// occurs. Percentiles are interpolated linearly.
/// @param of  the column to count; durations are those of the update status for update_status and
///            for attention to an update, else those of the status
/// @throws ArgumentError  unless each row has a group
[[nodiscard]] std::vector<Share> summarize(const StatusTable& table,
                                           std::span<const std::int32_t> group_of,
                                           std::size_t n_groups, ColumnId of);

}  // namespace fleetstatus
