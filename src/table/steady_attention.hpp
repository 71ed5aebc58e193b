#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "rules/attention.hpp"
#include "rules/rules.hpp"
#include "rules/update_status.hpp"

namespace fleetstatus {

/// The attention that a device needs whatever its durations are, or that it depends on them.
struct SteadyAttention {
  bool depends_on_durations = false;
  std::optional<Attention> attention;
};

/// Lookup table of `attention`, indexed by reason, update status (the last is none), and whether
/// the OS update failed. Compares durations that are unknown, longer or shorter than all
/// thresholds.
inline constexpr auto steady_attentions = [] {
  constexpr std::size_t n_statuses = update_statuses.names.size();
  constexpr auto zero = Milliseconds::zero();
  constexpr auto max = Milliseconds::max();
  constexpr std::array thresholds{AttentionThresholds{zero, zero, zero, zero, zero, zero},
                                  AttentionThresholds{max, max, max, max, max, max}};
  constexpr std::array<std::optional<Milliseconds>, 2> durations{std::nullopt, zero};
  std::array<std::array<std::array<SteadyAttention, 2>, n_statuses + 1>, reasons.names.size()>
      all{};
  for (std::size_t reason = 0; reason < all.size(); ++reason) {
    for (std::size_t status = 0; status <= n_statuses; ++status) {
      for (const bool has_failed : {false, true}) {
        DeviceCondition device;
        device.reason = static_cast<Reason>(reason);
        if (status < n_statuses) device.update_status = static_cast<UpdateStatus>(status);
        device.os_update_failed = has_failed;
        SteadyAttention& steady = all[reason][status][has_failed ? 1 : 0];
        steady.attention = attention(device, thresholds.front());
        for (const auto& limits : thresholds) {
          for (const auto& status_duration : durations) {
            for (const auto& update_duration : durations) {
              device.status_duration = status_duration;
              device.update_duration = update_duration;
              if (attention(device, limits) != steady.attention) steady.depends_on_durations = true;
            }
          }
        }
      }
    }
  }
  return all;
}();

}  // namespace fleetstatus
