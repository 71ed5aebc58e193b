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

/// The columns of answers of a table, each made at its first use. Thread-safe.
class Answers {
 public:
  Answers(TableInfo info, std::shared_ptr<const RecordTable> records,
          std::shared_ptr<const RowErrors> errors)
      : info(std::move(info)), records(std::move(records)), errors(std::move(errors)) {}

  const TableInfo info;
  const std::shared_ptr<const RecordTable> records;
  const std::shared_ptr<const RowErrors> errors;

  /// @param id  a column of answers
  [[nodiscard]] const Column& column(ColumnId id) const;

 private:
  mutable std::array<OnDemand<Column>, answer_columns.size()> columns_;
};

}  // namespace fleetstatus
