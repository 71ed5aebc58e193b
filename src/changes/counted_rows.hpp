#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "changes/device_view.hpp"
#include "changes/uuids.hpp"

namespace fleetstatus {

/// Rows of a snapshot that take no part, each counted once.
struct SnapshotCounts {
  std::size_t unreadable = 0;
  std::size_t duplicates = 0;
  std::size_t without_uuid = 0;

  void add(const SnapshotCounts& more) noexcept {
    unreadable += more.unreadable;
    duplicates += more.duplicates;
    without_uuid += more.without_uuid;
  }
};

/// The devices of a snapshot: its rows by uuid, of several rows of one uuid the last.
class CountedRows {
 public:
  /// @param rows  must outlive this object
  explicit CountedRows(const DeviceRows& rows)
      : CountedRows(rows, Uuids{rows.table().column(ColumnId::uuid)}) {}

  /// @param uuids      those of `rows`
  /// @param last_rows  see `UuidIndex::last_rows`
  CountedRows(const DeviceRows& rows, const Uuids& uuids, std::vector<RowIndex> last_rows);

  [[nodiscard]] const Uuids& uuids() const noexcept { return uuids_; }

  /// Whether a row is the last of its device.
  [[nodiscard]] bool counts(std::size_t row) const noexcept { return last_row(row) == row; }

  /// The last row of the same uuid; `no_row` for a row without uuid.
  [[nodiscard]] std::size_t last_row(std::size_t row) const noexcept {
    if (uuids_.may_have_empty() && uuids_[row].empty()) return no_row;
    return last_rows_.empty() ? row : last_rows_[row];
  }

  /// Whether some row has an error and no uuid, so that a device that seems to be missing may not
  /// be.
  [[nodiscard]] bool has_lost_device() const noexcept { return has_lost_device_; }

  /// Counts the rows that take no part.
  /// @param is_in_scope  called with a row
  template <class InScope>
  [[nodiscard]] SnapshotCounts count_rest(InScope is_in_scope) const {
    SnapshotCounts rest;
    if (all_count()) return rest;
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      const bool is_counted = counts(row);
      if ((is_counted && rows_.reason(row)) || !is_in_scope(row)) continue;
      std::size_t& n = uuids_[row].empty() ? rest.without_uuid
                       : is_counted        ? rest.unreadable
                                           : rest.duplicates;
      ++n;
    }
    return rest;
  }

 private:
  CountedRows(const DeviceRows& rows, const Uuids& uuids);

  /// Whether each row is a device that is readable.
  [[nodiscard]] bool all_count() const {
    return last_rows_.empty() && !uuids_.may_have_empty() && rows_.are_all_readable();
  }

  const DeviceRows& rows_;
  Uuids uuids_;
  std::vector<RowIndex> last_rows_;  ///< of each row; empty if no uuid occurs twice
  bool has_lost_device_ = false;
};

/// Whether a row names neither a device nor a fleet, so that it may be of any fleet.
[[nodiscard]] inline bool is_nobody(const CountedRows& counted, const DeviceRows& rows,
                                    std::size_t row) {
  return counted.uuids()[row].empty() && !rows.fleet(row);
}

}  // namespace fleetstatus
