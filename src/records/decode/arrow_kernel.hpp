#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "records/decode/arrow_column.hpp"
#include "records/field_reader.hpp"

namespace fleetstatus {

/// A range of rows in an Arrow column.
struct ArrowRows {
  std::size_t first = 0;
  std::size_t n = 0;
};

/// Reads a range of rows into the first rows of its destination columns. Null rows get no value.
/// @return false if some row needs `ArrowValue`, to read it or to name it in an error; then the
///         caller must read all rows that way
using ArrowKernel = std::function<bool(const ArrowRows&)>;

/// Makes the kernels that read a column into the fields of the key at `key_index`. An empty kernel
/// means that the column must be read value by value.
/// @param column  must outlive the kernels, like `fields`
[[nodiscard]] std::vector<ArrowKernel> arrow_kernels(int key_index, const ArrowColumn& column,
                                                     FieldReader& fields);

}  // namespace fleetstatus
