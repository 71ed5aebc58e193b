#include "table/table_builder.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace fleetstatus {
namespace {

template <ColumnId id, class T>
void put_column(ColumnStore& store, std::size_t first, const OptionalColumn<T>& from,
                std::size_t n) {
  static_assert(fills<T>(entry_of(id).type));
  store.put(index_of(id), first, from, n);
}

/// Fills a column of the table from a field.
template <ColumnId id, Field field>
struct FromField {
  static constexpr ColumnId column = id;

  static void put(ColumnStore& store, std::size_t first, const RecordColumns& batch,
                  const DerivedColumns& /*derived*/) {
    put_column<id>(store, first, batch.at<field>(), batch.n_records);
  }
};

/// Fills a column of the table from a member of `DerivedColumns`.
template <ColumnId id, auto member>
struct Derived {
  static constexpr ColumnId column = id;

  static void put(ColumnStore& store, std::size_t first, const RecordColumns& batch,
                  const DerivedColumns& derived) {
    put_column<id>(store, first, derived.*member, batch.n_records);
  }
};

/// The id of the running release.
struct FromRunningRelease {
  static constexpr ColumnId column = ColumnId::release_id;

  static void put(ColumnStore& store, std::size_t first, const RecordColumns& batch,
                  const DerivedColumns& /*derived*/) {
    put_column<column>(store, first, batch.at<Field::is_running__release>().id, batch.n_records);
  }
};

/// A column that no record fills.
template <ColumnId id>
struct Nulls {
  static constexpr ColumnId column = id;

  static void put(ColumnStore& store, std::size_t first, const RecordColumns& batch,
                  const DerivedColumns& /*derived*/) {
    store.put_nulls(index_of(id), first, batch.n_records);
  }
};

template <class... Fills>
struct AllFills {
  static constexpr std::array columns{Fills::column...};

  static void put(ColumnStore& store, std::size_t first, const RecordColumns& batch,
                  const DerivedColumns& derived) {
    (Fills::put(store, first, batch, derived), ...);
  }
};

using Batches =
    AllFills<FromField<ColumnId::id, Field::id>, Derived<ColumnId::fleet, &DerivedColumns::fleet>,
             Derived<ColumnId::release, &DerivedColumns::release>,
             Derived<ColumnId::on_target, &DerivedColumns::on_target>,
             FromField<ColumnId::heartbeat_state, Field::api_heartbeat_state>,
             Derived<ColumnId::heartbeat_since, &DerivedColumns::heartbeat_since>,
             Derived<ColumnId::cloudlink_since, &DerivedColumns::cloudlink_since>,
             Derived<ColumnId::heartbeat_window_s, &DerivedColumns::heartbeat_window_s>,
             Derived<ColumnId::progress, &DerivedColumns::progress>,
             FromField<ColumnId::update_status, Field::update_status>,
             Derived<ColumnId::update_status_since, &DerivedColumns::update_status_since>,
             FromField<ColumnId::api_overall_status, Field::overall_status>,
             FromField<ColumnId::provisioning_state, Field::provisioning_state>,
             Derived<ColumnId::created_at, &DerivedColumns::created_at>, FromRunningRelease,
             Nulls<ColumnId::known_since>, Derived<ColumnId::unknown, &DerivedColumns::unknown>>;

/// The other stored columns: texts that may be kept as chunks, and facts, which are written
/// directly.
constexpr std::array filled_otherwise{ColumnId::uuid, ColumnId::device_name, ColumnId::facts};

static_assert(std::ranges::all_of(stored_columns, [](ColumnId id) {
  return std::ranges::count(Batches::columns, id) + std::ranges::count(filled_otherwise, id) == 1;
}));

}  // namespace

