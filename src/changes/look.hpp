#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "changes/change_columns.hpp"
#include "changes/counted_rows.hpp"
#include "changes/device_memory.hpp"
#include "changes/outages.hpp"
#include "changes/snapshot.hpp"

namespace fleetstatus {

/// What a look leaves of one device.
struct TouchedDevice {
  std::size_t device;
  Remembered remembered;
  std::optional<std::size_t> row;  ///< the row of the look whose values are to be stored
};

/// A span of the log that has ended: looks saw a device with a status from `first` until `until`.
struct EndedSpan {
  std::size_t device;
  Timestamp first;
  Timestamp until;
  SeenStatus status;  ///< not set: the device was removed
};

/// What a look at a snapshot changes. A tracker knows it only when it is applied.
struct Look {
  LookNumber number = 0;
  Timestamp moment;
  SnapshotScope scope;
  SnapshotCounts rest;
  std::size_t n_rows = 0;
  std::size_t n_flaps = 0;
  Milliseconds clock{};                 ///< of looks, for flapping
  std::vector<NamedColumn> changes;     ///< see `change_columns`
  std::vector<std::int64_t> of_device;  ///< the device of each change; -1: of many
  std::vector<std::string> notes;
  std::shared_ptr<const Gaps> gaps;    ///< fields that the snapshot lacks; null if none
  bool has_lost_links = false;         ///< some device had its link lately and has none now
  std::vector<TouchedDevice> touched;  ///< in the order of rows, then missing ones
  std::vector<EndedSpan> ended_spans;
  std::vector<Outage> outages;     ///< those that last, and those that ended with it
  std::vector<std::size_t> reads;  ///< devices whose row was readable
};

}  // namespace fleetstatus
