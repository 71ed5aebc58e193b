#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

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
};

/// What a column rests on: the records alone, or the scheme and the moment too.
enum class ColumnHome : std::uint8_t { records, answers };

struct ColumnEntry {
  std::string_view name;
  ColumnType type;
  ColumnHome home;
};

/// By ColumnId.
inline constexpr std::array<ColumnEntry, 27> column_table{{
    {"id", ColumnType::int64, ColumnHome::records},
    {"uuid", ColumnType::large_utf8, ColumnHome::records},
    {"device_name", ColumnType::large_utf8, ColumnHome::records},
    {"fleet", ColumnType::code32, ColumnHome::records},
    {"status", ColumnType::code8, ColumnHome::answers},
    {"detail", ColumnType::utf8, ColumnHome::answers},
    {"reason", ColumnType::code8, ColumnHome::answers},
    {"status_since", ColumnType::timestamp, ColumnHome::answers},
    {"status_duration_s", ColumnType::int64, ColumnHome::answers},
    {"release", ColumnType::code32, ColumnHome::records},
    {"on_target", ColumnType::boolean, ColumnHome::records},
    {"attention", ColumnType::code8, ColumnHome::answers},
    {"heartbeat", ColumnType::boolean, ColumnHome::records},
    {"cloudlink", ColumnType::boolean, ColumnHome::records},
    {"cloudlink_expected", ColumnType::boolean, ColumnHome::records},
    {"heartbeat_state", ColumnType::code8, ColumnHome::records},
    {"heartbeat_since", ColumnType::timestamp, ColumnHome::records},
    {"cloudlink_since", ColumnType::timestamp, ColumnHome::records},
    {"heartbeat_window_s", ColumnType::int32, ColumnHome::records},
    {"capabilities", ColumnType::uint16, ColumnHome::records},
    {"progress", ColumnType::int32, ColumnHome::records},
    {"update_status", ColumnType::code8, ColumnHome::records},
    {"update_status_since", ColumnType::timestamp, ColumnHome::records},
    {"update_status_duration_s", ColumnType::int64, ColumnHome::answers},
    {"update_status_support", ColumnType::code8, ColumnHome::records},
    {"api_overall_status", ColumnType::code32, ColumnHome::records},
    {"error", ColumnType::utf8, ColumnHome::answers},
}};

inline constexpr auto column_names = [] {
  std::array<std::string_view, column_table.size()> names;
  std::ranges::transform(column_table, names.begin(), &ColumnEntry::name);
  return names;
}();

[[nodiscard]] constexpr const ColumnEntry& entry_of(ColumnId id) noexcept {
  return column_table[static_cast<std::size_t>(id)];
}

/// Place of each column among those of its home.
inline constexpr auto column_places = [] {
  std::array<std::size_t, column_table.size()> places{};
  std::array<std::size_t, 2> n_of_home{};
  for (std::size_t i = 0; i < places.size(); ++i) {
    places[i] = n_of_home[static_cast<std::size_t>(column_table[i].home)]++;
  }
  return places;
}();

[[nodiscard]] constexpr std::size_t place_of(ColumnId id) noexcept {
  return column_places[static_cast<std::size_t>(id)];
}

/// The types of the columns of one home.
template <ColumnHome home>
inline constexpr auto types_of = [] {
  constexpr auto n = std::ranges::count(column_table, home, &ColumnEntry::home);
  std::array<ColumnType, n> types;
  std::size_t place = 0;
  for (const ColumnEntry& entry : column_table) {
    if (entry.home == home) types[place++] = entry.type;
  }
  return types;
}();

}  // namespace fleetstatus
