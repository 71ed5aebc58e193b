#include "changes/diff.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "changes/change_columns.hpp"
#include "changes/compare.hpp"
#include "changes/differing_rows.hpp"
#include "changes/join_rows.hpp"

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

/// The rows whose mark is 0.
std::vector<RowIndex> rows_without(std::span<const std::uint8_t> marks) {
  std::vector<RowIndex> rows(marks.size());
  std::size_t n = 0;
  for (std::size_t row = 0; row < marks.size(); ++row) {
    rows[n] = static_cast<RowIndex>(row);
    n += static_cast<std::size_t>(marks[row] == 0);
  }
  rows.resize(n);
  return rows;
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
    const Uuids old_uuids{old_table.column(ColumnId::uuid)};
    const Uuids new_uuids{new_table.column(ColumnId::uuid)};
    JoinedRows joined = join_rows(old_uuids, new_uuids, n_threads());
    old_row_of_ = std::move(joined.old_row_of);
    old_rows_.emplace(old_, old_uuids, std::move(joined.old_last_rows));
    new_rows_.emplace(new_, new_uuids, std::move(joined.new_last_rows));
  }

  Difference make() {
    compare_rows();
    if (moments_.not_before == moments_.not_after && !rows_.empty()) refuse_other_answers();
    Difference difference{change_columns(rows_, n_threads()), {}, {}};
    difference.rest = old_rows_->count_rest([&](std::size_t row) {
      return fleets_.contains(old_.fleet(row)) || is_nobody(*old_rows_, old_, row);
    });
    difference.rest.add(new_rows_->count_rest([&](std::size_t row) {
      return is_new_row_in_scope(row) || is_nobody(*new_rows_, new_, row);
    }));
    return difference;
  }

 private:
  [[nodiscard]] std::size_t n_threads() const {
    constexpr std::size_t many_rows = std::size_t{1} << 16U;
    return old_.size() + new_.size() >= many_rows ? n_cores() : 1;
  }

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

  /// On several threads; the changes are in the order of rows all the same. Rows are compared while
  /// the caches hold what was read to find them.
  void compare_rows() {
    constexpr std::size_t n_at_once = 2048;
    const DifferingRows differing{old_.table(), new_.table(), old_row_of_, n_threads()};
    const std::size_t n_ranges = (new_.size() + n_at_once - 1) / n_at_once;
    std::vector<std::vector<ChangeRow>> parts(n_ranges + 1);
    do_in_parallel(parts.size(), Threads{n_threads()}, [&](std::size_t task) {
      if (task == n_ranges) {
        find_removed(parts[task]);
        return;
      }
      const std::size_t first = task * n_at_once;
      const std::size_t n = std::min(n_at_once, new_.size() - first);
      compare(differing.among(first, n), parts[task]);
    });
    std::size_t n_changes = 0;
    for (const auto& part : parts) n_changes += part.size();
    rows_.reserve(n_changes);
    for (const auto& part : parts) rows_.insert(rows_.end(), part.begin(), part.end());
  }

  void compare(std::span<const RowIndex> rows, std::vector<ChangeRow>& changes) const {
    std::vector<Change> changes_of_row;
    for (const std::size_t row : rows) {
      if (!is_new_row_in_scope(row)) continue;
      if (old_row_of_[row] != no_row) {
        changes_of_row.clear();
        compare(old_row_of_[row], row, changes_of_row, changes);
      } else if (new_rows_->counts(row) && new_.reason(row)) {
        push_added(row, changes);
      }
    }
  }

  void compare(std::size_t old_row, std::size_t new_row, std::vector<Change>& changes_of_row,
               std::vector<ChangeRow>& changes) const {
    const DeviceView before = old_[old_row];
    const DeviceView after = new_[new_row];
    if (!before.is_readable() || !after.is_readable()) return;
    comparison_.compare(before, after, moments_, changes_of_row);
    for (const Change& change : changes_of_row) {
      push(change, new_rows_->uuids()[new_row], after.name ? after.name : before.name,
           after.fleet ? after.fleet : before.fleet, changes);
    }
  }

  void push_added(std::size_t row, std::vector<ChangeRow>& changes) const {
    Change change{ChangeKind::added, std::nullopt, comparison_.label_of(new_.status(row))};
    change.reason = new_.reason(row);
    push(change, new_rows_->uuids()[row], new_.name(row), new_.fleet(row), changes);
  }

  /// 1 for each old row of a new one in the scope.
  [[nodiscard]] std::vector<std::uint8_t> found_old_rows() const {
    if (fleets_.has_all()) return rows_in(old_row_of_, old_.size());
    std::vector<RowIndex> found = old_row_of_;
    for (std::size_t row = 0; row < found.size(); ++row) {
      if (!is_new_row_in_scope(row)) found[row] = no_row;
    }
    return rows_in(found, old_.size());
  }

  void find_removed(std::vector<ChangeRow>& changes) const {
    if (!is_complete_ || new_rows_->has_lost_device()) return;
    for (const RowIndex row : rows_without(found_old_rows())) {
      if (!old_rows_->counts(row) || !old_.reason(row) || !fleets_.contains(old_.fleet(row)))
        continue;
      Change change{ChangeKind::removed, comparison_.label_of(old_.status(row)), std::nullopt};
      change.reason_before = old_.reason(row);
      push(change, old_rows_->uuids()[row], old_.name(row), old_.fleet(row), changes);
    }
  }

  void push(const Change& change, std::string_view uuid, std::optional<std::string_view> name,
            std::optional<std::string_view> fleet, std::vector<ChangeRow>& changes) const {
    changes.push_back({change, uuid, name, fleet, moments_.not_before, moments_.not_after});
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
  std::vector<RowIndex> old_row_of_;
  Moments moments_;
  Comparison comparison_;
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
