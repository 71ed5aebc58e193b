#pragma once

#include <array>
#include <memory>
#include <optional>

#include "table/column.hpp"
#include "table/column_id.hpp"
#include "table/on_demand.hpp"
#include "table/record_table.hpp"
#include "table/row_error.hpp"
#include "table/table_info.hpp"

namespace fleetstatus {

/// Answers that were made before, indexed like `answer_columns`: those of a table that was read
/// back. None are made of the records.
using GivenAnswers = std::array<std::optional<Column>, answer_columns.size()>;

/// The columns of answers of a table, each made at its first use. Thread-safe.
class Answers {
 public:
  Answers(TableInfo info, std::shared_ptr<const RecordTable> records,
          std::shared_ptr<const RowErrors> errors, GivenAnswers given = {})
      : info(std::move(info)),
        records(std::move(records)),
        errors(std::move(errors)),
        given(std::move(given)) {}

  const TableInfo info;
  const std::shared_ptr<const RecordTable> records;
  const std::shared_ptr<const RowErrors> errors;
  const GivenAnswers given;

  /// @param id  a column of answers
  [[nodiscard]] const Column& column(ColumnId id) const;

 private:
  mutable std::array<OnDemand<Column>, answer_columns.size()> columns_;
};

}  // namespace fleetstatus
