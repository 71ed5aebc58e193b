#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/arrow_abi.hpp"
#include "table/column.hpp"

namespace fleetstatus {

// Columns as structures of the Arrow C data interface. Those of values share the columns' data,
// which they keep alive. A structure is released once, by its holder.
//
// Columns of labels are dictionaries of all their labels, in their order. Those of closed lists say
// in their field's metadata that they are what polars calls an Enum.

/// The type of a column, as a field of that name.
[[nodiscard]] ArrowSchema arrow_schema(std::string_view name, const Column& column);

/// The types of columns of equal length, as a struct with a field for each.
[[nodiscard]] ArrowSchema arrow_schema(std::span<const NamedColumn> columns);

/// The values of a column. Texts of several chunks are joined, which copies them.
[[nodiscard]] ArrowArray arrow_array(const Column& column);

/// The same for columns of equal length, as a struct with a child for each.
[[nodiscard]] ArrowArray arrow_array(std::span<const NamedColumn> columns);

/// Columns of equal length as a stream of structs: a batch wherever no column begins another chunk,
/// so that nothing is copied, and one if there are no rows.
[[nodiscard]] ArrowArrayStream arrow_stream(std::vector<NamedColumn> columns);

}  // namespace fleetstatus
