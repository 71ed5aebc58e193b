#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "changes/compare.hpp"
#include "changes/counted_rows.hpp"
#include "changes/device_view.hpp"
#include "changes/look.hpp"
#include "changes/snapshot.hpp"
#include "changes/status_tracking.hpp"
#include "changes/tracker_options.hpp"

namespace fleetstatus {

struct TrackerMemory;

/// Makes the result of one look.
class LookBuilder {
 public:
  LookBuilder(const TrackerOptions& options, const TrackerMemory& memory, const StatusTable& table,
              const SnapshotScope& scope);

  Look make(double max_removed);

 private:
  static constexpr std::size_t nobody = ~std::size_t{0};

  void check_moment() const;
  void match_rows();
  void check_missing(double max_removed) const;
  void read_row(std::size_t row);
  void read_new(std::size_t row, std::size_t device);
  void read_returned(std::size_t row, std::size_t device);
  void read_known(std::size_t row, std::size_t device);
  void check_same_answers(std::size_t row, std::size_t device) const;
  void miss(std::size_t device);
  void remove(std::size_t device);
  [[nodiscard]] const DeviceState& state_after(std::size_t device) const;
  [[nodiscard]] LinkHistory link_of(std::size_t device) const;
  void find_outages();

  [[nodiscard]] bool is_as_before(std::size_t row, std::size_t device) const;
  [[nodiscard]] bool is_worth_writing(const Remembered& old, const Remembered& now) const;
  [[nodiscard]] bool is_remembered(std::size_t device) const;
  [[nodiscard]] bool is_row_in_scope(std::size_t row) const;
  [[nodiscard]] bool is_looked_for(std::size_t device) const;
  [[nodiscard]] bool is_first_look_at(std::optional<std::string_view> fleet) const;
  [[nodiscard]] Timestamp moment_of(LookNumber look) const;
  [[nodiscard]] Moments moments_of(const DeviceState& state) const;

  void touch(std::size_t device, Remembered remembered, std::optional<std::size_t> row);
  void push(std::size_t device, const DeviceView& view, const Change& change,
            const Moments& moments);
  void next_span(Remembered& remembered, std::size_t device, Timestamp until, Timestamp first);
  void follow_status(Remembered& remembered, std::size_t device, const DeviceView& before,
                     const DeviceView& after, const Comparison& comparison);
  [[nodiscard]] std::vector<ChangeRow> rows_of_outages() const;
  void finish_changes();

  const TrackerOptions& options_;
  const TrackerMemory& memory_;
  const SnapshotScope& scope_;
  FleetsInScope fleets_;
  DeviceRows rows_;
  CountedRows counted_;
  std::uint8_t fields_;  ///< bits of `KnownField` that the table has
  std::vector<std::uint64_t> fingerprints_;
  StatusTracking tracking_;
  Look look_;

  std::vector<std::size_t> device_of_row_;
  std::vector<std::size_t> out_of_scope_;  ///< rows of other fleets
  std::vector<std::uint8_t> is_present_;   ///< of known devices: some row is of it
  std::vector<std::size_t> missing_;       ///< devices that the look was meant to hold
  std::deque<TouchedDevice> touched_;
  std::vector<std::int64_t> touched_of_;  ///< index in `touched_` of each device; -1: none
  std::deque<Remembered> before_;         ///< owns texts that changes view
  std::vector<ChangeRow> changes_;
  std::vector<std::size_t> of_device_;
  std::optional<OutageTracking> outages_;
};

}  // namespace fleetstatus
