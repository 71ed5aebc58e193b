#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "records/decode/arrow_column.hpp"
#include "records/field_reader.hpp"

namespace fleetstatus {

/// Some rows of an Arrow column, and the cells that they are read into.
struct ArrowRows {
  std::size_t first = 0;
  std::size_t n = 0;
  const std::uint8_t* wanted = nullptr;  ///< a flag each; null: all are
  const std::uint32_t* cells = nullptr;  ///< of each row; null: the first ones
};

/// Reads rows into cells of what it was made for, whole columns at once. Rows that are null or not
/// wanted are left without a value.
/// @return false if a row holds what only `ArrowValue` can read, or name; then all are to be read
/// so
using ArrowKernel = std::function<bool(const ArrowRows&)>;

/// What reads a column into the fields of the key at `place`. One that is empty can read nothing.
/// @param column  outlives the kernels, and so does `fields`
[[nodiscard]] std::vector<ArrowKernel> arrow_kernels(int place, const ArrowColumn& column,
                                                     FieldReader& fields);

}  // namespace fleetstatus
