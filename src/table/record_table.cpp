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
    : carried(std::move(carried_columns)) {
  for (TablePart& part : parts) {
    const bool is_only_one = size_ == 0 && &part == &parts.back();
    if (part.size() == 0 && !is_only_one) continue;
    for (BadRecord& bad : part.bad_records) {
      bad.record += size_;
      bad_records_.push_back(std::move(bad));
    }
    size_ += part.size();
    notes_.add(part.notes);
    for (const ColumnId id : stored_columns) {
      Column& column = part.columns[index_of(id)];
      if (const auto& labels = labels_of(id)) column = column.with_labels(labels);
    }
    parts_.push_back(std::move(part));
  }
  if (parts_.size() > 1) joined_ = std::vector<OnDemand<Column>>(n_columns());
}

const Column& RecordTable::column(std::size_t index) const {
  if (parts_.size() == 1) return parts_.front().columns[index];
  return joined_[index].get([&] {
    std::vector<Column> columns;
    for (const TablePart& part : parts_) columns.push_back(part.columns[index]);
    Column joined = join_columns(columns);
    for (TablePart& part : parts_) part.columns[index] = Column{joined.type(), 0, {}, {}};
    return joined;
  });
}

KnownFacts RecordTable::facts_at(std::size_t row) const {
  return {Facts{column(ColumnId::facts).value<std::uint32_t>(row)},
          column(ColumnId::unknown).value<std::uint32_t>(row)};
}

std::shared_ptr<const RecordTable> RecordTable::take(std::span<const std::size_t> rows) const {
  std::vector<TablePart> parts(1);
  parts.front().notes = notes_;
  for (std::size_t i = 0; i < n_columns(); ++i) {
    parts.front().columns.push_back(column(i).take(rows));
  }
  return std::make_shared<const RecordTable>(carried, std::move(parts));
}

}  // namespace fleetstatus
