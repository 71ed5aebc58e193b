#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/names.hpp"

namespace fleetstatus {

/// Key of the rule that gave a device its status; all schemes share this list.
enum class Reason : std::uint8_t {
  frozen,
  inactive,
  post_provisioning,
  never_connected,
  no_link,
  downloading_release,
  os_configuration,
  downloading_service,
  heartbeat_late,
  cloudlink_only,
  heartbeat_only,
  cloudlink_disabled,
  both_links,
  ordered,
  preparing,
  shipped,
  online,
  unknown,
};

/// When a status began: when the later of the two links changed to its present state, or when a
/// device that never connected was registered.
enum class StatusStart : std::uint8_t { unknown, links, registration };

/// What `detail` shows beside a status.
enum class Detail : std::uint8_t { none, provisioning_state };

/// The properties of a reason, which are the same in all schemes.
struct ReasonEntry {
  Reason reason;
  std::string_view name;
  StatusStart start;
  Detail detail;
  std::string_view message;          ///< for an operator: what the reason means
  std::string_view first_step = {};  ///< what to do first; empty if nothing
};

inline constexpr std::string_view wait_for_update =
    "Wait, and watch how long the update status lasts.";

inline constexpr auto reason_table = std::to_array<ReasonEntry>({
    {Reason::frozen, "frozen", StatusStart::unknown, Detail::none,
     "The device is frozen: it runs on, but nobody can reach or manage it.",
     "See whether the organization is over its allowance or has overdue invoices."},
    {Reason::inactive, "inactive", StatusStart::unknown, Detail::none,
     "The device is not active, so it is not managed.",
     "Power it on: a device becomes active when it connects."},
    {Reason::post_provisioning, "post-provisioning", StatusStart::unknown, Detail::none,
     "The device is set up and waits to be started from its own storage.",
     "Take out the installation medium and boot from internal storage."},
    {Reason::never_connected, "never-connected", StatusStart::registration,
     Detail::provisioning_state, "The device was registered but has not been heard of since.",
     "See that it was flashed and has network at its first boot."},
    {Reason::no_link, "no-link", StatusStart::links, Detail::none,
     "Heartbeat and cloudlink are both down, so nothing reaches the device.",
     "Check power and network. A device that lost power still looks connected until its heartbeat "
     "window has passed."},
    {Reason::downloading_release, "downloading-release", StatusStart::unknown, Detail::none,
     "The device is fetching a release.", wait_for_update},
    {Reason::os_configuration, "os-configuration", StatusStart::unknown, Detail::provisioning_state,
     "The device is setting up or updating its operating system.",
     "Wait: OS updates are no part of the update status."},
    {Reason::downloading_service, "downloading-service", StatusStart::unknown, Detail::none,
     "The device is fetching the image of at least one service.", wait_for_update},
    {Reason::heartbeat_late, "heartbeat-late", StatusStart::links, Detail::none,
     "The last heartbeat is overdue, and its few seconds of grace run.",
     "With cloudlink up, run a health check, then pull device diagnostics; without it, wait: "
     "within seconds the device is back or disconnected."},
    {Reason::cloudlink_only, "cloudlink-only", StatusStart::links, Detail::none,
     "Cloudlink is up, but the supervisor does not report.",
     "Run a health check, then pull device diagnostics."},
    {Reason::heartbeat_only, "heartbeat-only", StatusStart::links, Detail::none,
     "The supervisor reports, but cloudlink is down though it should be up.",
     "Look for a firewall that blocks VPN traffic."},
    {Reason::cloudlink_disabled, "cloudlink-disabled", StatusStart::links, Detail::none,
     "The supervisor reports; cloudlink is turned off on purpose."},
    {Reason::both_links, "both-links", StatusStart::links, Detail::none,
     "Heartbeat and cloudlink are both up."},
    {Reason::ordered, "ordered", StatusStart::unknown, Detail::none,
     "The device has been ordered."},
    {Reason::preparing, "preparing", StatusStart::unknown, Detail::none,
     "The device is being made ready for shipping."},
    {Reason::shipped, "shipped", StatusStart::unknown, Detail::none,
     "The device is on its way and has not come online."},
    {Reason::online, "online", StatusStart::unknown, Detail::none, "The device is online."},
    {Reason::unknown, "unknown", StatusStart::unknown, Detail::none,
     "The data does not say whether both links are up."},
});
static_assert(is_in_order(reason_table, &ReasonEntry::reason));

inline constexpr auto reasons = names_in<Reason>(reason_table, &ReasonEntry::name);

[[nodiscard]] constexpr const ReasonEntry& entry_of(Reason reason) noexcept {
  return reason_table[static_cast<std::size_t>(reason)];
}

}  // namespace fleetstatus
