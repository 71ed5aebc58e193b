#pragma once

#include <array>
#include <memory>

#include "table/column.hpp"
#include "table/column_id.hpp"
#include "table/on_demand.hpp"
#include "table/record_table.hpp"
#include "table/row_error.hpp"
#include "table/table_info.hpp"

namespace fleetstatus {

/// The answers for the rows of a table, each column made when it is first asked for. Any
/// thread may ask.
class Answers {
 public:
  Answers(TableInfo info, std::shared_ptr<const RecordTable> records,
          std::shared_ptr<const RowErrors> errors)
      : info(std::move(info)), records(std::move(records)), errors(std::move(errors)) {}

  const TableInfo info;
  const std::shared_ptr<const RecordTable> records;
  const std::shared_ptr<const RowErrors> errors;

  /// @param id  of a column that is an answer
  [[nodiscard]] const Column& column(ColumnId id) const;

 private:
  mutable std::array<OnDemand<Column>, answer_columns.size()> columns_;
};

}  // namespace fleetstatus
