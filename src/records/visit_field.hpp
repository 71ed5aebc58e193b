#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "records/accepts.hpp"
#include "records/field.hpp"
#include "records/field_table.hpp"
#include "records/record_columns.hpp"
#include "rules/progress.hpp"

namespace fleetstatus {

// What each field may hold, and where that goes: said here alone, for whoever reads values one by
// one, and for whoever reads whole columns.

/// Calls `visit` with a column of times, and with what it accepts.
template <class Visit>
auto visit_time(OptionalColumn<Timestamp>& to, const SourceSettings& settings, Visit visit) {
  if (settings.assume_utc) return visit(to, accepts::TimeAssumingUtc{});
  return visit(to, accepts::Time{});
}

/// Calls `visit` with the columns of a field, and with what it accepts.
template <class Visit>
auto visit_field(Field field, RecordColumns& to, Visit visit) {
  const auto time = [&](auto& column) { return visit_time(column, to.settings, visit); };
  switch (field) {
    case Field::id: return visit(to.id, accepts::Integer{});
    case Field::uuid: return visit(to.uuid, accepts::Text{});
    case Field::device_name: return visit(to.device_name, accepts::Text{});
    case Field::is_active: return visit(to.is_active, accepts::Boolean{});
    case Field::is_frozen: return visit(to.is_frozen, accepts::Boolean{});
    case Field::is_connected_to_vpn: return visit(to.is_connected_to_vpn, accepts::Boolean{});
    case Field::is_online: return visit(to.is_online, accepts::Boolean{});
    case Field::api_heartbeat_state: return visit(to.heartbeat_state, accepts::Heartbeat{});
    case Field::last_connectivity_event: return time(to.last_connectivity_event);
    case Field::last_vpn_event: return time(to.last_vpn_event);
    case Field::changed_api_heartbeat_state_on__date: return time(to.heartbeat_changed);
    case Field::provisioning_state: return visit(to.provisioning_state, accepts::Text{});
    case Field::provisioning_progress: return visit(to.provisioning_progress, accepts::Integer32{});
    case Field::download_progress: return visit(to.download_progress, accepts::Integer32{});
    case Field::status: return visit(to.status, accepts::Status{});
    case Field::image_install: return visit(to.image_install, accepts::Installs{});
    case Field::current_services: return visit(to.current_services, accepts::Services{});
    case Field::current_services_by_app:
      return visit(to.current_services_by_app, accepts::ServicesByApp{});
    case Field::device_config_variable: return visit(to.device_configuration, accepts::Variables{});
    case Field::belongs_to__application: return visit(to.fleet, accepts::Fleet{});
    case Field::is_pinned_on__release: return visit(to.pinned_release, accepts::Release{});
    case Field::should_be_running__release: return visit(to.device_release, accepts::Release{});
    case Field::update_status: return visit(to.update_status, accepts::Update{});
    case Field::last_update_status_event: return time(to.last_update_status_event);
    case Field::supervisor_version: return visit(to.supervisor, accepts::Supervisor{});
    case Field::overall_status: return visit(to.overall_status, accepts::Text{});
    case Field::is_running__release: return visit(to.running_release, accepts::Running{});
    case Field::created_at: return time(to.created_at);
    case Field::is_web_accessible: return visit(to.is_web_accessible, accepts::Boolean{});
    case Field::name: return visit(to.name, accepts::Text{});
    case Field::last_seen_time: return time(to.last_seen_time);
    case Field::fleet: return visit(to.fleet_text, accepts::Text{});
    case Field::application: break;
  }
  return visit(to.application, accepts::Fleet{});
}

/// Calls `visit` with the typed column of a carried field, and with what it accepts.
template <class Visit>
auto visit_carried(CarriedColumn& to, const SourceSettings& settings, Visit visit) {
  switch (static_cast<CarriedType>(to.index())) {
    case CarriedType::integer:
      return visit(std::get<OptionalColumn<std::int64_t>>(to), accepts::Integer{});
    case CarriedType::real: return visit(std::get<OptionalColumn<double>>(to), accepts::Real{});
    case CarriedType::boolean: return visit(std::get<OptionalColumn<bool>>(to), accepts::Boolean{});
    case CarriedType::timestamp:
      return visit_time(std::get<OptionalColumn<Timestamp>>(to), settings, visit);
    case CarriedType::text: break;
  }
  return visit(std::get<OptionalColumn<std::string_view>>(to), accepts::Text{});
}

/// The same for what is read of a fleet, but for its id. `key` is none of `LinkKey`.
template <class Visit>
auto visit_fleet_member(FleetKey key, FleetColumns& to, Visit visit) {
  switch (key) {
    case FleetKey::slug: return visit(to.slug, accepts::Text{});
    case FleetKey::app_name: return visit(to.app_name, accepts::Text{});
    case FleetKey::variables: return visit(to.configuration, accepts::Variables{});
    default: return visit(to.release, accepts::Release{});
  }
}

/// What is read of installs: of one, in optional values, or of many, in columns.
template <template <class> class Optional>
struct InstallMembers {
  Optional<std::int64_t> id;
  Optional<InstallStatus> status;
  Optional<std::int32_t> progress;
  ReleaseMembers<Optional> release;
  Optional<std::int64_t> release_id;
  Optional<std::string_view> commit;

  /// Calls `visit` with the member of that key, and with what it accepts.
  template <class Visit>
  auto visit(InstallKey key, Visit visit) {
    switch (key) {
      case InstallKey::id: return visit(id, accepts::Integer{});
      case InstallKey::status: return visit(status, accepts::StatusOfInstall{});
      case InstallKey::download_progress: return visit(progress, accepts::Integer32{});
      case InstallKey::release_id: return visit(release_id, accepts::Integer{});
      case InstallKey::commit: return visit(commit, accepts::Text{});
      case InstallKey::release: break;
    }
    return visit(release, accepts::Release{});
  }
};

/// @param has_link  whether the install has a link to its release, be it an empty one
[[nodiscard]] inline Install to_install(const InstallMembers<std::optional>& members,
                                        bool has_link) noexcept {
  const std::string_view commit = members.commit.value_or(std::string_view{});
  const Release linked{members.release.id, members.release.commit.value_or(std::string_view{})};
  const Release release = has_link ? linked : Release{members.release_id, commit};
  return {members.id.value_or(0),
          release,
          has_link || release.is_set(),
          members.progress,
          members.status.value_or(InstallStatus::other),
          0};
}

}  // namespace fleetstatus
