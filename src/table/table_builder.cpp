#include "table/table_builder.hpp"

#include <algorithm>
#include <utility>

namespace fleetstatus {

void TableBuilder::append(const RecordColumns& records) {
  const std::size_t n = records.n_records;
  const std::size_t first = table_->columns.add_rows(n);
  derived_.derive(records, table_->columns.values<std::uint32_t>(RecordTable::facts).subspan(first),
                  table_->columns.values<std::uint32_t>(RecordTable::unknown).subspan(first));
  append_identity(records, first);
  append_state(records, first);
  table_->add_bad_records(records.bad_records, first);
  note_events(records);
}

/// Passes texts on as they are for as long as the source holds all of them, in one layout.
void TableBuilder::append_texts(ColumnId id, const std::optional<TextChunk>& texts,
                                const OptionalColumn<std::string_view>& read, std::size_t first,
                                std::size_t n) {
  const std::size_t place = place_of(id);
  std::vector<TextChunk>& passed = *table_->passed_at(place);
  const bool fits_before =
      passed.empty() ? first == 0 : texts && texts->layout == passed.front().layout;
  if (texts && fits_before) return passed.push_back(*texts);
  if (!passed.empty()) {
    table_->columns.copy(place, 0, Column{std::exchange(passed, {})});
  }
  if (texts) {
    table_->columns.copy(place, first, Column{{*texts}});
  } else {
    table_->columns.put(place, first, read, n);
  }
}

void TableBuilder::append_identity(const RecordColumns& records, std::size_t first) {
  const auto put = [&](std::size_t place, const auto& column) {
    table_->columns.put(place, first, column, records.n_records);
  };
  put(place_of(ColumnId::id), records.id);
  append_texts(ColumnId::uuid, records.passed_uuid, records.uuid, first, records.n_records);
  append_texts(ColumnId::device_name, records.passed_device_name, records.device_name, first,
               records.n_records);
  put(place_of(ColumnId::fleet), derived_.fleet);
  put(place_of(ColumnId::api_overall_status), records.overall_status);
  put(RecordTable::provisioning_state, records.provisioning_state);
  for (std::size_t i = 0; i < records.carried.size(); ++i) {
    put(RecordTable::first_carried + i, records.carried[i]);
  }
}

void TableBuilder::append_state(const RecordColumns& records, std::size_t first) {
  const auto put = [&](ColumnId id, const auto& column) {
    table_->columns.put(place_of(id), first, column, records.n_records);
  };
  put(ColumnId::heartbeat, derived_.heartbeat);
  put(ColumnId::cloudlink, derived_.cloudlink);
  put(ColumnId::cloudlink_expected, derived_.cloudlink_expected);
  put(ColumnId::heartbeat_state, records.heartbeat_state);
  put(ColumnId::heartbeat_since, records.heartbeat_changed);
  put(ColumnId::cloudlink_since, derived_.cloudlink_since);
  put(ColumnId::heartbeat_window_s, derived_.heartbeat_window_s);
  put(ColumnId::capabilities, derived_.capabilities);
  put(ColumnId::progress, derived_.progress);
  put(ColumnId::update_status, records.update_status);
  put(ColumnId::update_status_since, records.last_update_status_event);
  put(ColumnId::update_status_support, derived_.update_status_support);
}

void TableBuilder::note_events(const RecordColumns& records) {
  for (const auto* column : {&records.last_connectivity_event, &records.last_vpn_event,
                             &records.heartbeat_changed, &records.last_update_status_event}) {
    const auto times = column->values(records.n_records);
    const auto is_set = column->is_set(records.n_records);
    Timestamp newest = Timestamp::min();
    for (std::size_t record = 0; record < records.n_records; ++record) {
      newest = std::max(newest, is_set[record] != 0 ? times[record] : Timestamp::min());
    }
    if (newest > Timestamp::min()) table_->newest_event = std::max(table_->newest_event, {newest});
  }
}

}  // namespace fleetstatus
