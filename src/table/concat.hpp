#pragma once

#include <optional>
#include <span>

#include "rules/timestamp.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// The rows of several tables, in order. Carried columns that a table lacks are null in its rows.
/// @param tables  at least one; empty ones take no part, unless all are
/// @param now     when durations end; none: the latest time of the tables
/// @throws ArgumentError  if they differ in scheme, in thresholds or in the type of a carried
///                        column, or if their answers cannot be made for another time
[[nodiscard]] StatusTable concat(std::span<const StatusTable> tables, std::optional<Timestamp> now);

}  // namespace fleetstatus
