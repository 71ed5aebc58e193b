#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arrow_abi.hpp"
#include "records/decode/arrow_stream.hpp"
#include "records/decode/arrow_type.hpp"
#include "rules/schemes.hpp"
#include "table/column.hpp"
#include "table/column_import.hpp"

namespace fleetstatus {

/// The columns of a table that another library or a file gives back, in the types of a table.
struct ReadColumns {
  std::vector<Column> shown;          ///< those of `column_names`, in their order
  std::vector<NamedColumn> carried;   ///< all others
  std::optional<Column> rule_bits;    ///< int64
  std::optional<Column> fields_seen;  ///< int64
};

/// Reads batches whose columns are those of an exported table, in any order and in any types that
/// hold the same: texts or dictionaries, whole numbers of any size, times of any unit.
class TableReader {
 public:
  /// @throws ArgumentError  if columns are missing or twice there, or hold another type
  TableReader(ArrowType type, StatusScheme scheme);

  /// @throws ArgumentError  if the batch violates the Arrow format
  /// @throws RecordError    if a value is none that its column can have
  void read(const SharedArrowArray& batch);

  [[nodiscard]] ReadColumns finish();

 private:
  struct Source {
    WantedColumn wanted;
    std::size_t child;  ///< index in the batches
    std::vector<Column> parts = {};
  };

  [[nodiscard]] Source source_of(std::string_view name, std::size_t child) const;

  ArrowType type_;
  StatusScheme scheme_;
  std::vector<Source> sources_;  ///< shown columns first
  std::size_t n_rows_ = 0;
};

}  // namespace fleetstatus
