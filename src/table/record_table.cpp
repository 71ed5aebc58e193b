#include "table/record_table.hpp"

#include <algorithm>

#include "core/parallel.hpp"

namespace fleetstatus {
namespace {

constexpr std::size_t uuid = place_of(ColumnId::uuid);
constexpr std::size_t device_name = place_of(ColumnId::device_name);

std::vector<ColumnType> types_with(std::size_t n_carried) {
  const auto& shown = types_of<ColumnHome::records>;
  std::vector<ColumnType> types;
  types.reserve(RecordTable::first_carried + n_carried);
  types.assign(shown.begin(), shown.end());
  types.insert(types.end(), {ColumnType::code32, ColumnType::int32, ColumnType::int32});
  types.insert(types.end(), n_carried, ColumnType::large_utf8);
  return types;
}

std::vector<TextChunk>* passed_at(RecordTable& table, std::size_t place) {
  if (place == uuid) return &table.passed_uuid;
  return place == device_name ? &table.passed_device_name : nullptr;
}

const std::vector<TextChunk>* passed_at(const RecordTable& table, std::size_t place) {
  if (place == uuid) return &table.passed_uuid;
  return place == device_name ? &table.passed_device_name : nullptr;
}

using Parts = std::vector<std::shared_ptr<const RecordTable>>;

/// Passes the texts at a place on, if every part does and their layout is one.
bool pass_all(RecordTable& whole, std::size_t place, const Parts& parts) {
  std::vector<TextChunk>* const passed = passed_at(whole, place);
  if (passed == nullptr) return false;
  for (const auto& part : parts) {
    const std::vector<TextChunk>& chunks = *passed_at(*part, place);
    if (chunks.empty()) return false;
    if (chunks.front().layout != passed_at(*parts.front(), place)->front().layout) return false;
  }
  for (const auto& part : parts) {
    const std::vector<TextChunk>& chunks = *passed_at(*part, place);
    passed->insert(passed->end(), chunks.begin(), chunks.end());
  }
  return true;
}

void concatenate_column(RecordTable& whole, std::size_t place, const Parts& parts) {
  if (pass_all(whole, place, parts)) return;
  std::size_t first = 0;
  for (const auto& part : parts) {
    whole.columns.copy(place, first, column_at(part, place));
    first += part->size();
  }
}

void concatenate_errors(RecordTable& whole, const Parts& parts) {
  std::size_t first = 0;
  for (const auto& part : parts) {
    for (const RowError& error : part->errors) {
      whole.errors.push_back({first + error.row, error.what, error.has_place});
    }
    first += part->size();
  }
}

}  // namespace

RecordTable::RecordTable(std::vector<std::string> carried_names)
    : carried(std::move(carried_names)), columns(types_with(carried.size())) {}

KnownFacts RecordTable::facts_at(std::size_t row) const noexcept {
  return {Facts{columns.values<std::uint32_t>(facts)[row]},
          columns.values<std::uint32_t>(unknown)[row]};
}

Column column_at(const std::shared_ptr<const RecordTable>& table, std::size_t place,
                 std::shared_ptr<const Labels> labels) {
  const std::vector<TextChunk>* const passed = passed_at(*table, place);
  if (passed != nullptr && !passed->empty()) return Column{*passed};
  return table->columns.column(place, table, std::move(labels));
}

std::shared_ptr<const RecordTable> concatenate(const Parts& parts, std::size_t n_threads) {
  Parts filled;
  std::ranges::copy_if(parts, std::back_inserter(filled),
                       [](const auto& part) { return part->size() > 0; });
  if (filled.empty()) return parts.front();
  if (filled.size() == 1 && filled.front()->first_record == parts.front()->first_record) {
    return filled.front();
  }
  const auto whole = std::make_shared<RecordTable>(parts.front()->carried);
  whole->first_record = parts.front()->first_record;
  std::size_t n_rows = 0;
  for (const auto& part : filled) {
    n_rows += part->size();
    whole->newest_event = std::max(whole->newest_event, part->newest_event);
  }
  whole->columns.reserve(n_rows);
  (void)whole->columns.add_rows(n_rows);
  const auto copy = [&](std::size_t place) { concatenate_column(*whole, place, filled); };
  do_in_parallel(whole->n_columns(), n_threads, copy, [] {});
  concatenate_errors(*whole, filled);
  return whole;
}

std::shared_ptr<const RecordTable> take(const std::shared_ptr<const RecordTable>& table,
                                        std::span<const std::size_t> rows) {
  const auto taken = std::make_shared<RecordTable>(table->carried);
  (void)taken->columns.add_rows(rows.size());
  taken->newest_event = table->newest_event;
  for (std::size_t place = 0; place < table->n_columns(); ++place) {
    const Column column = column_at(table, place);
    if (passed_at(*taken, place) != nullptr) {
      put(*taken, place, column.take(rows));
    } else {
      taken->columns.take(place, column, rows);
    }
  }
  return taken;
}

void put(RecordTable& table, std::size_t place, const Column& column) {
  if (std::vector<TextChunk>* const passed = passed_at(table, place)) {
    *passed = column.texts()->chunks();
  } else {
    table.columns.copy(place, 0, column);
  }
}

}  // namespace fleetstatus
