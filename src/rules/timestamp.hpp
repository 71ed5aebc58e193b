#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace fleetstatus {

using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

/// A moment in UTC, to the millisecond.
using Timestamp = std::chrono::sys_time<Milliseconds>;

/// First and last moment that RFC 3339 can write down.
inline constexpr Timestamp earliest_timestamp = std::chrono::sys_days{std::chrono::year{1} / 1 / 1};
inline constexpr Timestamp latest_timestamp =
    std::chrono::sys_days{std::chrono::year{9999} / 12 / 31} + std::chrono::days{1} -
    Milliseconds{1};

[[nodiscard]] constexpr bool is_representable(Timestamp time) noexcept {
  return earliest_timestamp <= time && time <= latest_timestamp;
}

/// Reads RFC 3339 text: `T`, `t` or a space between date and time; `Z`, `z`, `+HH`, `+HHMM` or
/// `+HH:MM` as zone (PostgreSQL prints `+00`); up to nine fraction digits, cut to milliseconds
/// towards the past.
/// @return none if the text is anything else, or lies outside of the years 0001 to 9999 in UTC
/// Source: RFC 3339, section 5.6; PostgreSQL's timestamptz output.
[[nodiscard]] std::optional<Timestamp> parse_timestamp(std::string_view text) noexcept;

/// The same, but a time without a zone is one in UTC.
[[nodiscard]] std::optional<Timestamp> parse_timestamp_assuming_utc(std::string_view text) noexcept;

/// What old dumps write for a time that never came. It still counts as seen, as the API has it.
inline constexpr Timestamp never{};

/// Writes `2026-11-01T12:00:00Z`, with three fraction digits where they are not zero.
[[nodiscard]] std::string format_timestamp(Timestamp time);

}  // namespace fleetstatus
