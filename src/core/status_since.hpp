#pragma once

#include <algorithm>
#include <optional>

#include "core/facts.hpp"
#include "core/read.hpp"
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
/// @param rests  whether the status rests on the links
/// @param heartbeat_since, cloudlink_since  when each link took its state; none if not known
/// @return the later of the two; a heartbeat that was never seen, and a cloudlink that was never
///         up, need no time; none where a needed time is none, and for statuses that do not rest on
///         the links
[[nodiscard]] constexpr Read<Timestamp> status_since(Bit rests, Facts facts,
                                                     Read<Timestamp> heartbeat_since,
                                                     Read<Timestamp> cloudlink_since) noexcept {
  const Bit needs_heartbeat{facts.heartbeat() != HeartbeatState::unknown};
  const Bit needs_cloudlink = 1U - facts.answer(fact::cloudlink_never_up);
  const Bit has_cloudlink = cloudlink_since.is_set | (needs_heartbeat & (1U - needs_cloudlink));
  const Bit has_heartbeat = heartbeat_since.is_set | (1U - needs_heartbeat);
  const Timestamp heartbeat = needs_heartbeat != 0 ? heartbeat_since.value : Timestamp::min();
  const Timestamp cloudlink =
      (needs_cloudlink | (1U - needs_heartbeat)) != 0 ? cloudlink_since.value : Timestamp::min();
  return {std::max(heartbeat, cloudlink), rests & has_heartbeat & has_cloudlink};
}

[[nodiscard]] constexpr std::optional<Timestamp> status_since(
    Reason reason, Facts facts, std::optional<Timestamp> heartbeat_since,
    std::optional<Timestamp> cloudlink_since,
    std::optional<Timestamp> created_at = std::nullopt) noexcept {
  if (reason == Reason::never_connected) return created_at;
  const auto read = [](std::optional<Timestamp> time) {
    return Read<Timestamp>{time.value_or(Timestamp{}), time.has_value()};
  };
  return status_since(Bit{rests_on_links(reason)}, facts, read(heartbeat_since),
                      read(cloudlink_since))
      .get();
}

}  // namespace fleetstatus
