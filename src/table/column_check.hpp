#pragma once

#include <cstddef>
#include <string>

#include "table/column.hpp"

namespace fleetstatus {

/// What a column of a table must be to be read without looking where each value points.
struct ColumnShape {
  ColumnType type = ColumnType::int64;
  std::size_t n_rows = 0;
  const Labels* labels = nullptr;  ///< of codes
  bool any_layout = false;         ///< of text
};

/// Checks a column that may come from a damaged file.
/// @throws ArgumentError  if it has another shape, or its values point at what is not there
void check_column(const std::string& name, const Column& column, const ColumnShape& shape);

}  // namespace fleetstatus
