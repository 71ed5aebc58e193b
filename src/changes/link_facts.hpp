#pragma once

#include <array>
#include <cstdint>

#include "rules/facts.hpp"

namespace fleetstatus {

/// The facts about links that a tracker remembers of a device, in few bits.
class LinkFacts {
 public:
  static constexpr std::array facts{&fact::heartbeat, &fact::cloudlink, &fact::library_online,
                                    &fact::cloudlink_expected};

  constexpr LinkFacts() = default;
  constexpr explicit LinkFacts(std::uint16_t bits) noexcept : bits_(bits) {}

  [[nodiscard]] static constexpr LinkFacts of(const KnownFacts& known) noexcept {
    unsigned bits = 0;
    unsigned shift = 0;
    for (const Fact* const fact : facts) {
      if (known.knows(*fact)) bits |= (known.facts.answer(*fact) | (1U << fact->width)) << shift;
      shift += fact->width + 1U;
    }
    return LinkFacts{static_cast<std::uint16_t>(bits)};
  }

  /// The same as facts; all others are unknown.
  [[nodiscard]] constexpr KnownFacts known() const noexcept {
    KnownFacts known{Facts{}, all_facts};
    unsigned shift = 0;
    for (const Fact* const fact : facts) {
      const unsigned bits = bits_ >> shift;
      if (((bits >> fact->width) & 1U) != 0) known.set(*fact, bits & ((1U << fact->width) - 1U));
      shift += fact->width + 1U;
    }
    return known;
  }

  [[nodiscard]] constexpr std::uint16_t bits() const noexcept { return bits_; }

  friend constexpr bool operator==(LinkFacts, LinkFacts) noexcept = default;

 private:
  std::uint16_t bits_ = 0;
};

/// Whether a device has the link that it should have: cloudlink, or the heartbeat where cloudlink
/// is turned off.
[[nodiscard]] constexpr bool has_link(const KnownFacts& known) noexcept {
  if (known.holds(fact::cloudlink)) return true;
  const bool is_expected =
      !known.knows(fact::cloudlink_expected) || known.facts.holds(fact::cloudlink_expected);
  if (is_expected || !known.knows(fact::heartbeat)) return false;
  const HeartbeatState heartbeat = known.facts.heartbeat();
  return heartbeat == HeartbeatState::online || heartbeat == HeartbeatState::timeout;
}

}  // namespace fleetstatus
