#pragma once

#include <cstddef>
#include <string>

#include "table/column.hpp"

namespace fleetstatus {

/// What a column must be, so that its values can be read without bounds checks.
struct ColumnShape {
  ColumnType type = ColumnType::int64;
  std::size_t n_rows = 0;
  const Labels* labels = nullptr;  ///< that codes refer to
  bool any_layout = false;         ///< whether text may have any layout
};

/// Checks a column that may come from a damaged file.
/// @throws ArgumentError  if it has another shape, or a value points out of bounds
void check_column(const std::string& name, const Column& column, const ColumnShape& shape);

}  // namespace fleetstatus
