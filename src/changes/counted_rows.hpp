#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "changes/device_view.hpp"

namespace fleetstatus {

inline constexpr std::size_t no_row = ~std::size_t{0};

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
  explicit CountedRows(const DeviceRows& rows);

  /// The uuid of each row; empty if null.
  [[nodiscard]] const std::vector<std::string_view>& uuids() const noexcept { return uuids_; }

  /// Whether a row is the last of its device.
  [[nodiscard]] bool counts(std::size_t row) const noexcept { return last_row(row) == row; }

  /// The last row of the same uuid; `no_row` for a row without uuid.
  [[nodiscard]] std::size_t last_row(std::size_t row) const noexcept {
    if (uuids_[row].empty()) return no_row;
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
    for (std::size_t row = 0; row < uuids_.size(); ++row) {
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
  const DeviceRows& rows_;
  std::vector<std::string_view> uuids_;
  std::vector<std::size_t> last_rows_;  ///< of each row; empty if no uuid occurs twice
  bool has_lost_device_ = false;
};

/// Whether a row names neither a device nor a fleet, so that it may be of any fleet.
[[nodiscard]] inline bool is_nobody(const CountedRows& counted, const DeviceRows& rows,
                                    std::size_t row) {
  return counted.uuids()[row].empty() && !rows.fleet(row);
}

/// The texts of a column; empty where null.
[[nodiscard]] std::vector<std::string_view> texts_in(const Column& column);

/// For each new row that counts the old row of the same uuid, else `no_row`.
[[nodiscard]] std::vector<std::size_t> join_rows(const CountedRows& old_rows,
                                                 const CountedRows& new_rows);

}  // namespace fleetstatus
