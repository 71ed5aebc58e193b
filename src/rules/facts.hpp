#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "rules/heartbeat.hpp"

namespace fleetstatus {

/// Lifecycle states of the oldest scheme, from the record's `status` text.
enum class Lifecycle : std::uint8_t { none, ordered, preparing, shipped };

/// A question about a device: the bits of its answer, the fields that decide it, and a text for
/// each answer.
struct Fact {
  std::uint8_t shift;
  std::uint8_t width;
  std::array<std::string_view, 2> fields;  ///< API names; the second may be empty
  std::array<std::string_view, 4> words;   ///< indexed by answer

  [[nodiscard]] constexpr std::uint32_t mask() const noexcept {
    return ((1U << width) - 1U) << shift;
  }
};

// The rules of 2021 and later read bits 0 to 11, those of library-2020 bits 9 to 17.
namespace fact {
inline constexpr Fact frozen{
    0, 1, {"is_frozen"}, {"the device is not frozen", "the device is frozen"}};
inline constexpr Fact active{
    1, 1, {"is_active"}, {"the device is not active", "the device is active"}};
inline constexpr Fact cloudlink{
    2, 1, {"is_connected_to_vpn"}, {"cloudlink is down", "cloudlink is up"}};
inline constexpr Fact ever_connected{
    3, 1, {"last_connectivity_event"}, {"cloudlink was never up", "cloudlink was up before"}};
inline constexpr Fact heartbeat{4,
                                2,
                                {"api_heartbeat_state"},
                                {"the heartbeat is online", "the heartbeat is in its grace period",
                                 "the heartbeat is offline", "no heartbeat was ever seen"}};
inline constexpr Fact cloudlink_expected{
    6,
    1,
    {"device_config_variable", "belongs_to__application"},
    {"configuration turns cloudlink off", "cloudlink is expected"}};
inline constexpr Fact downloading_service{
    7, 1, {"image_install"}, {"no service is downloading", "a service is downloading"}};
inline constexpr Fact link_missing{8,
                                   1,
                                   {"is_connected_to_vpn", "api_heartbeat_state"},
                                   {"both links are known", "the data lacks a link"}};
inline constexpr Fact post_provisioning{
    9,
    1,
    {"provisioning_state"},
    {"the device is not in post-provisioning", "the device is in post-provisioning"}};
inline constexpr Fact downloading_release{
    10,
    1,
    {"status", "download_progress"},
    {"no release is downloading", "a release is downloading"}};
inline constexpr Fact provisioning{
    11,
    1,
    {"provisioning_progress"},
    {"no provisioning is in progress", "provisioning is in progress"}};
inline constexpr Fact library_online{
    12, 1, {"is_online"}, {"the device is not online", "the device is online"}};
inline constexpr Fact library_active{
    13, 1, {"is_active"}, {"the device is not known to be active", "the device is active"}};
inline constexpr Fact library_connected{
    14,
    1,
    {"last_connectivity_event"},
    {"the device has not connected since 2013", "the device has connected since 2013"}};
inline constexpr Fact lifecycle{15,
                                2,
                                {"status"},
                                {"the device is past delivery", "the device is ordered",
                                 "the device is being prepared", "the device is shipped"}};
inline constexpr Fact library_downloading{
    17,
    1,
    {"current_services"},
    {"no service's newest install is downloading", "a service's newest install is downloading"}};

// Read only by `status_since`.
inline constexpr Fact cloudlink_never_up{18,
                                         1,
                                         {"last_vpn_event", "last_connectivity_event"},
                                         {"cloudlink was up before", "cloudlink was never up"}};

// Read only by capabilities.
inline constexpr Fact web_access{19,
                                 2,
                                 {"is_web_accessible"},
                                 {"the public URL is off", "the public URL is on",
                                  "the data does not say whether the public URL is on"}};
inline constexpr Fact queues_os_update{
    21,
    1,
    {"supervisor_version"},
    {"OS updates cannot be queued", "OS updates can be queued (supervisor 19.0.0 or later)"}};

// Read only by attention and explanations.
inline constexpr Fact os_update_failed{
    22,
    1,
    {"provisioning_state"},
    {"no failure is reported", "the provisioning state reports a failure"}};
inline constexpr Fact supervisor_flickers{
    23,
    1,
    {"supervisor_version"},
    {"update reports are steady", "update reports flicker (supervisor 16.7.0 to 17.6)"}};
inline constexpr Fact polls_too_seldom{
    24,
    1,
    {"device_config_variable", "belongs_to__application"},
    {"the supervisor polls within the heartbeat window",
     "the supervisor polls less often than the heartbeat window allows"}};

// Read only to explain answers of older APIs.
inline constexpr Fact says_online{
    25,
    1,
    {"is_online"},
    {"the data does not say whether the device is online", "the data has is_online"}};

// Read only by `update_status_support`; the answers are values of UpdateStatusSupport.
inline constexpr Fact update_support{
    26,
    2,
    {"supervisor_version"},
    {"the supervisor reports update statuses", "the supervisor reports no update status",
     "the data does not say whether the supervisor reports update statuses"}};

/// All facts, in the order of their bits.
inline constexpr std::array all{&frozen,
                                &active,
                                &cloudlink,
                                &ever_connected,
                                &heartbeat,
                                &cloudlink_expected,
                                &downloading_service,
                                &link_missing,
                                &post_provisioning,
                                &downloading_release,
                                &provisioning,
                                &library_online,
                                &library_active,
                                &library_connected,
                                &lifecycle,
                                &library_downloading,
                                &cloudlink_never_up,
                                &web_access,
                                &queues_os_update,
                                &os_update_failed,
                                &supervisor_flickers,
                                &polls_too_seldom,
                                &says_online,
                                &update_support};
}  // namespace fact

inline constexpr unsigned n_fact_bits = fact::all.back()->shift + fact::all.back()->width;

// The bits of the facts are contiguous, without gaps or overlaps.
static_assert(fact::all.front()->shift == 0 && n_fact_bits <= 32 &&
              std::ranges::adjacent_find(fact::all, [](const Fact* fact, const Fact* next) {
                return fact->shift + fact->width != next->shift;
              }) == fact::all.end());

/// Answers of `fact::web_access`.
enum class WebAccess : std::uint8_t { off, on, unknown };

/// The bits that the schemes of 2021 and later, `progress_source` and `capabilities_by_links` read.
inline constexpr std::uint32_t modern_facts = (1U << fact::library_online.shift) - 1U;

inline constexpr std::uint32_t all_facts = (1U << n_fact_bits) - 1U;

/// All facts of one device, packed into one word.
class Facts {
 public:
  constexpr Facts() = default;
  constexpr explicit Facts(std::uint32_t bits) noexcept : bits_(bits) {}

