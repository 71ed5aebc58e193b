#pragma once

#include <chrono>
#include <optional>

#include "rules/schemes.hpp"
#include "rules/timestamp.hpp"

namespace fleetstatus {

/// When devices without their links are one outage.
struct OutageLimits {
  std::size_t least = 3;  ///< devices
  double share = 0.55;    ///< of the devices that had their link lately
};

/// When a status flaps.
struct FlappingLimits {
  std::size_t begins_at = 6;  ///< status changes in the last hours, at least
  std::size_t ends_at = 2;    ///< at most
};

struct TrackerOptions {
  StatusScheme scheme = StatusScheme::docs_2024_11;
  Milliseconds hold = std::chrono::minutes{2};  ///< how long a status must last to be told
  Milliseconds gap = std::chrono::minutes{15};  ///< longest time between looks that is known
  std::optional<OutageLimits> outage = OutageLimits{};        ///< none: outages are not told
  std::optional<FlappingLimits> flapping = FlappingLimits{};  ///< none: flapping is not told
  Milliseconds forget = std::chrono::days{90};  ///< how long a removed device is remembered
};

/// How long status changes count for flapping, in time between looks.
inline constexpr std::chrono::hours flapping_window{3};

/// How long ago a device may have had its link, to be part of an outage that begins.
inline constexpr std::chrono::minutes outage_window{10};

}  // namespace fleetstatus