void TableBuilder::append(const RecordColumns& records) {
  const std::size_t n = records.n_records;
  const std::size_t first = part_.columns.add_rows(n);
  const auto facts = part_.columns.values<std::uint32_t>(index_of(ColumnId::facts));
  derived_.derive(records, facts.subspan(first));
  Batches::put(part_.columns, first, records, derived_);
  const auto put_texts = [&](ColumnId id, const auto& passed, const auto& read) {
    if (passed) return part_.columns.put(index_of(id), *passed);
    part_.columns.put(index_of(id), first, read, n);
  };
  put_texts(ColumnId::uuid, records.passed_uuid, records.at<Field::uuid>());
  put_texts(ColumnId::device_name, records.passed_device_name, records.at<Field::device_name>());
  append_carried(records, first);
  for (const BadRecord& bad : records.bad_records) {
    part_.bad_records.emplace_back(bad).record += first;
  }
  note_events(records);
  note_links(facts.subspan(first));
  note_app_names(records, first);
}

void TableBuilder::append_carried(const RecordColumns& records, std::size_t first) {
  for (std::size_t i = 0; i < records.carried.size(); ++i) {
    std::visit(
        [&](const auto& column) {
          part_.columns.put(RecordTable::first_carried + i, first, column, records.n_records);
        },
        records.carried[i]);
  }
}

TablePart TableBuilder::take() {
  is_app_noted_.clear();
  part_.columns.complete();
  return std::exchange(part_, TablePart{store_for(carried_)});
}

void TableBuilder::note_events(const RecordColumns& records) {
  for (const auto* column :
       {&records.at<Field::last_connectivity_event>(), &records.at<Field::last_vpn_event>(),
        &records.at<Field::changed_api_heartbeat_state_on__date>(),
        &records.at<Field::last_update_status_event>(), &records.at<Field::created_at>()}) {
    const auto times = column->values(records.n_records);
    const auto is_set = column->is_set(records.n_records);
    Timestamp newest = Timestamp::min();
    for (std::size_t record = 0; record < records.n_records; ++record) {
      const bool is_real = is_set[record] != 0 && times[record] != never;
      newest = std::max(newest, is_real ? times[record] : Timestamp::min());
    }
    if (newest > Timestamp::min())
      part_.notes.newest_event = std::max(part_.notes.newest_event, {newest});
  }
}

/// Only the whole source shows whether the server keeps heartbeats.
void TableBuilder::note_links(std::span<const std::uint32_t> facts) {
  bool has_heartbeat = false;
  bool has_silent_link = false;
  for (std::size_t record = 0; record < facts.size(); ++record) {
    const KnownFacts known{Facts{facts[record]}, derived_.unknown.stored(record)};
    const bool is_silent = known.facts.heartbeat() == HeartbeatState::unknown;
    const bool is_up = known.holds(fact::cloudlink);
    has_heartbeat |= known.knows(fact::heartbeat) && !is_silent;
    has_silent_link |= known.knows(fact::heartbeat) && is_silent && is_up;
  }
  part_.notes.has_heartbeat |= has_heartbeat;
  part_.notes.has_silent_link |= has_silent_link;
}

/// Users may select a fleet by the name of its app alone.
void TableBuilder::note_app_names(const RecordColumns& records, std::size_t first) {
  const auto& names = records.at<Field::belongs_to__application>().app_name;
  if (!names.has_any(records.n_records)) return;
  const auto codes = part_.columns.values<std::int32_t>(index_of(ColumnId::fleet)).subspan(first);
  for (std::size_t record = 0; record < records.n_records; ++record) {
    if (!names.has(record)) continue;
    const auto fleet = static_cast<std::size_t>(codes[record]);
    if (fleet >= is_app_noted_.size()) is_app_noted_.resize(fleet + 1);
    if (is_app_noted_[fleet]) continue;
    is_app_noted_[fleet] = true;
    part_.notes.app_names.insert(
        {std::string{derived_.fleet.stored(record)}, std::string{names.stored(record)}});
  }
}

}  // namespace fleetstatus
