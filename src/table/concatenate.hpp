#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "table/column.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// Columns of one type, one after another. Codes count in the labels of all, in the order in which
/// they first appear; texts that were passed on without a copy stay where they are.
/// @param columns  at least one
[[nodiscard]] Column concatenate(std::span<const Column> columns);

/// Tables of the same columns, one after another; the answers are not looked at.
/// @param tables     at least one; of their infos the first counts, but for the newest event
/// @param n_threads  how many columns to work on at once
[[nodiscard]] StatusTable concatenate(std::span<const StatusTable> tables, std::size_t n_threads);

}  // namespace fleetstatus
