#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/facts.hpp"
#include "core/names.hpp"
#include "core/rules.hpp"
#include "core/timestamp.hpp"
#include "core/update_status.hpp"

namespace fleetstatus {

/// Why a device needs a person, worst first.
enum class Attention : std::uint8_t {
  unreadable,
  disconnected,
  update_failed,
  reduced,
  update_stuck,
  frozen,
};

inline constexpr Names<Attention, 6> attentions{
    {"unreadable", "disconnected", "update-failed", "reduced", "update-stuck", "frozen"}};

/// How long an update may stay in one status before it counts as stuck.
struct StuckThresholds {
  Milliseconds downloading = std::chrono::hours{2};
  Milliseconds downloaded = std::chrono::hours{24};
  Milliseconds applying_changes = std::chrono::minutes{30};
};

[[nodiscard]] constexpr bool has_failed(std::optional<UpdateStatus> status) noexcept {
  return status == UpdateStatus::rejected || status == UpdateStatus::aborted;
}

/// How long an update may stay in a status; forever in most.
[[nodiscard]] constexpr Milliseconds longest_in(UpdateStatus status,
                                                const StuckThresholds& thresholds) noexcept {
  switch (status) {
    case UpdateStatus::downloading: return thresholds.downloading;
    case UpdateStatus::downloaded: return thresholds.downloaded;
    case UpdateStatus::applying_changes: return thresholds.applying_changes;
    default: return Milliseconds::max();
  }
}

[[nodiscard]] constexpr bool is_stuck(std::optional<UpdateStatus> status,
                                      std::optional<Milliseconds> duration,
                                      const StuckThresholds& thresholds) noexcept {
  return status && duration && *duration >= longest_in(*status, thresholds);
}

/// The first class that matches.
/// @param reason  by the docs of November 2024, whatever scheme the caller has asked for; none if
///                it depends on an unreadable field
/// @param is_update_stuck  whether the update has been in its status for too long
[[nodiscard]] constexpr std::optional<Attention> attention(
    std::optional<Reason> reason, std::optional<UpdateStatus> update_status,
    bool is_update_stuck) noexcept {
  if (reason == Reason::frozen) return Attention::frozen;
  if (reason == Reason::inactive || reason == Reason::post_provisioning) return std::nullopt;
  if (reason == Reason::no_link) return Attention::disconnected;
  if (has_failed(update_status)) return Attention::update_failed;
  if (reason == Reason::cloudlink_only || reason == Reason::heartbeat_only) {
    return Attention::reduced;
  }
  if (is_update_stuck) return Attention::update_stuck;
  return std::nullopt;
}

[[nodiscard]] constexpr std::optional<Attention> attention(
    std::optional<Reason> reason, std::optional<UpdateStatus> update_status,
    std::optional<Milliseconds> update_duration, const StuckThresholds& thresholds) noexcept {
  return attention(reason, update_status, is_stuck(update_status, update_duration, thresholds));
}

}  // namespace fleetstatus
