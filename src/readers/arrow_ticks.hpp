#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <ratio>
#include <type_traits>

#include "core/timestamp.hpp"
#include "readers/accepts.hpp"

namespace fleetstatus {

/// The time that ticks since 1970 come to, cut towards the past, if it is representable.
template <std::int64_t ticks_per_second>
[[nodiscard]] constexpr Outcome<Timestamp> time_from_ticks(std::int64_t ticks) noexcept {
  using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, ticks_per_second>>;
  if constexpr (ticks_per_second == 1) {
    constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max() / 1000;
    if (ticks > limit || ticks < -limit) return {};
  }
  const Timestamp time{std::chrono::floor<Milliseconds>(Ticks{ticks})};
  return {time, is_representable(time)};
}

/// Calls `visit` with the ticks per second of an Arrow timestamp, as a constant.
template <class Visit>
auto visit_unit(std::int64_t ticks_per_second, Visit visit) {
  switch (ticks_per_second) {
    case 1: return visit(std::integral_constant<std::int64_t, 1>{});
    case 1'000: return visit(std::integral_constant<std::int64_t, 1'000>{});
    case 1'000'000: return visit(std::integral_constant<std::int64_t, 1'000'000>{});
    default: return visit(std::integral_constant<std::int64_t, 1'000'000'000>{});
  }
}

}  // namespace fleetstatus
