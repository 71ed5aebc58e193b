#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "changes/compared_fields.hpp"
#include "changes/link_facts.hpp"
#include "rules/reasons.hpp"
#include "rules/timestamp.hpp"
#include "rules/update_status.hpp"

namespace fleetstatus {

/// The number of a look, from 1.
using LookNumber = std::uint32_t;

/// A time that may be absent, in 8 bytes.
class MaybeTime {
 public:
  constexpr MaybeTime() = default;
  constexpr MaybeTime(
      std::optional<Timestamp> time) noexcept  // NOLINT(google-explicit-constructor)
      : ms_(time ? time->time_since_epoch().count() : none) {}

  [[nodiscard]] constexpr std::optional<Timestamp> get() const noexcept {
    return ms_ == none ? std::nullopt : std::optional{Timestamp{Milliseconds{ms_}}};
  }

  friend constexpr bool operator==(MaybeTime, MaybeTime) noexcept = default;

 private:
  static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::min();
  std::int64_t ms_ = none;
};

/// A status with its reason and links, as a look saw it or as the log told it.
struct SeenStatus {
  Reason reason = Reason::unknown;  ///< unknown: none yet
  std::int8_t status = -1;          ///< index in the scheme's labels; -1 if none
  LinkFacts links;

  [[nodiscard]] bool is_set() const noexcept { return reason != Reason::unknown; }

  /// Whether two are the same for people.
  [[nodiscard]] bool is_same(const SeenStatus& other) const noexcept {
    return reason == other.reason && status == other.status;
  }

  friend bool operator==(const SeenStatus&, const SeenStatus&) = default;
};

/// What a tracker remembers of a device. There may be hundreds of thousands, so it is small.
struct DeviceState {
  std::uint64_t fingerprint = 0;  ///< of the last row read; see `fingerprints_of`
  MaybeTime heartbeat_since;
  MaybeTime cloudlink_since;
  MaybeTime update_since;
  MaybeTime update_began;  ///< when the update status began, as far as looks know
  MaybeTime seen_since;    ///< when `seen` began, as far as looks know
  MaybeTime told_since;    ///< likewise for `told`
  MaybeTime span_first;    ///< begin of the open span of the log
  std::uint32_t uuid = 0;  ///< place in the memory's texts
  std::uint32_t name = 0;  ///< likewise
  std::int32_t fleet = -1;
  std::int32_t release = -1;
  LookNumber last_read = 0;
  LookNumber last_linked = 0;      ///< the last look that read it with a link; 0: none
  SeenStatus seen;                 ///< of the last row read
  SeenStatus told;                 ///< what the log told last
  std::int8_t steady_status = -1;  ///< of the last row read whose heartbeat was not late
  std::int8_t update_status = -1;  ///< -1: none
  std::uint8_t known_fields = 0;   ///< bits of `KnownField`
  bool is_removed : 1 = false;
  bool is_flapping : 1 = false;
  bool is_unsettled : 1 = false;   ///< whether there are `Extras`
  bool follows_scope : 1 = false;  ///< read by the last look that was meant to hold it

  friend bool operator==(const DeviceState&, const DeviceState&) = default;
};

/// The fields whose last known value is kept while data lacks them.
enum class KnownField : std::uint8_t {
  name = 1,
  fleet = 2,
  release = 4,
  update_status = 8,
  update_event = 16,
  heartbeat_since = 32,
  vpn_event = 64,
  connectivity_event = 128,
};

/// A change of status that has not lasted long enough to be told.
struct Pending {
  SeenStatus status;
  Timestamp start;              ///< when it began, from which the hold counts
  std::optional<Timestamp> at;  ///< when the present status began, where a field says so
  LookNumber agreed = 0;        ///< the last look that read what is told
  LookNumber first_seen = 0;    ///< the first look that read the present status

  friend bool operator==(const Pending&, const Pending&) = default;
};

/// What only few devices have.
struct Extras {
  std::optional<Pending> pending;
  std::vector<Milliseconds> status_changes;  ///< moments on the tracker's clock of looks
  std::optional<Timestamp> removed_at;
  LookNumber agreed = 0;  ///< the last look that read what is told, where a late heartbeat hides it
  LinkFacts agreed_links;  ///< as that look read them, while a change is held

  [[nodiscard]] bool is_empty() const noexcept {
    return !pending && status_changes.empty() && !removed_at && agreed == 0;
  }

  friend bool operator==(const Extras&, const Extras&) = default;
};

}  // namespace fleetstatus
