#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "rules/attention.hpp"
#include "rules/heartbeat.hpp"
#include "rules/rules.hpp"
#include "rules/update_status.hpp"
#include "table/column_type.hpp"

namespace fleetstatus {

/// The columns of every table: first those that it shows, in order, before the carried ones; then
/// those that only its answers need.
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
  release,
  on_target,
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
  provisioning_state,
  created_at,
  release_id,   ///< of the running release
  known_since,  ///< when the status began, where another source than the record knows it
  facts,        ///< bits
  unknown,      ///< bits of facts that are not known; null if all are known
};

/// Where the values of a column come from.
enum class ColumnOrigin : std::uint8_t {
  read,    ///< from the records, with the table
  answer,  ///< computed from other columns, on demand
  kept,    ///< from the records, but not shown
};

struct ColumnEntry {
  ColumnId id;
  std::string_view name;
  ColumnType type;
  ColumnOrigin origin;
  std::span<const std::string_view> labels = {};  ///< of code8; those of `status` are the scheme's
};

/// Indexed by ColumnId.
inline constexpr auto column_table = [] {
  using enum ColumnOrigin;
  using Id = ColumnId;
  using Type = ColumnType;
  return std::to_array<ColumnEntry>({
      {Id::id, "id", Type::int64, read},
      {Id::uuid, "uuid", Type::large_utf8, read},
      {Id::device_name, "device_name", Type::large_utf8, read},
      {Id::fleet, "fleet", Type::code32, read},
      {Id::status, "status", Type::code8, answer},
      {Id::detail, "detail", Type::utf8, answer},
      {Id::reason, "reason", Type::code8, answer, reasons.names},
      {Id::status_since, "status_since", Type::timestamp, answer},
      {Id::status_duration_s, "status_duration_s", Type::int64, answer},
      {Id::release, "release", Type::code32, read},
      {Id::on_target, "on_target", Type::boolean, read},
      {Id::attention, "attention", Type::code8, answer, attentions.names},
      {Id::heartbeat, "heartbeat", Type::boolean, answer},
      {Id::cloudlink, "cloudlink", Type::boolean, answer},
      {Id::cloudlink_expected, "cloudlink_expected", Type::boolean, answer},
      {Id::heartbeat_state, "heartbeat_state", Type::code8, read, heartbeat_states.names},
      {Id::heartbeat_since, "heartbeat_since", Type::timestamp, read},
      {Id::cloudlink_since, "cloudlink_since", Type::timestamp, read},
      {Id::heartbeat_window_s, "heartbeat_window_s", Type::int32, read},
      {Id::capabilities, "capabilities", Type::uint16, answer},
      {Id::progress, "progress", Type::int32, read},
      {Id::update_status, "update_status", Type::code8, read, update_statuses.names},
      {Id::update_status_since, "update_status_since", Type::timestamp, read},
      {Id::update_status_duration_s, "update_status_duration_s", Type::int64, answer},
      {Id::update_status_support, "update_status_support", Type::code8, answer,
       update_status_supports.names},
      {Id::api_overall_status, "api_overall_status", Type::code32, read},
      {Id::error, "error", Type::utf8, answer},
      {Id::provisioning_state, "provisioning_state", Type::code32, kept},
      {Id::created_at, "created_at", Type::timestamp, kept},
      {Id::release_id, "release_id", Type::int64, kept},
      {Id::known_since, "known_since", Type::timestamp, kept},
      {Id::facts, "facts", Type::int32, kept},
      {Id::unknown, "unknown", Type::int32, kept},
  });
}();

static_assert(is_in_order(column_table, &ColumnEntry::id));
static_assert([] {
  return std::ranges::is_partitioned(
      column_table, [](const ColumnEntry& entry) { return entry.origin != ColumnOrigin::kept; });
}());

[[nodiscard]] constexpr const ColumnEntry& entry_of(ColumnId id) noexcept {
  return column_table[static_cast<std::size_t>(id)];
}

/// The names of the columns that are shown.
inline constexpr auto column_names = [] {
  constexpr auto n_kept =
      std::ranges::count(column_table, ColumnOrigin::kept, &ColumnEntry::origin);
  std::array<std::string_view, column_table.size() - n_kept> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = column_table[i].name;
  return names;
}();

/// The columns of answers, or all others, which a table stores.
template <bool are_answers>
inline constexpr auto columns_that = [] {
  constexpr auto n_answers =
      std::ranges::count(column_table, ColumnOrigin::answer, &ColumnEntry::origin);
  std::array<ColumnId, are_answers ? n_answers : column_table.size() - n_answers> ids{};
  std::size_t next = 0;
  for (const ColumnEntry& entry : column_table) {
    if ((entry.origin == ColumnOrigin::answer) == are_answers) ids[next++] = entry.id;
  }
  return ids;
}();
inline constexpr auto& stored_columns = columns_that<false>;
inline constexpr auto& answer_columns = columns_that<true>;

[[nodiscard]] constexpr bool is_answer(ColumnId id) noexcept {
  return entry_of(id).origin == ColumnOrigin::answer;
}

/// The index of each column in `stored_columns` or in `answer_columns`.
inline constexpr auto column_indices = [] {
  std::array<std::size_t, column_table.size()> indices{};
  const auto number = [&](const auto& ids) {
    for (std::size_t i = 0; i < ids.size(); ++i) indices[static_cast<std::size_t>(ids[i])] = i;
  };
  number(stored_columns);
  number(answer_columns);
  return indices;
}();

[[nodiscard]] constexpr std::size_t index_of(ColumnId id) noexcept {
  return column_indices[static_cast<std::size_t>(id)];
}

}  // namespace fleetstatus