  [[nodiscard]] constexpr std::uint32_t bits() const noexcept { return bits_; }

  [[nodiscard]] constexpr unsigned answer(const Fact& fact) const noexcept {
    return (bits_ & fact.mask()) >> fact.shift;
  }

  [[nodiscard]] constexpr HeartbeatState heartbeat() const noexcept {
    return static_cast<HeartbeatState>(answer(fact::heartbeat));
  }

  /// Whether a fact with two answers is true.
  [[nodiscard]] constexpr bool holds(const Fact& fact) const noexcept { return answer(fact) != 0; }

  /// @param answer  a number, a bool or an enumerator
  template <class Answer>
  constexpr void set(const Fact& fact, Answer answer) noexcept {
    bits_ = (bits_ & ~fact.mask()) | (static_cast<unsigned>(answer) << fact.shift);
  }

 private:
  std::uint32_t bits_ = 0;
};

/// The facts of one device, and the bits that are not known.
struct KnownFacts {
  Facts facts;
  std::uint32_t unknown = 0;

  template <class Answer>
  constexpr void set(const Fact& fact, Answer answer) noexcept {
    facts.set(fact, answer);
    unknown &= ~fact.mask();
  }

  constexpr void forget(const Fact& fact) noexcept {
    facts.set(fact, 0);
    unknown |= fact.mask();
  }

  /// Sets a fact, or makes it unknown if `is_unknown`.
  template <class Answer>
  constexpr void set_unless(bool is_unknown, const Fact& fact, Answer answer) noexcept {
    is_unknown ? forget(fact) : set(fact, answer);
  }

  [[nodiscard]] constexpr bool knows(const Fact& fact) const noexcept {
    return (unknown & fact.mask()) == 0;
  }

  /// Whether a fact with two answers is known to be true.
  [[nodiscard]] constexpr bool holds(const Fact& fact) const noexcept {
    return knows(fact) && facts.holds(fact);
  }
};

/// The answer, if it is the same for all values of the unknown bits; none if it depends on them, or
/// if all bits are unknown.
/// @param relevant  the bits that the question reads
template <class Question>
[[nodiscard]] constexpr auto certain(KnownFacts known, std::uint32_t relevant, Question question)
    -> std::optional<decltype(question(Facts{}))> {
  if (known.unknown == 0) return question(known.facts);
  if (known.unknown == all_facts) return std::nullopt;
  const std::uint32_t open = known.unknown & relevant;
  const std::uint32_t base = known.facts.bits() & ~open;
  const auto answer = question(Facts{base});
  for (std::uint32_t subset = open; subset != 0; subset = (subset - 1) & open) {
    if (question(Facts{base | subset}) != answer) return std::nullopt;
  }
  return answer;
}

/// The same for a question whose answer may itself be none.
template <class Question>
[[nodiscard]] constexpr auto certain_or_none(KnownFacts known, std::uint32_t relevant,
                                             Question question) -> decltype(question(Facts{})) {
  if (known.unknown == 0) return question(known.facts);
  return certain(known, relevant, question).value_or(std::nullopt);
}

}  // namespace fleetstatus
