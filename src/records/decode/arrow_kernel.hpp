#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "records/decode/arrow_column.hpp"
#include "records/field_reader.hpp"

namespace fleetstatus {

/// Some rows of an Arrow column.
struct ArrowRows {
  std::size_t first = 0;
  std::size_t n = 0;
};

/// Reads rows into the first cells of the columns that it was made for. Rows that are null are left
/// without a value.
/// @return false if a row holds what only `ArrowValue` can read, or name; then all are to be read
/// so
using ArrowKernel = std::function<bool(const ArrowRows&)>;

/// What reads a column into the fields of the key at `key_index`. One that is empty can read
/// nothing.
/// @param column  outlives the kernels, and so does `fields`
[[nodiscard]] std::vector<ArrowKernel> arrow_kernels(int key_index, const ArrowColumn& column,
                                                     FieldReader& fields);

}  // namespace fleetstatus
