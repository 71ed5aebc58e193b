#include "changes/diff.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "changes/change_columns.hpp"
#include "changes/compare.hpp"
#include "changes/differing_rows.hpp"

namespace fleetstatus {
namespace {

[[noreturn]] void refuse(std::string_view by, Timestamp old_time, Timestamp new_time) {
  throw SnapshotError("the new snapshot is older than the old one, by " + std::string{by} + ": " +
                      format_timestamp(new_time) + " comes before " + format_timestamp(old_time) +
                      "\nGive the older one first.");
}

/// Whether the moment of a table is one at which its data was current.
bool is_of_data(const TableInfo& info) {
  return info.now_source == NowSource::given || info.now_source == NowSource::fetched_at;
}

/// The moments of two snapshots. The time of a file proves no order, since copies and archives
/// change it; then the newest events decide.
Moments moments_of(const TableInfo& old_info, const TableInfo& new_info) {
  if (is_of_data(old_info) && is_of_data(new_info)) {
    if (new_info.now < old_info.now) refuse("their moments", old_info.now, new_info.now);
    return {old_info.now, new_info.now};
  }
  const auto old_event = old_info.newest_event;
  const auto new_event = new_info.newest_event;
  if (old_event && new_event && *new_event < *old_event) {
    refuse("their newest events", *old_event, *new_event);
  }
  if (old_info.now <= new_info.now) return {old_info.now, new_info.now};
  return {std::min(old_event.value_or(new_info.now), new_info.now), new_info.now};
}

/// Collects the changes of two snapshots, in the order of the new rows, then of the old ones.
class Differ {
 public:
  Differ(const StatusTable& old_table, const StatusTable& new_table, const SnapshotScope& scope)
      : is_complete_(scope.is_complete),
        fleets_(scope),
        old_(old_table),
        new_(new_table),
        moments_(moments_of(old_table.info(), new_table.info())),
        comparison_(new_table.info().scheme,
                    compared_fields(old_table.info().gaps.get(), new_table.info().gaps.get())) {
    const bool is_large = old_.size() + new_.size() >= many_rows;
    do_in_parallel(2, Threads{is_large ? n_cores() : 1}, [&](std::size_t side) {
      side == 0 ? old_rows_.emplace(old_) : new_rows_.emplace(new_);
    });
    old_row_of_ = join_rows(*old_rows_, *new_rows_);
  }

  Difference make() {
    compare_rows();
    if (is_complete_ && !new_rows_->has_lost_device()) find_removed();
    if (moments_.not_before == moments_.not_after && !rows_.empty()) refuse_other_answers();
    Difference difference{change_columns(rows_), {}, {}};
    difference.rest = old_rows_->count_rest([&](std::size_t row) {
      return fleets_.contains(old_.fleet(row)) || is_nobody(*old_rows_, old_, row);
    });
    difference.rest.add(new_rows_->count_rest([&](std::size_t row) {
      return is_new_row_in_scope(row) || is_nobody(*new_rows_, new_, row);
    }));
    return difference;
  }

 private:
  static constexpr std::size_t many_rows = std::size_t{1} << 16U;

  /// A row that names no fleet is of the fleet that the device was in.
  [[nodiscard]] bool is_new_row_in_scope(std::size_t row) const {
    if (fleets_.has_all()) return true;
    auto fleet = new_.fleet(row);
    const std::size_t last_row = new_rows_->last_row(row);
    if (!fleet && last_row != no_row && old_row_of_[last_row] != no_row) {
      fleet = old_.fleet(old_row_of_[last_row]);
    }
    return fleets_.contains(fleet);
  }

  void compare_rows() {
    const auto may_be_other = may_differ(old_.table(), new_.table(), runs_of_pairs());
    for (std::size_t row = 0; row < old_row_of_.size(); ++row) {
      if (old_row_of_[row] != no_row) {
        if (may_be_other[row] != 0 && is_new_row_in_scope(row)) compare(old_row_of_[row], row);
      } else if (new_rows_->counts(row) && new_.reason(row) && is_new_row_in_scope(row)) {
        push_added(row);
      }
    }
  }

