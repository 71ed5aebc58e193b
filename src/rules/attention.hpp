#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/names.hpp"
#include "rules/rules.hpp"
#include "rules/timestamp.hpp"
#include "rules/update_status.hpp"

namespace fleetstatus {

/// Why a device needs attention, worst first.
enum class Attention : std::uint8_t {
  unreadable,
  disconnected,
  update_failed,
  reduced,
  update_stuck,
  never_connected,
  frozen,
};

/// Texts of a class of attention. If a link is down, the message of the device's reason says more.
struct AttentionEntry {
  Attention attention;
  std::string_view name;
  std::string_view message;
  std::string_view first_step;
};

inline constexpr auto attention_table = std::to_array<AttentionEntry>({
    {Attention::unreadable, "unreadable",
     "The record could not be read in full, so answers that depend on the rest are missing.",
     "Correct the field that the error names, or ask the API for the records again."},
    {Attention::disconnected, "disconnected",
     "The device is disconnected: heartbeat and cloudlink are both down.",
     "Check power and network."},
    {Attention::update_failed, "update-failed", "The device reports that its last update failed.",
     "Find out why on the device, then start the update again."},
    {Attention::reduced, "reduced",
     "The device is online by one of its two links only, so some actions do not work.",
     "See which link is down: without a heartbeat run a health check, without cloudlink look for a "
     "firewall that blocks VPN traffic."},
    {Attention::update_stuck, "update-stuck",
     "The update has stayed in one stage for longer than it should.",
     "Look at the logs of the supervisor on the device: a lock, a slow network or failing "
     "containers may hold it up."},
    {Attention::never_connected, "never-connected",
     "The device was registered long ago and never connected.",
     "See that it was flashed and has network at its first boot; delete it if it does not exist."},
    {Attention::frozen, "frozen",
     "The device is frozen: it runs on, but nobody can reach or manage it.",
     "See whether the organization is over its allowance or has overdue invoices."},
});
static_assert(is_in_order(attention_table, &AttentionEntry::attention));

inline constexpr auto attentions = names_in<Attention>(attention_table, &AttentionEntry::name);

/// How long a condition may last before the device needs attention.
struct AttentionThresholds {
  Milliseconds disconnected = Milliseconds::zero();
  Milliseconds downloading = std::chrono::hours{2};
  Milliseconds downloaded = std::chrono::hours{24};
  Milliseconds applying_changes = std::chrono::minutes{30};
  Milliseconds reduced = std::chrono::minutes{5};  ///< cloudlink drops briefly by design
  Milliseconds never_connected = std::chrono::hours{24};
};

/// What attention depends on. A duration is none if its start is not known.
struct DeviceCondition {
  /// By the docs of November 2024, whatever the caller's scheme; none if it depends on an
  /// unreadable field.
  std::optional<Reason> reason;
  std::optional<Milliseconds> status_duration;  ///< of the status that the reason gives
  std::optional<UpdateStatus> update_status;
  std::optional<Milliseconds> update_duration;
  bool os_update_failed = false;  ///< reported by the provisioning state
};

[[nodiscard]] constexpr bool has_failed(const DeviceCondition& device) noexcept {
  return device.update_status == UpdateStatus::rejected ||
         device.update_status == UpdateStatus::aborted ||
         (device.reason == Reason::os_configuration && device.os_update_failed);
}

/// How long an update may stay in a status; most have no limit.
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

/// Whether a status has lasted at least `at_least`; true if its duration is not known.
[[nodiscard]] constexpr bool may_have_lasted(std::optional<Milliseconds> duration,
                                             Milliseconds at_least) noexcept {
  return !duration || *duration >= at_least;
}

/// The first class that matches; none if the device needs no attention.
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
