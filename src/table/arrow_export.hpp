#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arrow_abi.hpp"
#include "table/column.hpp"

namespace fleetstatus {

// Exports columns through the Arrow C data interface. Arrays are zero-copy: they share the columns'
// data and keep it alive. The holder of a structure must release it once.
//
// Columns of codes are exported as dictionaries of all their labels, in order. The field metadata
// of 8-bit codes marks them as a polars Enum.

/// The type of a column, as a field with this name.
[[nodiscard]] ArrowSchema arrow_schema(std::string_view name, const Column& column);

/// A note on the columns as a whole, in the metadata of their schema and in that of one field,
/// since some stores keep only those of fields.
struct SchemaNote {
  std::string key;
  std::string text;
  std::string field;
};

/// The types of columns of equal length, as a struct with a field for each column.
[[nodiscard]] ArrowSchema arrow_schema(std::span<const NamedColumn> columns,
                                       const std::optional<SchemaNote>& note = {});

/// The values of a column. Texts in several chunks are copied into one.
[[nodiscard]] ArrowArray arrow_array(const Column& column);

/// The same for columns of equal length, as a struct with a child for each column.
[[nodiscard]] ArrowArray arrow_array(std::span<const NamedColumn> columns);

/// Columns of equal length as a stream of structs. A batch ends where any column begins another
/// chunk, so that nothing is copied; without rows there is one empty batch.
[[nodiscard]] ArrowArrayStream arrow_stream(std::vector<NamedColumn> columns,
                                            std::optional<SchemaNote> note = {});

}  // namespace fleetstatus
