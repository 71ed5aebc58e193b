#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "changes/change_kind.hpp"
#include "changes/compared_fields.hpp"
#include "changes/device_view.hpp"
#include "rules/schemes.hpp"
#include "rules/timestamp.hpp"

namespace fleetstatus {

/// The moments of two looks, between which something changed.
struct Moments {
  Timestamp not_before;
  Timestamp not_after;
};

/// A change of one device. Texts are those of the compared devices, or constants.
struct Change {
  ChangeKind kind;
  std::optional<std::string_view> before = {};
  std::optional<std::string_view> after = {};
  std::optional<Reason> reason_before = {};
  std::optional<Reason> reason = {};
  std::optional<Cause> cause = {};
  std::optional<Timestamp> at = {};
  std::optional<std::int64_t> previous_duration_s = {};
};

/// The rules for what differs between two states of a device. Both must be readable.
class Comparison {
 public:
  Comparison(StatusScheme scheme, const ComparedFields& compared)
      : scheme_(scheme_of(scheme)), compared_(compared) {}

  /// Appends all changes of a device, in the order of `ChangeKind`.
  void compare(const DeviceView& before, const DeviceView& after, const Moments& moments,
               std::vector<Change>& changes) const;

  /// The change of status, reason or links; none if there is none.
  [[nodiscard]] std::optional<Change> compare_status(const DeviceView& before,
                                                     const DeviceView& after,
                                                     const Moments& moments) const;

  /// All other changes.
  void compare_rest(const DeviceView& before, const DeviceView& after, const Moments& moments,
                    std::vector<Change>& changes) const;

  /// The label of a status; none if there is none.
  [[nodiscard]] std::optional<std::string_view> label_of(std::int8_t status) const;

 private:
  [[nodiscard]] Cause cause_of(const DeviceView& before, const DeviceView& after) const;
  [[nodiscard]] std::optional<Change> compare_links(const DeviceView& before,
                                                    const DeviceView& after,
                                                    const Moments& moments) const;
  [[nodiscard]] std::optional<Change> compare_updates(const DeviceView& before,
                                                      const DeviceView& after,
                                                      const Moments& moments) const;
  [[nodiscard]] std::optional<bool> is_same_release(const DeviceView& before,
                                                    const DeviceView& after) const;
  [[nodiscard]] bool tells_update_status(const DeviceView& device) const;

  const Scheme& scheme_;
  ComparedFields compared_;
};

/// A time that lies between two looks, ends included, with a minute's grace on either side, since
/// a fetch takes a while and clocks count whole seconds; else none.
[[nodiscard]] std::optional<Timestamp> time_between(Read<Timestamp> time, const Moments& moments);

/// How long a state had lasted when it ended, in whole seconds, never negative.
/// @param at  when it ended; if none, it counts up to `not_after`
[[nodiscard]] std::optional<std::int64_t> lasted_s(std::optional<Timestamp> since,
                                                   std::optional<Timestamp> at,
                                                   Timestamp not_after);

}  // namespace fleetstatus
