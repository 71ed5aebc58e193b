#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace fleetstatus {

using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

/// A time in UTC, in milliseconds.
using Timestamp = std::chrono::sys_time<Milliseconds>;

/// First and last time that RFC 3339 can represent.
inline constexpr Timestamp earliest_timestamp = std::chrono::sys_days{std::chrono::year{1} / 1 / 1};
inline constexpr Timestamp latest_timestamp =
    std::chrono::sys_days{std::chrono::year{9999} / 12 / 31} + std::chrono::days{1} -
    Milliseconds{1};

[[nodiscard]] constexpr bool is_representable(Timestamp time) noexcept {
  return earliest_timestamp <= time && time <= latest_timestamp;
}

/// Parses RFC 3339 text: `T`, `t` or a space between date and time; `Z`, `z`, `+HH`, `+HHMM` or
/// `+HH:MM` as zone (PostgreSQL prints `+00`); up to nine fraction digits, rounded down to
/// milliseconds.
/// @return none for any other text, and for times outside the years 0001 to 9999 in UTC
/// Source: RFC 3339, section 5.6; PostgreSQL's timestamptz output.
[[nodiscard]] std::optional<Timestamp> parse_timestamp(std::string_view text) noexcept;

/// The same, but a time without a zone is taken as UTC.
[[nodiscard]] std::optional<Timestamp> parse_timestamp_assuming_utc(std::string_view text) noexcept;

/// The time that old dumps write for an event that never happened. As in the API, the event still
/// counts as seen.
inline constexpr Timestamp never{};

/// Formats as `2026-11-01T12:00:00Z`, with three fraction digits unless they are zero.
[[nodiscard]] std::string format_timestamp(Timestamp time);

}  // namespace fleetstatus
