#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/facts.hpp"
#include "core/field.hpp"
#include "core/schemes.hpp"
#include "core/timestamp.hpp"
#include "table/column.hpp"

namespace fleetstatus {

/// The columns that every table has, in their order; carried columns follow.
enum class ColumnId : std::uint8_t {
  id,
  uuid,
  device_name,
  fleet,
  status,
  detail,
  reason,
  status_since,
  status_duration_s,
  attention,
  heartbeat,
  cloudlink,
  cloudlink_expected,
  heartbeat_state,
  heartbeat_since,
  cloudlink_since,
  heartbeat_window_s,
  capabilities,
  progress,
  update_status,
  update_status_since,
  update_status_duration_s,
  update_status_support,
  api_overall_status,
  error,
};

inline constexpr std::array<std::string_view, 25> column_names{
    "id",
    "uuid",
    "device_name",
    "fleet",
    "status",
    "detail",
    "reason",
    "status_since",
    "status_duration_s",
    "attention",
    "heartbeat",
    "cloudlink",
    "cloudlink_expected",
    "heartbeat_state",
    "heartbeat_since",
    "cloudlink_since",
    "heartbeat_window_s",
    "capabilities",
    "progress",
    "update_status",
    "update_status_since",
    "update_status_duration_s",
    "update_status_support",
    "api_overall_status",
    "error",
};

/// What a table is about.
struct TableInfo {
  StatusScheme scheme = StatusScheme::docs_2024_11;
  Timestamp now;                          ///< the moment that durations end at
  std::optional<Timestamp> newest_event;  ///< the latest time in the source
  std::vector<Gap> gaps;
};

/// The answers for a batch of devices: row i is record i. Never changes; copies share the columns.
class StatusTable {
 public:
  using NamedColumn = fleetstatus::NamedColumn;

  /// @param provisioning_state  what `detail` is taken from, whatever the scheme
  StatusTable(TableInfo info, std::vector<NamedColumn> columns, Column provisioning_state,
              std::vector<KnownFacts> facts);

  [[nodiscard]] std::size_t size() const noexcept { return facts_->size(); }
  [[nodiscard]] const TableInfo& info() const noexcept { return *info_; }
  [[nodiscard]] const std::vector<NamedColumn>& columns() const noexcept { return columns_; }
  [[nodiscard]] const Column& column(ColumnId id) const noexcept {
    return columns_[static_cast<std::size_t>(id)].second;
  }
  [[nodiscard]] const Column& provisioning_state() const noexcept { return provisioning_state_; }
  [[nodiscard]] const std::vector<KnownFacts>& facts() const noexcept { return *facts_; }

  /// The given rows, in the given order.
  [[nodiscard]] StatusTable take(std::span<const std::size_t> rows) const;

  /// The same with another column in one place.
  [[nodiscard]] StatusTable with(ColumnId id, Column column) const;

 private:
  std::shared_ptr<const TableInfo> info_;
  std::vector<NamedColumn> columns_;
  Column provisioning_state_;
  std::shared_ptr<const std::vector<KnownFacts>> facts_;
};

}  // namespace fleetstatus
