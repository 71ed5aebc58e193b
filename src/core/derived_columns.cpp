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

constexpr auto certain_capabilities =
    answers_to([](Facts facts) { return capabilities(facts).certain; });
constexpr auto progress_sources = answers_to([](Facts facts) { return progress_source(facts); });

std::optional<std::int32_t> window_of(const RecordAt& at) {
  const auto interval = poll_interval(at);
  if (interval.is_unreadable != 0) return std::nullopt;
  return static_cast<std::int32_t>(heartbeat_window(interval.get()).count());
}

Read<UpdateStatusSupport> support_of(const RecordAt& at) {
  return first_of(at.read(at.columns.update_status_support, Field::supervisor_version),
                  Read<UpdateStatusSupport>{UpdateStatusSupport::unknown, 1});
}

/// Fills one row of each column but those of plain flags, with care for what is not known.
void derive_record(const RecordAt& at, KnownFacts known, DerivedColumns& to) {
  to.cloudlink_since.put(at.record, cloudlink_since(at).get());
  to.heartbeat_window_s.put(at.record, window_of(at));
  to.capabilities.put(at.record, certain(known, modern_facts,
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

/// Slug, else name, else id.
void derive_fleet(const RecordColumns& records, std::vector<std::string>& ids,
                  OptionalColumn<std::string_view>& to) {
  const auto values = to.values(records.n_records);
  const auto is_set = to.is_set(records.n_records);
  ids.clear();
  for (std::size_t record = 0; record < records.n_records; ++record) {
    const bool has_slug = records.fleet_slug.has(record);
    const auto& named = has_slug ? records.fleet_slug : records.fleet_app_name;
    values[record] = named.stored(record);
    is_set[record] = named.flag(record);
    if (!named.has(record) && records.fleet_id.has(record)) {
      if (ids.empty()) ids.reserve(records.n_records);  // texts must not move
      to.set(record, ids.emplace_back(std::to_string(records.fleet_id.stored(record))));
    }
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
  if (!records.device_configuration.has_any(n) && !records.fleet_configuration.has_any(n)) {
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
    values[record] = certain_capabilities[facts[record] & modern_facts];
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
  derive_cloudlink_since(records, cloudlink_since);
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
}

}  // namespace fleetstatus
