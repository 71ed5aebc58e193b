#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "records/decode/arrow_column.hpp"
#include "records/decode/arrow_type.hpp"
#include "table/column.hpp"

namespace fleetstatus {

// Columns of a table, read from Arrow columns of any type that holds the same.

struct WantedColumn {
  std::string name;
  ColumnType type;
  std::shared_ptr<const Labels> labels;  ///< of codes whose list is closed
  bool any_layout;                       ///< whether texts keep the layout that they have
};

/// Rows of an Arrow column.
struct ImportedRows {
  std::size_t begin;  ///< the first one in the Arrow column
  std::size_t n;
  std::size_t first_row;  ///< what it is called in messages
};

/// The type of a column that is not one of a table's own; none if it cannot be carried.
[[nodiscard]] std::optional<ColumnType> carried_type(const ArrowType& type);

/// Whether values of an Arrow type may be those of a column.
[[nodiscard]] bool may_hold(ColumnType type, const ArrowType& from);

/// What a column holds, for messages.
[[nodiscard]] std::string_view words_for(ColumnType type);

/// Precondition: `may_hold`.
/// @throws ArgumentError  if the Arrow column is broken
/// @throws RecordError    if a value is none that the column can have
[[nodiscard]] Column import_column(const WantedColumn& wanted, const ArrowColumn& from,
                                   ImportedRows rows);

}  // namespace fleetstatus
