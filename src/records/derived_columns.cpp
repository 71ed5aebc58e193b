#include "records/derived_columns.hpp"

#include <optional>

#include "records/resolve.hpp"
#include "rules/heartbeat.hpp"
#include "rules/progress.hpp"

namespace fleetstatus {
namespace {

/// Calls `fill` with every record, then again with those of which something is unreadable.
template <class Fill>
void for_each_record(const RecordColumns& records, Fill fill) {
  for (std::size_t record = 0; record < records.n_records; ++record) {
    fill(RecordAt{records, record});
  }
  for (const BadRecord& bad : records.bad_records) {
    fill(RecordAt{records, bad.record, bad.unreadable});
  }
}

std::optional<std::int32_t> window_of(const RecordAt& at) {
  const auto interval = poll_interval(at);
  if (interval.is_unreadable != 0) return std::nullopt;
  const Milliseconds least = at.columns.settings.default_poll_interval;
  return static_cast<std::int32_t>(heartbeat_window(interval.get(), least).count());
}

void derive_facts(const RecordColumns& records, std::span<std::uint32_t> facts,
                  OptionalColumn<std::uint32_t>& unknown) {
  const auto bits = unknown.values(records.n_records);
  known_facts(records, facts, bits);
  for (const BadRecord& bad : records.bad_records) {
    const KnownFacts known = known_facts(RecordAt{records, bad.record, bad.unreadable});
    facts[bad.record] = known.facts.bits();
    bits[bad.record] = known.unknown;
  }
  const auto is_set = unknown.is_set(records.n_records);
  for (std::size_t record = 0; record < bits.size(); ++record) is_set[record] = bits[record] != 0;
}

/// Texts made for one batch, which must not move.
std::string_view keep(std::vector<std::string>& texts, std::string text, std::size_t n_records) {
  if (texts.empty()) texts.reserve(n_records);
  return texts.emplace_back(std::move(text));
}

/// Slug, else name, else id.
void derive_fleet(const RecordColumns& records, std::vector<std::string>& ids,
                  OptionalColumn<std::string_view>& to) {
  const auto values = to.values(records.n_records);
  const auto is_set = to.is_set(records.n_records);
  const FleetColumns& fleet = records.at<Field::belongs_to__application>();
  ids.clear();
  for (std::size_t record = 0; record < records.n_records; ++record) {
    const auto& named = fleet.slug.has(record) ? fleet.slug : fleet.app_name;
    values[record] = named.stored(record);
    is_set[record] = named.flag(record);
    if (!named.has(record) && fleet.id.has(record)) {
      to.set(record, keep(ids, std::to_string(fleet.id.stored(record)), records.n_records));
    }
  }
}

/// The first letters of a text in UTF-8.
std::string_view first_letters(std::string_view text, std::size_t n) noexcept {
  std::size_t end = 0;
  while (end < text.size() && n > 0) {
    do ++end;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U);
    --n;
  }
  return text.substr(0, end);
}

/// Version, else the beginning of the commit, else id. Empty text counts as absent.
void derive_release(const RecordColumns& records, std::vector<std::string>& ids,
                    OptionalColumn<std::string_view>& to) {
  constexpr std::size_t short_commit = 7;
  const RunningReleaseColumns& running = records.at<Field::is_running__release>();
  ids.clear();
  for (std::size_t record = 0; record < records.n_records; ++record) {
    const auto version = running.raw_version[record];
    const Release release = running.stored(record);
    if (version && !version->empty()) {
      to.set(record, *version);
    } else if (!release.commit.empty()) {
      to.set(record, first_letters(release.commit, short_commit));
    } else if (release.id) {
      to.set(record, keep(ids, std::to_string(*release.id), records.n_records));
    } else {
      to.reset(record);
    }
  }
}

/// A column of times, without those that never came.
void derive_times(const OptionalColumn<Timestamp>& from, std::size_t n_records,
                  OptionalColumn<Timestamp>& to) {
  const auto times = from.values(n_records);
  const auto has_time = from.is_set(n_records);
  const auto values = to.values(n_records);
  const auto is_set = to.is_set(n_records);
  for (std::size_t record = 0; record < n_records; ++record) {
    values[record] = times[record];
    is_set[record] = static_cast<std::uint8_t>(has_time[record] & Bit{times[record] != never});
  }
}

void derive_cloudlink_since(const RecordColumns& records, OptionalColumn<Timestamp>& to) {
  for_each_record(records, [&](const RecordAt& at) {
    const auto since = cloudlink_since(at);
    to.put(at.record, since.value, since.is_set != 0);
  });
}

void derive_window(const RecordColumns& records, OptionalColumn<std::int32_t>& to) {
  const std::size_t n = records.n_records;
  const bool is_configured = records.at<Field::device_config_variable>().has_any(n) ||
                             records.at<Field::belongs_to__application>().configuration.has_any(n);
  const std::int32_t usual = n > 0 ? window_of(RecordAt{records}).value_or(0) : 0;
  for_each_record(records, [&](const RecordAt& at) {
    if (is_configured || at.unreadable != FieldSet{}) return to.put(at.record, window_of(at));
    to.set(at.record, usual);
  });
}

void derive_progress(const RecordColumns& records, std::span<const std::uint32_t> facts,
                     const OptionalColumn<std::uint32_t>& unknown,
                     OptionalColumn<std::int32_t>& to) {
  for_each_record(records, [&](const RecordAt& at) {
    const KnownFacts known{Facts{facts[at.record]}, unknown.stored(at.record)};
    to.put(at.record, overall_progress(at, known));
  });
}

}  // namespace

void DerivedColumns::derive(const RecordColumns& records, std::span<std::uint32_t> facts) {
  memory_.make_room(*this, records.n_records);
  derive_facts(records, facts, unknown);
  derive_times(records.at<Field::changed_api_heartbeat_state_on__date>(), records.n_records,
               heartbeat_since);
  derive_times(records.at<Field::last_update_status_event>(), records.n_records,
               update_status_since);
  derive_times(records.at<Field::created_at>(), records.n_records, created_at);
  derive_cloudlink_since(records, cloudlink_since);
  derive_window(records, heartbeat_window_s);
  derive_progress(records, facts, unknown, progress);
  derive_fleet(records, fleet_ids_, fleet);
  derive_release(records, release_ids_, release);
  for_each_record(
      records, [&](const RecordAt& at) { on_target.put(at.record, fleetstatus::on_target(at)); });
}

}  // namespace fleetstatus
