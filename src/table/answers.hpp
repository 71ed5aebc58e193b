#pragma once

#include <optional>
#include <vector>

#include "core/attention.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// The columns that rest on the scheme or on now, made from those that do not.
/// @param table  with the other columns filled
/// @param info   the scheme and the moment to answer for
[[nodiscard]] StatusTable answer(const StatusTable& table, const TableInfo& info);

/// The attention class of every row.
[[nodiscard]] std::vector<std::optional<Attention>> attention_of(const StatusTable& table,
                                                                 const StuckThresholds& thresholds);

}  // namespace fleetstatus
