#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "records/record_columns.hpp"

namespace fleetstatus {

/// Types of the API's fields that are not text; all other carried fields are text.
/// Source: the API's data model of device and release.
inline constexpr auto carried_types = [] {
  using enum CarriedType;
  return std::to_array<std::pair<std::string_view, CarriedType>>({
      {"id", integer},
      {"cpu_temp", integer},
      {"cpu_usage", integer},
      {"download_progress", integer},
      {"memory_total", integer},
      {"memory_usage", integer},
      {"overall_progress", integer},
      {"provisioning_progress", integer},
      {"revision", integer},
      {"semver_major", integer},
      {"semver_minor", integer},
      {"semver_patch", integer},
      {"storage_total", integer},
      {"storage_usage", integer},
      {"has_public_url", boolean},
      {"is_active", boolean},
      {"is_connected_to_vpn", boolean},
      {"is_final", boolean},
      {"is_frozen", boolean},
      {"is_invalidated", boolean},
      {"is_online", boolean},
      {"is_passing_tests", boolean},
      {"is_undervolted", boolean},
      {"is_web_accessible", boolean},
      {"should_track_latest_release", boolean},
      {"changed_api_heartbeat_state_on__date", timestamp},
      {"created_at", timestamp},
      {"end_timestamp", timestamp},
      {"is_accessible_by_support_until__date", timestamp},
      {"is_finalized_at__date", timestamp},
      {"is_locked_until__date", timestamp},
      {"last_connectivity_event", timestamp},
      {"last_seen_time", timestamp},
      {"last_update_status_event", timestamp},
      {"last_vpn_event", timestamp},
      {"modified_at", timestamp},
      {"start_timestamp", timestamp},
      {"update_timestamp", timestamp},
  });
}();

}  // namespace fleetstatus
