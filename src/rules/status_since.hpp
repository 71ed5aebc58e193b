#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "rules/facts.hpp"
#include "rules/heartbeat.hpp"
#include "rules/read.hpp"
#include "rules/rules.hpp"
#include "rules/timestamp.hpp"

namespace fleetstatus {

/// Whether the start of a status with this reason can be known.
[[nodiscard]] constexpr bool has_start(Reason reason) noexcept {
  return entry_of(reason).start != StatusStart::unknown;
}

/// The times at which a device's status may begin.
enum class StartTime : std::uint8_t { heartbeat_since, cloudlink_since, created_at };

/// A status began at the later of two times, which are equal if one is enough.
struct Start {
  bool is_known = false;  ///< whether these times give the start
  StartTime first = StartTime::heartbeat_since;
  StartTime second = StartTime::heartbeat_since;
};

/// The times that give a status's start. A heartbeat that was never seen and a cloudlink that was
/// never up need no time.
[[nodiscard]] constexpr Start start_of(Reason reason, HeartbeatState heartbeat,
                                       bool cloudlink_was_never_up) noexcept {
  using enum StartTime;
  const StatusStart start = entry_of(reason).start;
  if (start == StatusStart::registration) return {true, created_at, created_at};
  const bool is_known = start == StatusStart::links;
  if (heartbeat == HeartbeatState::unknown) return {is_known, cloudlink_since, cloudlink_since};
  return {is_known, heartbeat_since, cloudlink_was_never_up ? heartbeat_since : cloudlink_since};
}

/// Lookup table of `start_of` for every combination.
inline constexpr auto starts = [] {
  std::array<std::array<std::array<Start, 2>, heartbeat_states.names.size()>, reasons.names.size()>
      all{};
  for (std::size_t reason = 0; reason < all.size(); ++reason) {
    for (std::size_t heartbeat = 0; heartbeat < all[reason].size(); ++heartbeat) {
      for (const bool never_up : {false, true}) {
        all[reason][heartbeat][never_up ? 1 : 0] =
            start_of(static_cast<Reason>(reason), static_cast<HeartbeatState>(heartbeat), never_up);
      }
    }
  }
  return all;
}();

/// When a device's status began.
/// @param time_of  returns the time of a StartTime; none if it is not known
/// @return none if a required time is none, and for statuses without a start
template <class TimeOf>
[[nodiscard]] constexpr Read<Timestamp> status_since(Reason reason, Facts facts, TimeOf time_of) {
  const Start& start = starts[static_cast<std::size_t>(reason)][facts.answer(fact::heartbeat)]
                             [facts.answer(fact::cloudlink_never_up)];
  const Read<Timestamp> first = time_of(start.first);
  const Read<Timestamp> second = time_of(start.second);
  return {std::max(first.value, second.value), start.is_known && first.is_set && second.is_set};
}

}  // namespace fleetstatus
