#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <utility>

#include "changes/compare.hpp"
#include "changes/device_memory.hpp"
#include "changes/tracker_options.hpp"

namespace fleetstatus {

/// When a look reads a device, and when one did before.
struct LookTimes {
  LookNumber number;     ///< of this look
  LookNumber previous;   ///< the last look that read the device
  Moments moments;       ///< of these two
  Milliseconds clock;    ///< of looks: time in gaps does not count
  Timestamp seen_since;  ///< when the status that this look sees began, as far as looks know
};

/// A change of status that is told now, between two looks.
struct ToldChange {
  Change change;
  Moments moments;
};

/// The status of a readable row.
[[nodiscard]] inline SeenStatus status_of(const DeviceView& device) {
  return {*device.reason, device.status, LinkFacts::of(device.facts)};
}

/// A remembered device as it was seen or told.
[[nodiscard]] DeviceView view_of(const Remembered& device, const SeenStatus& status);

/// The rules that decide which of the statuses that looks see are told: those that last, and none
/// of a device that flaps.
class StatusTracking {
 public:
  /// @param moment_of  returns the moment of a look
  StatusTracking(const TrackerOptions& options, std::function<Timestamp(LookNumber)> moment_of)
      : options_(options), moment_of_(std::move(moment_of)) {}

  /// Notes what a look sees of a device, whose `state.seen` is still that of the look before.
  /// @param after  the row, readable
  /// @return a change of kind status, reason, flapping or settled
  std::optional<ToldChange> note(Remembered& device, const DeviceView& after,
                                 const Comparison& comparison, const LookTimes& times);

  /// How many changes went back before they were told.
  [[nodiscard]] std::size_t n_flaps() const noexcept { return n_flaps_; }

 private:
  [[nodiscard]] bool is_held() const noexcept { return options_.hold > Milliseconds::zero(); }
  void note_late(Remembered& device, const SeenStatus& seen, const LookTimes& times) const;
  void count_status_change(Remembered& device, const SeenStatus& seen, Milliseconds clock) const;
  std::optional<ToldChange> note_flapping(Remembered& device, const SeenStatus& seen,
                                          const Comparison& comparison, const LookTimes& times);
  std::optional<ToldChange> tell_at_once(Remembered& device, const DeviceView& after,
                                         const Comparison& comparison, const LookTimes& times);
  std::optional<ToldChange> hold(Remembered& device, const DeviceView& after,
                                 const Comparison& comparison, const LookTimes& times);
  void begin_or_continue(Remembered& device, const DeviceView& after, const Comparison& comparison,
                         const LookTimes& times);
  ToldChange tell_pending(Remembered& device, const SeenStatus& seen, const Comparison& comparison);

  const TrackerOptions& options_;
  std::function<Timestamp(LookNumber)> moment_of_;
  std::size_t n_flaps_ = 0;
};

}  // namespace fleetstatus
