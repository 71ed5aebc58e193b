#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/names.hpp"
#include "rules/rules.hpp"
#include "rules/timestamp.hpp"
#include "rules/update_status.hpp"

namespace fleetstatus {

/// Why a device needs a person, worst first.
enum class Attention : std::uint8_t {
  unreadable,
  disconnected,
  update_failed,
  reduced,
  update_stuck,
  never_connected,
  frozen,
};

inline constexpr Names<Attention, 7> attentions{{"unreadable", "disconnected", "update-failed",
                                                 "reduced", "update-stuck", "never-connected",
                                                 "frozen"}};

/// How long something may last before it needs a person.
struct AttentionThresholds {
  Milliseconds disconnected = Milliseconds::zero();
  Milliseconds downloading = std::chrono::hours{2};
  Milliseconds downloaded = std::chrono::hours{24};
  Milliseconds applying_changes = std::chrono::minutes{30};
  Milliseconds reduced = std::chrono::minutes{5};  ///< cloudlink drops for moments by design
  Milliseconds never_connected = std::chrono::hours{24};
};

/// What attention depends on. Durations are none where their beginning is not known.
struct DeviceCondition {
  /// By the docs of November 2024, whatever scheme the caller has asked for; none if it depends on
  /// an unreadable field.
  std::optional<Reason> reason;
  std::optional<Milliseconds> status_duration;  ///< of the status that goes with the reason
  std::optional<UpdateStatus> update_status;
  std::optional<Milliseconds> update_duration;
  bool os_update_failed = false;  ///< the provisioning state says so
};

[[nodiscard]] constexpr bool has_failed(const DeviceCondition& device) noexcept {
  return device.update_status == UpdateStatus::rejected ||
         device.update_status == UpdateStatus::aborted ||
         (device.reason == Reason::os_configuration && device.os_update_failed);
}

/// How long an update may stay in a status; forever in most.
[[nodiscard]] constexpr Milliseconds longest_in(UpdateStatus status,
                                                const AttentionThresholds& thresholds) noexcept {
  switch (status) {
    case UpdateStatus::downloading: return thresholds.downloading;
    case UpdateStatus::downloaded: return thresholds.downloaded;
    case UpdateStatus::applying_changes: return thresholds.applying_changes;
    default: return Milliseconds::max();
  }
}

[[nodiscard]] constexpr bool is_stuck(const DeviceCondition& device,
                                      const AttentionThresholds& thresholds) noexcept {
  return device.update_status && device.update_duration &&
         *device.update_duration >= longest_in(*device.update_status, thresholds);
}

/// Whether a status has lasted for at least so long, or may have.
[[nodiscard]] constexpr bool may_have_lasted(std::optional<Milliseconds> duration,
                                             Milliseconds at_least) noexcept {
  return !duration || *duration >= at_least;
}

/// The first class that matches; none if the device needs nobody.
[[nodiscard]] constexpr std::optional<Attention> attention(
    const DeviceCondition& device, const AttentionThresholds& thresholds) noexcept {
  const auto& reason = device.reason;
  if (reason == Reason::frozen) return Attention::frozen;
  if (reason == Reason::inactive || reason == Reason::post_provisioning) return std::nullopt;
  if (reason == Reason::no_link &&
      may_have_lasted(device.status_duration, thresholds.disconnected)) {
    return Attention::disconnected;
  }
  if (has_failed(device)) return Attention::update_failed;
  if ((reason == Reason::cloudlink_only || reason == Reason::heartbeat_only) &&
      may_have_lasted(device.status_duration, thresholds.reduced)) {
    return Attention::reduced;
  }
  if (is_stuck(device, thresholds)) return Attention::update_stuck;
  if (reason == Reason::never_connected && device.status_duration &&
      *device.status_duration >= thresholds.never_connected) {
    return Attention::never_connected;
  }
  return std::nullopt;
}

}  // namespace fleetstatus
