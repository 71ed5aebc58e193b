#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/heartbeat.hpp"
#include "core/timestamp.hpp"

namespace fleetstatus {

/// The two names that each configuration variable goes by.
enum class Prefix : std::uint8_t { balena, resin };

inline constexpr std::array<std::string_view, 2> vpn_control_names{"BALENA_SUPERVISOR_VPN_CONTROL",
                                                                   "RESIN_SUPERVISOR_VPN_CONTROL"};
inline constexpr std::array<std::string_view, 2> poll_interval_names{
    "BALENA_SUPERVISOR_POLL_INTERVAL", "RESIN_SUPERVISOR_POLL_INTERVAL"};

/// The configuration variables that matter here, as set on a device or on its fleet.
class Configuration {
 public:
  /// Whether a variable of that name matters.
  [[nodiscard]] static constexpr bool reads(std::string_view name) noexcept {
    return std::ranges::find(vpn_control_names, name) != vpn_control_names.end() ||
           std::ranges::find(poll_interval_names, name) != poll_interval_names.end();
  }

  /// Of two variables of one name the first counts.
  constexpr void set(std::string_view name, std::string_view value) noexcept {
    for (std::size_t i = 0; i < 2; ++i) {
      if (name == vpn_control_names[i] && !vpn_control_[i]) vpn_control_[i] = value != "false";
      if (name == poll_interval_names[i] && !poll_interval_[i]) {
        poll_interval_[i] = parse_poll_interval(value);
      }
    }
  }

  /// Whether the device is to open a cloudlink; none if it is not configured here.
  [[nodiscard]] constexpr std::optional<bool> vpn_control() const noexcept {
    return first_set(vpn_control_, Prefix::balena, Prefix::resin);
  }

  [[nodiscard]] constexpr std::optional<Milliseconds> poll_interval() const noexcept {
    return first_set(poll_interval_, Prefix::resin, Prefix::balena);
  }

 private:
  template <class T>
  [[nodiscard]] static constexpr std::optional<T> first_set(
      const std::array<std::optional<T>, 2>& values, Prefix first, Prefix second) noexcept {
    const auto& preferred = values[static_cast<std::size_t>(first)];
    return preferred ? preferred : values[static_cast<std::size_t>(second)];
  }

  std::array<std::optional<bool>, 2> vpn_control_;
  std::array<std::optional<Milliseconds>, 2> poll_interval_;
};

}  // namespace fleetstatus
