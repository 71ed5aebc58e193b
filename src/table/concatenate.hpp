#pragma once

#include <memory>
#include <vector>

#include "base/parallel.hpp"
#include "table/record_table.hpp"

namespace fleetstatus {

/// Puts tables with the same carried columns one behind the other. Tables that lie side by side in
/// memory are used up.
/// @param tables  at least one
[[nodiscard]] std::shared_ptr<RecordTable> concatenate(
    std::vector<std::shared_ptr<RecordTable>> tables, const Threads& threads);

}  // namespace fleetstatus
