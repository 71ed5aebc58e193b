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
  note_links(records);
  note_app_names(records, first);
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
  put(RecordTable::created_at, derived_.created_at);
  for (std::size_t i = 0; i < records.carried.size(); ++i) {
    std::visit([&](const auto& column) { put(RecordTable::first_carried + i, column); },
               records.carried[i]);
  }
}

void TableBuilder::append_state(const RecordColumns& records, std::size_t first) {
  const auto put = [&](ColumnId id, const auto& column) {
    table_->columns.put(place_of(id), first, column, records.n_records);
  };
  put(ColumnId::release, derived_.release);
  put(ColumnId::on_target, derived_.on_target);
  put(ColumnId::heartbeat, derived_.heartbeat);
  put(ColumnId::cloudlink, derived_.cloudlink);
  put(ColumnId::cloudlink_expected, derived_.cloudlink_expected);
  put(ColumnId::heartbeat_state, records.heartbeat_state);
  put(ColumnId::heartbeat_since, derived_.heartbeat_since);
  put(ColumnId::cloudlink_since, derived_.cloudlink_since);
  put(ColumnId::heartbeat_window_s, derived_.heartbeat_window_s);
  put(ColumnId::capabilities, derived_.capabilities);
  put(ColumnId::progress, derived_.progress);
  put(ColumnId::update_status, records.update_status);
  put(ColumnId::update_status_since, derived_.update_status_since);
  put(ColumnId::update_status_support, derived_.update_status_support);
}

void TableBuilder::note_events(const RecordColumns& records) {
  for (const auto* column :
       {&records.last_connectivity_event, &records.last_vpn_event, &records.heartbeat_changed,
        &records.last_update_status_event, &records.created_at}) {
    const auto times = column->values(records.n_records);
    const auto is_set = column->is_set(records.n_records);
    Timestamp newest = Timestamp::min();
    for (std::size_t record = 0; record < records.n_records; ++record) {
      const bool is_real = is_set[record] != 0 && times[record] != never;
      newest = std::max(newest, is_real ? times[record] : Timestamp::min());
    }
    if (newest > Timestamp::min()) table_->newest_event = std::max(table_->newest_event, {newest});
  }
}

/// Whether the server keeps heartbeats at all is seen in the whole source.
void TableBuilder::note_links(const RecordColumns& records) {
  const auto states = records.heartbeat_state.values(records.n_records);
  const auto has_state = records.heartbeat_state.is_set(records.n_records);
  const auto links = derived_.cloudlink.values(records.n_records);
  const auto has_link = derived_.cloudlink.is_set(records.n_records);
  unsigned any_heartbeat = 0;
  unsigned any_silent_link = 0;
  for (std::size_t record = 0; record < records.n_records; ++record) {
    const unsigned is_unknown{states[record] == HeartbeatState::unknown};
    const unsigned is_up = has_link[record] & unsigned{links[record]};
    any_heartbeat |= has_state[record] & (1U - is_unknown);
    any_silent_link |= has_state[record] & is_unknown & is_up;
  }
  table_->has_heartbeat = table_->has_heartbeat || any_heartbeat != 0;
  table_->has_silent_link = table_->has_silent_link || any_silent_link != 0;
}

/// A fleet may be asked for by the name of its app alone.
void TableBuilder::note_app_names(const RecordColumns& records, std::size_t first) {
  const auto& names = records.fleet.app_name;
  if (!names.has_any(records.n_records)) return;
  const auto codes = table_->columns.values<std::int32_t>(place_of(ColumnId::fleet)).subspan(first);
  for (std::size_t record = 0; record < records.n_records; ++record) {
    if (!names.has(record)) continue;
    const auto fleet = static_cast<std::size_t>(codes[record]);
    if (fleet >= is_app_noted_.size()) is_app_noted_.resize(fleet + 1);
    if (is_app_noted_[fleet]) continue;
    is_app_noted_[fleet] = true;
    table_->app_names.insert(
        {std::string{derived_.fleet.stored(record)}, std::string{names.stored(record)}});
  }
}

}  // namespace fleetstatus
