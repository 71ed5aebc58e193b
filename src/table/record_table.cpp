#include "table/record_table.hpp"

#include <algorithm>

namespace fleetstatus {
namespace {

std::vector<ColumnType> types_with(const std::vector<CarriedEntry>& carried) {
  std::vector<ColumnType> types;
  types.reserve(RecordTable::first_carried + carried.size());
  for (const ColumnId id : stored_columns) types.push_back(entry_of(id).type);
  for (const CarriedEntry& entry : carried) types.push_back(entry.type);
  return types;
}

}  // namespace

RecordTable::RecordTable(std::vector<CarriedEntry> carried_columns)
    : carried(std::move(carried_columns)), columns(types_with(carried)) {}

std::vector<std::shared_ptr<RecordTable>> side_by_side(
    const std::vector<CarriedEntry>& carried_columns, std::span<const std::size_t> sizes) {
  std::vector<std::shared_ptr<RecordTable>> tables;
  for (ColumnStore& store : ColumnStore::side_by_side(types_with(carried_columns), sizes)) {
    tables.push_back(std::make_shared<RecordTable>(carried_columns, std::move(store)));
  }
  return tables;
}

KnownFacts RecordTable::facts_at(std::size_t row) const noexcept {
  return {Facts{columns.values<std::uint32_t>(index_of(ColumnId::facts))[row]},
          columns.values<std::uint32_t>(index_of(ColumnId::unknown))[row]};
}

std::vector<TextChunk>* RecordTable::passed_at(std::size_t column) noexcept {
  const auto* const found = std::ranges::find(may_be_passed, column);
  return found == may_be_passed.end() ? nullptr : &passed[found - may_be_passed.begin()];
}

void RecordTable::add_bad_records(std::span<const BadRecord> bad, std::size_t first) {
  for (const BadRecord& each : bad) bad_records.emplace_back(each).record += first;
}

Column column_at(const std::shared_ptr<const RecordTable>& table, std::size_t column,
                 std::shared_ptr<const Labels> labels) {
  const std::vector<TextChunk>* const passed = table->passed_at(column);
  if (passed != nullptr && !passed->empty()) return Column{*passed};
  return table->columns.column(column, table, std::move(labels));
}

std::shared_ptr<const RecordTable> take(const std::shared_ptr<const RecordTable>& table,
                                        std::span<const std::size_t> rows) {
  const auto taken = std::make_shared<RecordTable>(table->carried);
  (void)taken->columns.add_rows(rows.size());
  taken->newest_event = table->newest_event;
  taken->app_names = table->app_names;
  taken->has_silent_link = table->has_silent_link;
  taken->has_heartbeat = table->has_heartbeat;
  for (std::size_t i = 0; i < table->n_columns(); ++i) {
    if (table->columns.is_null(i)) {
      taken->columns.put_nulls(i, 0, rows.size());
    } else if (taken->passed_at(i) != nullptr) {
      put(*taken, i, column_at(table, i).take(rows));
    } else {
      taken->columns.take(i, column_at(table, i), rows);
    }
  }
  return taken;
}

void put(RecordTable& table, std::size_t index, const Column& column) {
  if (std::vector<TextChunk>* const passed = table.passed_at(index)) {
    *passed = column.texts()->chunks();
  } else {
    table.columns.copy(index, 0, column);
  }
}

}  // namespace fleetstatus
