#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "rules/heartbeat.hpp"
#include "rules/timestamp.hpp"

namespace fleetstatus {

inline constexpr std::string_view vpn_control_name = "BALENA_SUPERVISOR_VPN_CONTROL";
inline constexpr std::string_view old_vpn_control_name = "RESIN_SUPERVISOR_VPN_CONTROL";

/// The API computes the heartbeat window from the old name only: it sets its default under that
/// name first, so it never reads the new name, which the supervisor prefers.
/// Source: the API's heartbeat code.
inline constexpr std::string_view poll_interval_name = "RESIN_SUPERVISOR_POLL_INTERVAL";
inline constexpr std::string_view supervisor_poll_interval_name = "BALENA_SUPERVISOR_POLL_INTERVAL";

inline constexpr std::array<std::string_view, 4> variable_names{
    vpn_control_name, old_vpn_control_name, supervisor_poll_interval_name, poll_interval_name};

/// The configuration variables that the rules depend on, as set on a device or on its fleet.
class Configuration {
 public:
  /// Whether the rules depend on a variable of that name.
  [[nodiscard]] static constexpr bool reads(std::string_view name) noexcept {
    return std::ranges::find(variable_names, name) != variable_names.end();
  }

  /// Sets a variable; if a name occurs twice, the first value counts.
  constexpr void set(std::string_view name, std::string_view value) noexcept {
    if (name == vpn_control_name) set_first(vpn_control_, value != "false");
    if (name == old_vpn_control_name) set_first(old_vpn_control_, value != "false");
    if (name == poll_interval_name) set_first(poll_interval_, parse_poll_interval(value));
    if (name == supervisor_poll_interval_name) {
      set_first(supervisor_poll_interval_, parse_poll_interval(value));
    }
  }

  /// Whether the device should open a cloudlink; none if it is not configured here.
  [[nodiscard]] constexpr std::optional<bool> vpn_control() const noexcept {
    return vpn_control_ ? vpn_control_ : old_vpn_control_;
  }

  /// The poll interval that the API uses.
  [[nodiscard]] constexpr std::optional<Milliseconds> poll_interval() const noexcept {
    return poll_interval_;
  }

  /// The poll interval that the supervisor uses, if it is set under the new name.
  [[nodiscard]] constexpr std::optional<Milliseconds> supervisor_poll_interval() const noexcept {
    return supervisor_poll_interval_;
  }

 private:
  template <class T>
  static constexpr void set_first(std::optional<T>& to, T value) noexcept {
    if (!to) to = value;
  }

  std::optional<bool> vpn_control_;
  std::optional<bool> old_vpn_control_;
  std::optional<Milliseconds> poll_interval_;
  std::optional<Milliseconds> supervisor_poll_interval_;
};

}  // namespace fleetstatus
