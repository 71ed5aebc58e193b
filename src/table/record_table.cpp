#include "table/record_table.hpp"

#include <algorithm>
#include <utility>

#include "table/column_labels.hpp"
#include "table/join_columns.hpp"

namespace fleetstatus {
namespace {

std::vector<ColumnType> types_with(const std::vector<CarriedEntry>& carried) {
  std::vector<ColumnType> types;
  types.reserve(RecordTable::first_carried + carried.size());
  for (const ColumnId id : stored_columns) types.push_back(entry_of(id).type);
  for (const CarriedEntry& entry : carried) types.push_back(entry.type);
  return types;
}

/// Gives a stored column of 8-bit codes its labels.
Column with_own_labels(std::size_t index, Column column) {
  if (index >= stored_columns.size()) return column;
  if (const auto& labels = labels_of(stored_columns[index])) column.set_labels(labels);
  return column;
}

}  // namespace

void SourceNotes::add(const SourceNotes& more) {
  newest_event = std::max(newest_event, more.newest_event);
  app_names.insert(more.app_names.begin(), more.app_names.end());
  has_silent_link = has_silent_link || more.has_silent_link;
  has_heartbeat = has_heartbeat || more.has_heartbeat;
}

std::vector<ColumnStore> stores_for(const std::vector<CarriedEntry>& carried,
                                    std::span<const std::size_t> sizes) {
  return ColumnStore::side_by_side(types_with(carried), sizes);
}

ColumnStore store_for(const std::vector<CarriedEntry>& carried) {
  return ColumnStore{types_with(carried)};
}

RecordTable::RecordTable(std::vector<CarriedEntry> carried_columns, std::vector<TablePart> parts)
    : carried(std::move(carried_columns)), columns_(n_columns()) {
  for (TablePart& part : parts) {
    const bool is_only_one = size_ == 0 && &part == &parts.back();
    if (part.size() == 0 && !is_only_one) continue;
    for (BadRecord& bad : part.bad_records) {
      bad.record += size_;
      bad_records_.push_back(std::move(bad));
    }
    size_ += part.size();
    notes_.add(part.notes);
    parts_.push_back(std::move(part.columns));
  }
}

RecordTable::RecordTable(std::vector<CarriedEntry> carried_columns,
                         const std::vector<Column>& columns, SourceNotes notes)
    : carried(std::move(carried_columns)),
      size_(columns.front().size()),
      columns_(n_columns()),
      notes_(std::move(notes)) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    (void)columns_[i].get([&] { return with_own_labels(i, columns[i]); });
  }
}

const Column& RecordTable::column(std::size_t index) const {
  return columns_[index].get([&] {
    std::vector<Column> columns;
    columns.reserve(parts_.size());
    for (const ColumnStore& part : parts_) columns.push_back(part.column(index));
    return with_own_labels(index, join_columns(columns));
  });
}

KnownFacts RecordTable::facts_at(std::size_t row) const {
  return {Facts{column(ColumnId::facts).value<std::uint32_t>(row)},
          column(ColumnId::unknown).value<std::uint32_t>(row)};
}

std::shared_ptr<const RecordTable> RecordTable::take(std::span<const std::size_t> rows) const {
  std::vector<Column> columns;
  for (std::size_t i = 0; i < n_columns(); ++i) columns.push_back(column(i).take(rows));
  return std::make_shared<const RecordTable>(carried, columns, notes_);
}

}  // namespace fleetstatus
