#include "records/derived_columns.hpp"

#include <optional>

#include "records/resolve.hpp"

namespace fleetstatus {
namespace {

Read<Timestamp> event_time(const OptionalColumn<Timestamp>& column, std::size_t record) {
  return real_time({column.stored(record), column.has(record), false});
}

/// Slug, else name, else id.
/// @param made  owns the text if no record has it
std::optional<std::string_view> fleet_of(const FleetColumns& fleet, std::size_t record,
                                         std::deque<std::string>& made) {
  if (fleet.slug.has(record)) return fleet.slug.stored(record);
  if (fleet.app_name.has(record)) return fleet.app_name.stored(record);
  if (!fleet.id.has(record)) return std::nullopt;
  return made.emplace_back(std::to_string(fleet.id.stored(record)));
}

/// The first characters of a text in UTF-8.
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
std::optional<std::string_view> release_of(const RunningReleaseColumns& running, std::size_t record,
                                           std::deque<std::string>& made) {
  constexpr std::size_t short_commit = 7;
  const auto version = running.raw_version[record];
  if (version && !version->empty()) return version;
  const Release release = running.stored(record);
  if (!release.commit.empty()) return first_letters(release.commit, short_commit);
  if (!release.id) return std::nullopt;
  return made.emplace_back(std::to_string(*release.id));
}

}  // namespace

void DerivedColumns::derive(const RecordColumns& records, std::span<std::uint32_t> facts) {
  memory_.make_room(*this, records.n_records);
  made_texts_.clear();
  for (std::size_t record = 0; record < records.n_records; ++record) {
    derive(RecordAt{records, record}, facts);
  }
  for (const BadRecord& bad : records.bad_records) {
    derive(RecordAt{records, bad.record, bad.unreadable}, facts);
  }
}

void DerivedColumns::derive(const RecordAt& at, std::span<std::uint32_t> facts) {
  const RecordColumns& read = at.columns;
  const KnownFacts known = known_facts(at);
  facts[at.record] = known.facts.bits();
  unknown.put(at.record, known.unknown, known.unknown != 0);
  const auto put_time = [&](OptionalColumn<Timestamp>& to, const Read<Timestamp>& time) {
    to.put(at.record, time.value, time.is_set);
  };
  put_time(heartbeat_since,
           event_time(read.at<Field::changed_api_heartbeat_state_on__date>(), at.record));
  put_time(update_status_since, event_time(read.at<Field::last_update_status_event>(), at.record));
  put_time(created_at, event_time(read.at<Field::created_at>(), at.record));
  put_time(cloudlink_since, fleetstatus::cloudlink_since(at));
  const Read<Seconds> window = heartbeat_window(at);
  heartbeat_window_s.put(at.record, static_cast<std::int32_t>(window.value.count()), window.is_set);
  progress.put(at.record, overall_progress(at, known));
  on_target.put(at.record, fleetstatus::on_target(at));
  fleet.put(at.record, fleet_of(read.at<Field::belongs_to__application>(), at.record, made_texts_));
  release.put(at.record, release_of(read.at<Field::is_running__release>(), at.record, made_texts_));
}

}  // namespace fleetstatus
