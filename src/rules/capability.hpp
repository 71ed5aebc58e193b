#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "rules/facts.hpp"
#include "rules/rules.hpp"

namespace fleetstatus {

/// What an operator can do with a device; the enumerator is the index of its bit in a
/// CapabilitySet.
enum class Capability : std::uint8_t {
  ssh,
  web_terminal,
  public_url,
  diagnostics,
  restart,
  reboot,
  shutdown,
  purge,
  blink,
  host_os_update,
  new_release,
  configuration_change,
  local_mode,
};

inline constexpr auto capability_names = names_of<Capability>({
    {Capability::ssh, "SSH"},
    {Capability::web_terminal, "WEB_TERMINAL"},
    {Capability::public_url, "PUBLIC_URL"},
    {Capability::diagnostics, "DIAGNOSTICS"},
    {Capability::restart, "RESTART"},
    {Capability::reboot, "REBOOT"},
    {Capability::shutdown, "SHUTDOWN"},
    {Capability::purge, "PURGE"},
    {Capability::blink, "BLINK"},
    {Capability::host_os_update, "HOST_OS_UPDATE"},
    {Capability::new_release, "NEW_RELEASE"},
    {Capability::configuration_change, "CONFIGURATION_CHANGE"},
    {Capability::local_mode, "LOCAL_MODE"},
});

using CapabilitySet = std::uint16_t;

[[nodiscard]] constexpr CapabilitySet capability_range(Capability first, Capability last) noexcept {
  const unsigned below_first = (1U << static_cast<unsigned>(first)) - 1U;
  const unsigned up_to_last = (2U << static_cast<unsigned>(last)) - 1U;
  return static_cast<CapabilitySet>(up_to_last & ~below_first);
}

inline constexpr CapabilitySet all_capabilities =
    capability_range(Capability::ssh, Capability::local_mode);

/// Done through cloudlink, without the supervisor.
inline constexpr CapabilitySet needs_cloudlink =
    capability_range(Capability::ssh, Capability::diagnostics);

/// Requested through cloudlink, carried out by the supervisor.
inline constexpr CapabilitySet needs_cloudlink_and_supervisor =
    capability_range(Capability::restart, Capability::host_os_update);

/// Fetched by the supervisor with the target state.
inline constexpr CapabilitySet needs_heartbeat =
    capability_range(Capability::new_release, Capability::local_mode);

struct Capabilities {
  CapabilitySet certain = 0;
  CapabilitySet uncertain = 0;  ///< may work, but the record does not show it

  friend constexpr bool operator==(const Capabilities&, const Capabilities&) = default;
};

[[nodiscard]] constexpr CapabilitySet only(Capability one) noexcept {
  return capability_range(one, one);
}

/// The capabilities that the links allow, if the public URL is on and OS updates cannot be queued.
/// Source: docs 2024-11, on what each link is for.
[[nodiscard]] constexpr Capabilities capabilities_by_links(Facts facts) noexcept {
  if (when::frozen.holds(facts) || when::inactive.holds(facts) ||
      when::post_provisioning.holds(facts)) {
    return {};
  }
  Capabilities result;
  const bool heartbeat = facts.heartbeat() == HeartbeatState::online;
  if (facts.holds(fact::cloudlink)) {
    result.certain |= needs_cloudlink;
    (heartbeat ? result.certain : result.uncertain) |= needs_cloudlink_and_supervisor;
  }
  if (heartbeat) result.certain |= needs_heartbeat;
  return result;
}

/// The capabilities that are not certain because the public URL is off or unknown.
[[nodiscard]] constexpr CapabilitySet lost_without_web_access(Facts facts) noexcept {
  const auto access = static_cast<WebAccess>(facts.answer(fact::web_access));
  return access == WebAccess::on ? CapabilitySet{0} : only(Capability::public_url);
}

/// The bits of the facts that capabilities depend on.
inline constexpr std::uint32_t facts_of_capabilities =
    modern_facts | fact::web_access.mask() | fact::queues_os_update.mask();

[[nodiscard]] constexpr Capabilities capabilities(Facts facts) noexcept {
  Capabilities result = capabilities_by_links(facts);
  const CapabilitySet lost = lost_without_web_access(facts) & result.certain;
  result.certain = static_cast<CapabilitySet>(result.certain & ~lost);
  const auto access = static_cast<WebAccess>(facts.answer(fact::web_access));
  if (access == WebAccess::unknown) result.uncertain |= lost;
  // Source: docs, on OS updates that wait for cloudlink, which are experimental.
  const bool waits_for_cloudlink = result.certain == needs_heartbeat;
  if (waits_for_cloudlink && facts.holds(fact::queues_os_update)) {
    result.uncertain |= only(Capability::host_os_update);
  }
  return result;
}

}  // namespace fleetstatus
