#pragma once

#include <memory>

#include "rules/schemes.hpp"
#include "table/column_id.hpp"
#include "table/label_index.hpp"

namespace fleetstatus {

/// The labels of a column of 8-bit codes, made once; null for other columns. Those of `status`
/// depend on the scheme.
[[nodiscard]] const std::shared_ptr<const Labels>& labels_of(
    ColumnId id, StatusScheme scheme = StatusScheme::docs_2024_11);

}  // namespace fleetstatus
