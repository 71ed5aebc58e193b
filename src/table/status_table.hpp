#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/facts.hpp"
#include "table/answers.hpp"
#include "table/column.hpp"
#include "table/column_id.hpp"
#include "table/record_table.hpp"
#include "table/row_error.hpp"
#include "table/table_info.hpp"

namespace fleetstatus {

/// The answers for a batch of devices: row i is record i. Immutable; copies share the columns.
/// Answers are made on demand. Thread-safe.
class StatusTable {
 public:
  /// @param info          its newest event is replaced by that of the records
  /// @param first_record  index of the first record in its source, for messages
  StatusTable(TableInfo info, std::shared_ptr<const RecordTable> records,
              std::size_t first_record = 0);

  /// Restores a table from the result of `stored`.
  /// @throws ArgumentError  if the columns or errors are damaged
  StatusTable(TableInfo info, const std::vector<NamedColumn>& stored, SourceNotes notes,
              RowErrors errors, GivenAnswers given = {});

  [[nodiscard]] std::size_t size() const noexcept { return records()->size(); }
  [[nodiscard]] const TableInfo& info() const noexcept { return answers_->info; }

  /// The columns of `column_names`, then the carried ones; they share the table's memory.
  [[nodiscard]] std::size_t n_columns() const noexcept {
    return column_names.size() + records()->carried.size();
  }
  [[nodiscard]] std::string_view name_of(std::size_t column) const noexcept;
  [[nodiscard]] Column column(std::size_t column) const;
  [[nodiscard]] Column column(ColumnId id) const;
  [[nodiscard]] std::vector<NamedColumn> columns() const;

  /// All columns except answers, which are computed from them.
  [[nodiscard]] std::vector<NamedColumn> stored() const;

  /// All fleets of the source, including those of rows that this table does not have.
  [[nodiscard]] const Labels& fleets() const;

  /// Whether some cloudlink is up, but the server has seen no heartbeat of any device.
  [[nodiscard]] bool has_no_heartbeats() const noexcept {
    return notes().has_silent_link && !notes().has_heartbeat;
  }

  /// Whether two tables have the same scheme, time, columns and values.
  [[nodiscard]] bool equals(const StatusTable& other) const;

  /// @throws ArgumentError  if they are not known
  [[nodiscard]] KnownFacts facts(std::size_t row) const {
    if (!info().has_rule_bits) refuse_without_rule_bits();
    return records()->facts_at(row);
  }

  [[nodiscard]] const SourceNotes& notes() const noexcept { return records()->notes(); }

  /// Answers that are not made of the records.
  [[nodiscard]] const GivenAnswers& given() const noexcept { return answers_->given; }

  [[nodiscard]] const RowErrors& errors() const noexcept { return *answers_->errors; }

  [[nodiscard]] const std::shared_ptr<const RecordTable>& records() const noexcept {
    return answers_->records;
  }

  /// The given rows, in the given order.
  [[nodiscard]] StatusTable take(std::span<const std::size_t> rows) const;

  /// The same rows, for another scheme, time or thresholds.
  /// @throws ArgumentError  if that depends on facts that are not known
  [[nodiscard]] StatusTable with(TableInfo info) const;

 private:
  [[noreturn]] static void refuse_without_rule_bits();

  explicit StatusTable(std::shared_ptr<const Answers> answers) : answers_(std::move(answers)) {}

  std::shared_ptr<const Answers> answers_;
};

}  // namespace fleetstatus
