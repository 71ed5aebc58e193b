#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "changes/device_memory.hpp"
#include "changes/look.hpp"
#include "changes/outages.hpp"
#include "changes/snapshot.hpp"
#include "changes/tracker_options.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// A look of the past.
struct PastLook {
  LookNumber number;
  Timestamp moment;
  SnapshotScope scope;
  std::shared_ptr<const Gaps> gaps = {};  ///< fields that it lacked; null if none
};

/// What a tracker knows of earlier looks.
struct TrackerMemory {
  DeviceMemory devices;
  std::vector<Timestamp> look_moments;     ///< of look i + 1
  Milliseconds clock{};                    ///< time between looks, without gaps
  bool has_complete_look = false;          ///< some look was meant to hold all devices
  std::set<std::string> fleets_looked_at;  ///< by looks that were meant to hold these
  std::shared_ptr<const Gaps> last_gaps;   ///< fields that the last look lacked
  Timestamp last_loss{};        ///< the last look at which a device had lost its link lately
  std::vector<Outage> outages;  ///< those that last
  std::size_t n_outages = 0;    ///< so far

  [[nodiscard]] std::size_t n_looks() const noexcept { return look_moments.size(); }
  [[nodiscard]] Timestamp moment_of(LookNumber look) const { return look_moments.at(look - 1); }
};

/// Compares each snapshot with what is known of its devices. Not thread-safe.
class Tracker {
 public:
  explicit Tracker(TrackerOptions options) : options_(options) {}

  [[nodiscard]] const TrackerOptions& options() const noexcept { return options_; }
  [[nodiscard]] const TrackerMemory& memory() const noexcept { return memory_; }

  /// Finds out what a look changes, and changes nothing.
  /// @param table        in the tracker's scheme
  /// @param max_removed  the share of the devices looked for that may be missing; 1: all
  /// @throws SnapshotError  if the look is older than the last one, has other answers for its
  ///                        moment, or lacks too many devices
  [[nodiscard]] Look look(const StatusTable& table, const SnapshotScope& scope,
                          double max_removed) const;

  /// Remembers a look, which must be the result of the last call of `look`.
  void apply(const Look& look);

  // The memory of an earlier process: looks first, then devices by number, then outages.
  void load(const PastLook& look);
  void load(std::size_t device, Remembered remembered);
  void load(Outage outage);

  /// Makes room for devices to load, or gives back what was too much after all are loaded.
  void reserve(std::size_t n_devices) { memory_.devices.reserve(n_devices, 0); }
  void shrink() { memory_.devices.shrink(); }

  /// Forgets devices that are no longer in the log.
  void forget(std::span<const std::size_t> devices) { memory_.devices.forget(devices); }

 private:
  void note_look(Timestamp moment, const SnapshotScope& scope);

  TrackerOptions options_;
  TrackerMemory memory_;
  LookNumber last_complete_ = 0;                               ///< while devices are loaded
  std::unordered_map<std::string, LookNumber> last_of_fleet_;  ///< likewise
};

}  // namespace fleetstatus
