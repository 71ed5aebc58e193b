#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/names.hpp"
#include "records/field.hpp"
#include "rules/attention.hpp"
#include "rules/schemes.hpp"
#include "rules/timestamp.hpp"

namespace fleetstatus {

/// Where the time of a table comes from.
enum class NowSource : std::uint8_t { given, fetched_at, file, clock, newest };

inline constexpr auto now_sources = names_of<NowSource>({
    {NowSource::given, "given"},
    {NowSource::fetched_at, "fetched_at"},
    {NowSource::file, "file"},
    {NowSource::clock, "clock"},
    {NowSource::newest, "newest"},
});

/// How the records of a table were read, as far as it matters later.
struct ReadWith {
  FieldSet allow_missing = {};
  bool is_of_parts = false;  ///< missing fields are judged over all parts of the source
  Milliseconds default_poll_interval = fleetstatus::default_poll_interval;
  bool assume_utc = false;
};

/// The properties of a table that are not in its columns.
struct TableInfo {
  StatusScheme scheme = StatusScheme::docs_2024_11;
  Timestamp now;                          ///< when durations end
  std::optional<Timestamp> newest_event;  ///< the latest time in the source
  std::shared_ptr<const Gaps> gaps;       ///< null if none
  NowSource now_source = NowSource::given;
  std::uint64_t fields_seen = 0;  ///< see `fields_seen_bits`
  bool knows_fleets = true;       ///< the table is of a whole source
  AttentionThresholds thresholds = {};
  ReadWith read_with = {};
  bool has_rule_bits = true;  ///< the facts of its rows are known
};

// Indices of the bits of `TableInfo::fields_seen` that follow those of the required fields.
inline constexpr unsigned held_record_bit = 61;
inline constexpr unsigned held_device_bit = 62;

}  // namespace fleetstatus
