#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "base/names.hpp"
#include "rules/reasons.hpp"

namespace fleetstatus {

/// What happened to a device, or to many devices of a fleet, between two looks.
enum class ChangeKind : std::uint8_t {
  added,
  removed,
  returned,
  status,
  reason,
  relinked,
  update,
  release,
  restarted,
  refreshed,
  moved,
  renamed,
  outage,
  outage_over,
  flapping,
  settled,
};

/// The properties of a kind of change.
struct ChangeKindEntry {
  ChangeKind kind;
  std::string_view name;
  std::string_view meaning;  ///< for users
};

inline constexpr auto change_kind_table = std::to_array<ChangeKindEntry>({
    {ChangeKind::added, "added", "only the newer snapshot has the device"},
    {ChangeKind::removed, "removed", "only the older snapshot has the device"},
    {ChangeKind::returned, "returned", "the device was removed and is there again"},
    {ChangeKind::status, "status", "the status differs"},
    {ChangeKind::reason, "reason", "the status is the same, its reason differs"},
    {ChangeKind::relinked, "relinked",
     "status and reason are the same, but a link went away and came back in between, or "
     "reconnected"},
    {ChangeKind::update, "update", "the update status differs"},
    {ChangeKind::release, "release", "another release runs"},
    {ChangeKind::restarted, "restarted",
     "the update status was reported anew with the same release: a reboot, a restart or a changed "
     "configuration"},
    {ChangeKind::refreshed, "refreshed",
     "the update status was reported anew; the release is not known at both moments, so this is a "
     "restart or an update"},
    {ChangeKind::moved, "moved", "the device is in another fleet"},
    {ChangeKind::renamed, "renamed", "the device has another name"},
    {ChangeKind::outage, "outage",
     "many devices of a fleet lost their links at about the same time"},
    {ChangeKind::outage_over, "outage-over", "most devices of an outage have a link again"},
    {ChangeKind::flapping, "flapping", "the status changes so often that it is no longer told"},
    {ChangeKind::settled, "settled", "the status no longer flaps"},
});
static_assert(is_in_order(change_kind_table, &ChangeKindEntry::kind));

inline constexpr auto change_kinds =
    names_in<ChangeKind>(change_kind_table, &ChangeKindEntry::name);

/// Whether such a change leads to one of a closed list: a status, a reason or an update status.
[[nodiscard]] constexpr bool leads_to_label(ChangeKind kind) noexcept {
  switch (kind) {
    case ChangeKind::added:
    case ChangeKind::returned:
    case ChangeKind::status:
    case ChangeKind::reason:
    case ChangeKind::update:
    case ChangeKind::flapping:
    case ChangeKind::settled: return true;
    default: return false;
  }
}

/// Why a status or a reason changed.
enum class Cause : std::uint8_t {
  freeze,
  activation,
  provisioning,
  first_contact,
  download,
  os_update,
  cloudlink,
  heartbeat,
  both_links,
  configuration,
  lifecycle,
};

inline constexpr auto causes = names_of<Cause>({
    {Cause::freeze, "freeze"},
    {Cause::activation, "activation"},
    {Cause::provisioning, "provisioning"},
    {Cause::first_contact, "first-contact"},
    {Cause::download, "download"},
    {Cause::os_update, "os-update"},
    {Cause::cloudlink, "cloudlink"},
    {Cause::heartbeat, "heartbeat"},
    {Cause::both_links, "both-links"},
    {Cause::configuration, "configuration"},
    {Cause::lifecycle, "lifecycle"},
});

/// The cause of a change whose first rule has a reason; none if the links decide it.
inline constexpr auto causes_of_reasons = in_order<Reason, std::optional<Cause>>({
    {Reason::frozen, Cause::freeze},
    {Reason::inactive, Cause::activation},
    {Reason::post_provisioning, Cause::provisioning},
    {Reason::never_connected, Cause::first_contact},
    {Reason::no_link, std::nullopt},
    {Reason::downloading_release, Cause::download},
    {Reason::os_configuration, Cause::os_update},
    {Reason::downloading_service, Cause::download},
    {Reason::heartbeat_late, std::nullopt},
    {Reason::cloudlink_only, std::nullopt},
    {Reason::heartbeat_only, std::nullopt},
    {Reason::cloudlink_disabled, std::nullopt},
    {Reason::both_links, std::nullopt},
    {Reason::ordered, Cause::lifecycle},
    {Reason::preparing, Cause::lifecycle},
    {Reason::shipped, Cause::lifecycle},
    {Reason::online, std::nullopt},
    {Reason::unknown, std::nullopt},
});

[[nodiscard]] constexpr bool is_about_links(Cause cause) noexcept {
  return cause == Cause::cloudlink || cause == Cause::heartbeat || cause == Cause::both_links;
}

}  // namespace fleetstatus
