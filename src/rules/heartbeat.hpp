#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/names.hpp"
#include "rules/timestamp.hpp"

namespace fleetstatus {

/// State of a device's heartbeat (its regular fetch of the target state), as the API reports it.
enum class HeartbeatState : std::uint8_t { online, timeout, offline, unknown };

inline constexpr auto heartbeat_states = names_of<HeartbeatState>({
    {HeartbeatState::online, "online"},
    {HeartbeatState::timeout, "timeout"},
    {HeartbeatState::offline, "offline"},
    {HeartbeatState::unknown, "unknown"},
});

/// balenaCloud's default poll interval, which is also its minimum.
/// Source: balenaCloud's published list of configuration variables.
inline constexpr Milliseconds default_poll_interval{900'000};
inline constexpr Milliseconds longest_poll_interval = std::chrono::days{3650};

/// After the window the heartbeat is `timeout` for this long, then `offline`.
inline constexpr Seconds heartbeat_grace{15};

/// Parses a poll interval in milliseconds as the API does: leading white space, a sign and digits;
/// the rest is ignored, and text without digits is zero.
/// Source: the API's heartbeat code.
[[nodiscard]] constexpr Milliseconds parse_poll_interval(std::string_view text) noexcept {
  const std::size_t start = text.find_first_not_of(" \t\n\v\f\r");
  text.remove_prefix(std::min(start, text.size()));
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::int64_t milliseconds = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') break;
    milliseconds = std::min(milliseconds * 10 + (c - '0'), longest_poll_interval.count());
  }
  return Milliseconds{negative ? -milliseconds : milliseconds};
}

/// How long after a heartbeat the API considers the link up, without the grace period.
/// @param poll_interval  the device's configured interval; none if it has no such variable
/// @param least          the server's default, which is also its minimum
/// @return 1.5 times the interval, which is at least `least`, rounded up to seconds
/// Source: the API's heartbeat code.
[[nodiscard]] constexpr Seconds heartbeat_window(
    std::optional<Milliseconds> poll_interval,
    Milliseconds least = default_poll_interval) noexcept {
  const Milliseconds interval =
      std::clamp(poll_interval.value_or(least), least, longest_poll_interval);
  return std::chrono::ceil<Seconds>(interval + (interval + Milliseconds{1}) / 2);
}

}  // namespace fleetstatus
