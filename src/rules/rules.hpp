#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "rules/facts.hpp"
#include "rules/reasons.hpp"

namespace fleetstatus {

/// The answers to one fact that a rule accepts.
struct Condition {
  const Fact* fact = nullptr;
  std::uint8_t accepted = 0;  ///< bit i is set if answer i is accepted

  [[nodiscard]] constexpr bool holds(Facts facts) const noexcept {
    return ((accepted >> facts.answer(*fact)) & 1U) != 0;
  }
};

[[nodiscard]] constexpr Condition is(const Fact& fact) noexcept { return {&fact, 0b10}; }
[[nodiscard]] constexpr Condition is_not(const Fact& fact) noexcept { return {&fact, 0b01}; }
[[nodiscard]] constexpr Condition lifecycle_is(Lifecycle lifecycle) noexcept {
  return {&fact::lifecycle, static_cast<std::uint8_t>(1U << static_cast<unsigned>(lifecycle))};
}
[[nodiscard]] constexpr Condition heartbeat_is(
    std::initializer_list<HeartbeatState> states) noexcept {
  unsigned accepted = 0;
  for (const HeartbeatState state : states) accepted |= 1U << static_cast<unsigned>(state);
  return {&fact::heartbeat, static_cast<std::uint8_t>(accepted)};
}

/// Conditions that must all hold, and the source of the rule.
class When {
 public:
  constexpr When(std::string_view source, std::initializer_list<Condition> conditions) noexcept
      : source(source), size_(conditions.size()) {
    std::copy(conditions.begin(), conditions.end(), conditions_.begin());
  }

  std::string_view source;

  [[nodiscard]] constexpr const Condition* begin() const noexcept { return conditions_.data(); }
  [[nodiscard]] constexpr const Condition* end() const noexcept { return begin() + size_; }

  [[nodiscard]] constexpr bool holds(Facts facts) const noexcept {
    return std::all_of(begin(), end(), [&](const Condition& c) { return c.holds(facts); });
  }

 private:
  std::array<Condition, 3> conditions_{};
  std::size_t size_;
};

// The condition of each rule. A scheme tests its rules in order, so a rule may assume that those
// before it did not match.
namespace when {
using enum HeartbeatState;

inline constexpr When frozen{"docs since 2021: Frozen; that it comes first is our choice",
                             {is(fact::frozen)}};
inline constexpr When inactive{"API, computed overall status", {is_not(fact::active)}};
inline constexpr When post_provisioning{
    "API, computed overall status; before the links, since such a device power-cycles",
    {is(fact::post_provisioning)}};
inline constexpr When link_missing{"our choice: a link that the data lacks is never guessed",
                                   {is(fact::link_missing)}};
inline constexpr When never_connected{
    "API, computed overall status",
    {is_not(fact::cloudlink), is_not(fact::ever_connected), heartbeat_is({unknown})}};
inline constexpr When no_link{"docs 2024-11: Disconnected; API, computed overall status",
                              {is_not(fact::cloudlink), heartbeat_is({offline, unknown})}};
inline constexpr When downloading_release{
    "API v7, computed overall status",
    {is(fact::downloading_release), heartbeat_is({online, timeout})}};
inline constexpr When downloading_release_by_any_link{
    "API v6, computed overall status; balena-device-status 3.2.1", {is(fact::downloading_release)}};
inline constexpr When os_configuration{"docs: Configuring; API, computed overall status",
                                       {is(fact::provisioning)}};
inline constexpr When downloading_service{
    "API v7, computed overall status",
    {is(fact::downloading_service), heartbeat_is({online, timeout})}};
inline constexpr When downloading_service_by_any_link{"API v6, computed overall status",
                                                      {is(fact::downloading_service)}};
inline constexpr When heartbeat_late{"API v7, computed overall status", {heartbeat_is({timeout})}};
inline constexpr When heartbeat_late_with_cloudlink{
    "docs 2022: the link that works names the state; that it does so in the grace is our choice",
    {heartbeat_is({timeout}), is(fact::cloudlink)}};
inline constexpr When cloudlink_only{"docs 2024-11: Reduced Functionality, first kind",
                                     {is(fact::cloudlink), heartbeat_is({offline, unknown})}};
inline constexpr When heartbeat_only{
    "docs 2024-11: Reduced Functionality, second kind",
    {is_not(fact::cloudlink), is(fact::cloudlink_expected), heartbeat_is({online})}};
inline constexpr When cloudlink_disabled{
    "docs 2024-11: Operational, with cloudlink turned off",
    {is_not(fact::cloudlink), is_not(fact::cloudlink_expected), heartbeat_is({online})}};
inline constexpr When both_links{"docs 2024-11: Operational",
                                 {is(fact::cloudlink), heartbeat_is({online})}};

inline constexpr std::string_view library = "balena-device-status 3.2.1";
inline constexpr When ordered{library, {lifecycle_is(Lifecycle::ordered)}};
inline constexpr When preparing{library, {lifecycle_is(Lifecycle::preparing)}};
inline constexpr When shipped{library,
                              {lifecycle_is(Lifecycle::shipped), is_not(fact::library_online)}};
inline constexpr When library_inactive{library, {is_not(fact::library_active)}};
inline constexpr When library_never_connected{
    library, {is_not(fact::library_online), is_not(fact::library_connected)}};
inline constexpr When library_offline{library, {is_not(fact::library_online)}};
inline constexpr When library_downloading{library, {is(fact::library_downloading)}};
inline constexpr When library_online{library, {is(fact::library_online)}};
}  // namespace when

}  // namespace fleetstatus
