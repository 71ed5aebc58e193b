#pragma once

#include <vector>

#include "changes/uuids.hpp"

namespace fleetstatus {

/// For each row the last row of its uuid (its own if that is empty); empty if no uuid occurs twice.
[[nodiscard]] std::vector<RowIndex> last_rows_of(const Uuids& uuids);

}  // namespace fleetstatus
