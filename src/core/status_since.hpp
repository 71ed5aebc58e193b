#pragma once

#include <algorithm>
#include <optional>

#include "core/facts.hpp"
#include "core/rules.hpp"
#include "core/timestamp.hpp"

namespace fleetstatus {

/// Whether a status follows from the two links alone, so that it began when the second of them took
/// its present state.
[[nodiscard]] constexpr bool rests_on_links(Reason reason) noexcept {
  return reason == Reason::no_link || reason == Reason::heartbeat_late ||
         reason == Reason::cloudlink_only || reason == Reason::heartbeat_only ||
         reason == Reason::cloudlink_disabled || reason == Reason::both_links;
}

/// Whether it can be known when a status of that reason began: from the links, or, where the device
/// never connected, from its registration.
[[nodiscard]] constexpr bool has_start(Reason reason) noexcept {
  return rests_on_links(reason) || reason == Reason::never_connected;
}

/// Since when a device has its status.
/// @param heartbeat_since, cloudlink_since  when each link took its state; none if not known
/// @param created_at                        when the device was registered
/// @return the later of the two; a heartbeat that was never seen, and a cloudlink that was never
///         up, need no time; none where a needed time is none, and for statuses without a start
[[nodiscard]] constexpr std::optional<Timestamp> status_since(
    Reason reason, Facts facts, std::optional<Timestamp> heartbeat_since,
    std::optional<Timestamp> cloudlink_since,
    std::optional<Timestamp> created_at = std::nullopt) noexcept {
  if (reason == Reason::never_connected) return created_at;
  if (!rests_on_links(reason)) return std::nullopt;
  const bool needs_heartbeat = facts.heartbeat() != HeartbeatState::unknown;
  const bool needs_cloudlink = facts.answer(fact::cloudlink_never_up) == 0;
  if (!needs_heartbeat) return cloudlink_since;
  if (!needs_cloudlink) return heartbeat_since;
  if (!heartbeat_since || !cloudlink_since) return std::nullopt;
  return std::max(*heartbeat_since, *cloudlink_since);
}

}  // namespace fleetstatus
