#pragma once

#include <cstddef>
#include <memory>

#include "core/parallel.hpp"
#include "table/record_table.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// Answers what rests on the scheme or on now.
/// @param info          the scheme and the moment to answer for, without the newest event
/// @param first_record  number of the first record in its source, for messages
[[nodiscard]] StatusTable answer(std::shared_ptr<const RecordTable> records, TableInfo info,
                                 std::size_t first_record = 0, const Threads& threads = {});

/// Answers a table anew.
[[nodiscard]] StatusTable answer(const StatusTable& table, TableInfo info);

}  // namespace fleetstatus
