#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/field.hpp"
#include "core/progress.hpp"
#include "core/record_columns.hpp"
#include "readers/accepts.hpp"
#include "readers/field_table.hpp"

namespace fleetstatus {

// What each field may hold, and where that goes: said here alone, for whoever reads values one by
// one, and for whoever reads whole columns.

/// Calls `visit` with the columns of a field, and with what it accepts.
template <class Visit>
auto visit_field(Field field, RecordColumns& to, Visit visit) {
  switch (field) {
    case Field::id: return visit(to.id, accepts::Integer{});
    case Field::uuid: return visit(to.uuid, accepts::Text{});
    case Field::device_name: return visit(to.device_name, accepts::Text{});
    case Field::is_active: return visit(to.is_active, accepts::Boolean{});
    case Field::is_frozen: return visit(to.is_frozen, accepts::Boolean{});
    case Field::is_connected_to_vpn: return visit(to.is_connected_to_vpn, accepts::Boolean{});
    case Field::is_online: return visit(to.is_online, accepts::Boolean{});
    case Field::api_heartbeat_state: return visit(to.heartbeat_state, accepts::Heartbeat{});
    case Field::last_connectivity_event: return visit(to.last_connectivity_event, accepts::Time{});
    case Field::last_vpn_event: return visit(to.last_vpn_event, accepts::Time{});
    case Field::changed_api_heartbeat_state_on__date:
      return visit(to.heartbeat_changed, accepts::Time{});
    case Field::provisioning_state: return visit(to.provisioning_state, accepts::Text{});
    case Field::provisioning_progress: return visit(to.provisioning_progress, accepts::Integer32{});
    case Field::download_progress: return visit(to.download_progress, accepts::Integer32{});
    case Field::status: return visit(to.status, accepts::Status{});
    case Field::image_install: return visit(to.image_install, accepts::Installs{});
    case Field::current_services: return visit(to.current_services, accepts::Services{});
    case Field::device_config_variable: return visit(to.device_configuration, accepts::Variables{});
    case Field::belongs_to__application: return visit(to.fleet_id, accepts::Fleet{});
    case Field::is_pinned_on__release: return visit(to.pinned_release, accepts::Release{});
    case Field::should_be_running__release: return visit(to.device_release, accepts::Release{});
    case Field::update_status: return visit(to.update_status, accepts::Update{});
    case Field::last_update_status_event:
      return visit(to.last_update_status_event, accepts::Time{});
    case Field::supervisor_version: return visit(to.update_status_support, accepts::Support{});
    case Field::overall_status: break;
  }
  return visit(to.overall_status, accepts::Text{});
}

/// The same for what is read of a fleet, but for its id. `key` is none of `LinkKey`.
template <class Visit>
auto visit_fleet_member(FleetKey key, RecordColumns& to, Visit visit) {
  switch (key) {
    case FleetKey::slug: return visit(to.fleet_slug, accepts::Text{});
    case FleetKey::app_name: return visit(to.fleet_app_name, accepts::Text{});
    case FleetKey::variables: return visit(to.fleet_configuration, accepts::Variables{});
    default: return visit(to.fleet_release, accepts::Release{});
  }
}

/// What is read of installs: of one, in optional values, or of many, in columns.
template <template <class> class Optional>
struct InstallMembers {
  Optional<std::int64_t> id;
  Optional<InstallStatus> status;
  Optional<std::int32_t> progress;
  Optional<std::int64_t> release;

  void resize(std::size_t n_installs) {
    id.resize(n_installs), status.resize(n_installs);
    progress.resize(n_installs), release.resize(n_installs);
  }

  /// Calls `visit` with the member of that key, and with what it accepts.
  template <class Visit>
  auto visit(InstallKey key, Visit visit) {
    switch (key) {
      case InstallKey::id: return visit(id, accepts::Integer{});
      case InstallKey::status: return visit(status, accepts::StatusOfInstall{});
      case InstallKey::download_progress: return visit(progress, accepts::Integer32{});
      case InstallKey::release: break;
    }
    return visit(release, accepts::Release{});
  }
};

[[nodiscard]] inline Install to_install(const InstallMembers<std::optional>& members) noexcept {
  return {members.id.value_or(0), members.release, members.progress,
          members.status.value_or(InstallStatus::other), 0};
}

}  // namespace fleetstatus
