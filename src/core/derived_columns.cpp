#include "core/derived_columns.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "core/heartbeat.hpp"
#include "core/progress.hpp"
#include "core/resolve.hpp"

namespace fleetstatus {
namespace {

/// A question about the modern facts, answered beforehand for every combination.
template <class Question>
consteval auto answers_to(Question question) {
  std::array<decltype(question(Facts{})), modern_facts + 1> answers{};
  for (std::uint32_t bits = 0; bits <= modern_facts; ++bits) answers[bits] = question(Facts{bits});
  return answers;
}

constexpr auto capabilities_of_links =
    answers_to([](Facts facts) { return capabilities_by_links(facts).certain; });
constexpr auto progress_sources = answers_to([](Facts facts) { return progress_source(facts); });

std::optional<std::int32_t> window_of(const RecordAt& at) {
  const auto interval = poll_interval(at);
  if (interval.is_unreadable != 0) return std::nullopt;
  const Milliseconds least = at.columns.settings.default_poll_interval;
  return static_cast<std::int32_t>(heartbeat_window(interval.get(), least).count());
}

Read<UpdateStatusSupport> support_of(const RecordAt& at) {
  const auto supervisor = at.read(at.columns.supervisor, Field::supervisor_version);
  const SupervisorAge age = supervisor.is_set != 0 ? supervisor.value : SupervisorAge::unknown;
  return {update_status_support(age), 1U - supervisor.is_unreadable, supervisor.is_unreadable};
}

/// Fills one row of each column but those of plain flags, with care for what is not known.
void derive_record(const RecordAt& at, KnownFacts known, DerivedColumns& to) {
  to.cloudlink_since.put(at.record, cloudlink_since(at).get());
  to.on_target.put(at.record, on_target(at));
  to.heartbeat_window_s.put(at.record, window_of(at));
  to.capabilities.put(at.record, certain(known, facts_of_capabilities,
                                         [](Facts facts) { return capabilities(facts).certain; }));
  to.progress.put(at.record, overall_progress(at, known));
  to.update_status_support.put(at.record, support_of(at).get());
}

/// Whether a fact has one answer, where it is known.
void derive_flag(std::span<const std::uint32_t> facts, std::span<const std::uint32_t> unknown,
                 const Fact& fact, unsigned answer, OptionalColumn<bool>& to) {
  const auto values = to.values(facts.size());
  const auto is_set = to.is_set(facts.size());
  const std::uint32_t mask = fact.mask();
  const std::uint32_t wanted = answer << fact.shift;
  for (std::size_t record = 0; record < facts.size(); ++record) {
    const Bit is_known = Bit{(unknown[record] & mask) == 0};
    values[record] = static_cast<std::uint8_t>(is_known & Bit{(facts[record] & mask) == wanted});
    is_set[record] = static_cast<std::uint8_t>(is_known);
  }
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
  const FleetColumns& fleet = records.fleet;
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
  const RunningReleaseColumns& running = records.running_release;
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

void derive_on_target(const RecordColumns& records, OptionalColumn<bool>& to) {
  for (std::size_t record = 0; record < records.n_records; ++record) {
    to.put(record, on_target(RecordAt{records, record}));
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
  const auto values = to.values(records.n_records);
  const auto is_set = to.is_set(records.n_records);
  for (std::size_t record = 0; record < records.n_records; ++record) {
    const auto since = cloudlink_since(RecordAt{records, record});
    values[record] = since.value;
    is_set[record] = static_cast<std::uint8_t>(since.is_set);
  }
}

void derive_window(const RecordColumns& records, OptionalColumn<std::int32_t>& to) {
  const std::size_t n = records.n_records;
  const auto values = to.values(n);
  std::ranges::fill(to.is_set(n), std::uint8_t{1});
  if (!records.device_configuration.has_any(n) && !records.fleet.configuration.has_any(n)) {
    std::ranges::fill(values, window_of(RecordAt{records}).value());
    return;
  }
  for (std::size_t record = 0; record < n; ++record) {
    values[record] = window_of(RecordAt{records, record}).value();
  }
}

void derive_support(const RecordColumns& records, OptionalColumn<UpdateStatusSupport>& to) {
  const auto values = to.values(records.n_records);
  std::ranges::fill(to.is_set(records.n_records), std::uint8_t{1});
  for (std::size_t record = 0; record < records.n_records; ++record) {
    values[record] = support_of(RecordAt{records, record}).value;
  }
}

void derive_capabilities(std::span<const std::uint32_t> facts, OptionalColumn<CapabilitySet>& to) {
  const auto values = to.values(facts.size());
  std::ranges::fill(to.is_set(facts.size()), std::uint8_t{1});
  for (std::size_t record = 0; record < facts.size(); ++record) {
    const CapabilitySet by_links = capabilities_of_links[facts[record] & modern_facts];
    values[record] =
        static_cast<CapabilitySet>(by_links & ~lost_without_web_access(Facts{facts[record]}));
  }
}

void derive_progress(const RecordColumns& records, std::span<const std::uint32_t> facts,
                     OptionalColumn<std::int32_t>& to) {
  to.clear(facts.size());
  for (std::size_t record = 0; record < facts.size(); ++record) {
    const ProgressSource source = progress_sources[facts[record] & modern_facts];
    if (source == ProgressSource::none) continue;
    to.put(record, progress_of(source, RecordAt{records, record}));
  }
}

}  // namespace

void DerivedColumns::derive(const RecordColumns& records, std::span<std::uint32_t> facts,
                            std::span<std::uint32_t> unknown) {
  memory_.make_room(*this, records.n_records);
  known_facts(records, facts, unknown);
  derive_times(records.heartbeat_changed, records.n_records, heartbeat_since);
  derive_times(records.last_update_status_event, records.n_records, update_status_since);
  derive_times(records.created_at, records.n_records, created_at);
  derive_cloudlink_since(records, cloudlink_since);
  derive_on_target(records, on_target);
  derive_window(records, heartbeat_window_s);
  derive_support(records, update_status_support);
  derive_capabilities(facts, capabilities);
  derive_progress(records, facts, progress);
  for (std::size_t record = 0; record < unknown.size(); ++record) {
    if (unknown[record] == 0) continue;
    derive_record(RecordAt{records, record}, {Facts{facts[record]}, unknown[record]}, *this);
  }
  for (const BadRecord& bad : records.bad_records) {
    const RecordAt at{records, bad.record, bad.unreadable};
    const KnownFacts known = known_facts(at);
    facts[bad.record] = known.facts.bits();
    unknown[bad.record] = known.unknown;
    derive_record(at, known, *this);
  }
  derive_flag(facts, unknown, fact::heartbeat, static_cast<unsigned>(HeartbeatState::online),
              heartbeat);
  derive_flag(facts, unknown, fact::cloudlink, 1, cloudlink);
  derive_flag(facts, unknown, fact::cloudlink_expected, 1, cloudlink_expected);
  derive_fleet(records, fleet_ids_, fleet);
  derive_release(records, release_ids_, release);
}

}  // namespace fleetstatus
