#pragma once

#include <cstddef>
#include <span>

#include "table/status_table.hpp"

namespace fleetstatus {

/// Tables of the same columns, one after another, as if one builder had made them: codes count in
/// the labels of all, in the order in which they first appear, and texts that were passed on stay
/// where they are. The answers are not looked at.
/// @param tables     at least one; of their infos the first counts, but for the newest event
/// @param n_threads  how many columns to work on at once
[[nodiscard]] StatusTable concatenate(std::span<const StatusTable> tables, std::size_t n_threads);

}  // namespace fleetstatus