  [[nodiscard]] std::vector<RowRun> runs_of_pairs() const {
    constexpr std::size_t longest = 4096;
    std::vector<RowRun> runs;
    for (std::size_t row = 0; row < old_row_of_.size(); ++row) {
      const std::size_t old_row = old_row_of_[row];
      if (old_row == no_row) continue;
      const bool goes_on = !runs.empty() && runs.back().size < longest &&
                           runs.back().new_first + runs.back().size == row &&
                           runs.back().old_first + runs.back().size == old_row;
      if (goes_on) {
        ++runs.back().size;
      } else {
        runs.push_back({old_row, row, 1});
      }
    }
    return runs;
  }

  void compare(std::size_t old_row, std::size_t new_row) {
    const DeviceView before = old_[old_row];
    const DeviceView after = new_[new_row];
    if (!before.is_readable() || !after.is_readable()) return;
    changes_.clear();
    comparison_.compare(before, after, moments_, changes_);
    for (const Change& change : changes_) {
      push(change, new_rows_->uuids()[new_row], after.name ? after.name : before.name,
           after.fleet ? after.fleet : before.fleet);
    }
  }

  void push_added(std::size_t row) {
    const DeviceView device = new_[row];
    Change change{ChangeKind::added, std::nullopt, comparison_.label_of(device.status)};
    change.reason = device.reason;
    push(change, new_rows_->uuids()[row], device.name, device.fleet);
  }

  void find_removed() {
    std::vector<std::uint8_t> is_found(old_.size());
    for (std::size_t row = 0; row < old_row_of_.size(); ++row) {
      if (old_row_of_[row] != no_row && is_new_row_in_scope(row)) is_found[old_row_of_[row]] = 1;
    }
    for (std::size_t row = 0; row < old_.size(); ++row) {
      const bool is_expected = old_rows_->counts(row) && is_found[row] == 0;
      if (!is_expected || !old_.reason(row) || !fleets_.contains(old_.fleet(row))) continue;
      const DeviceView device = old_[row];
      Change change{ChangeKind::removed, comparison_.label_of(device.status), std::nullopt};
      change.reason_before = device.reason;
      push(change, old_rows_->uuids()[row], device.name, device.fleet);
    }
  }

  void push(const Change& change, std::string_view uuid, std::optional<std::string_view> name,
            std::optional<std::string_view> fleet) {
    rows_.push_back({change, uuid, name, fleet, moments_.not_before, moments_.not_after});
  }

  [[noreturn]] void refuse_other_answers() const {
    const ChangeRow& row = rows_.front();
    throw SnapshotError("both snapshots are of " + format_timestamp(moments_.not_after) +
                        ", but they differ: " + std::to_string(rows_.size()) +
                        " changes, the first of device " + std::string{*row.uuid} +
                        "\nGive snapshots of different moments, with now= if the data has none.");
  }

  bool is_complete_;
  FleetsInScope fleets_;
  DeviceRows old_;
  DeviceRows new_;
  std::optional<CountedRows> old_rows_;
  std::optional<CountedRows> new_rows_;
  std::vector<std::size_t> old_row_of_;
  Moments moments_;
  Comparison comparison_;
  std::vector<Change> changes_;
  std::vector<ChangeRow> rows_;
};

}  // namespace

Difference diff(const StatusTable& old_table, const StatusTable& new_table,
                const SnapshotScope& scope) {
  if (old_table.info().scheme != new_table.info().scheme) {
    throw ArgumentError("the snapshots have different schemes");
  }
  Difference difference = Differ{old_table, new_table, scope}.make();
  if (old_table.size() > 0 && new_table.size() > 0) {
    difference.notes = notes_on(old_table.info().gaps.get(), new_table.info().gaps.get());
  }
  return difference;
}

}  // namespace fleetstatus
