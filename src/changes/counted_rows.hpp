#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "changes/device_view.hpp"

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
struct CountedRows {
  std::vector<std::string_view> uuids;  ///< of each row; empty if null
  std::vector<std::uint8_t> counts;     ///< whether the row stands for its device
  SnapshotCounts rest;                  ///< unreadable rows are in `counts` all the same
  bool has_lost_device = false;         ///< some row has an error and no uuid

  /// @param is_in_scope  1 for each row that takes part; empty: all do
  CountedRows(const DeviceRows& rows, std::span<const std::uint8_t> is_in_scope);
};

/// 1 for each row whose text occurs again in a later row. Texts that are empty do not count.
[[nodiscard]] std::vector<std::uint8_t> are_repeated(std::span<const std::string_view> texts);

/// For each new row that counts the old row of the same uuid, else -1.
[[nodiscard]] std::vector<std::int64_t> join_rows(const CountedRows& old_rows,
                                                  const CountedRows& new_rows);

}  // namespace fleetstatus
