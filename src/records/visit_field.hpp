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

// The column of each field and what the field accepts: the only definition, used both to read
// single values and to read whole columns.

/// Calls `visit` with a column of times and what it accepts.
template <class Visit>
[[gnu::always_inline]] inline auto visit_time(OptionalColumn<Timestamp>& to,
                                              const SourceSettings& settings, Visit visit) {
  if (settings.assume_utc) return visit(to, accepts::TimeAssumingUtc{});
  return visit(to, accepts::Time{});
}

/// Calls `visit` with the column of a field and what the field accepts.
template <class Visit>
[[gnu::always_inline]] inline auto visit_field(Field field, RecordColumns& to, Visit visit) {
  using enum FieldKind;
  switch (entry_of(field).kind) {
    case integer: return visit(to.of<integer>(field), accepts::Integer{});
    case integer32: return visit(to.of<integer32>(field), accepts::Integer32{});
    case boolean: return visit(to.of<boolean>(field), accepts::Boolean{});
    case text: return visit(to.of<text>(field), accepts::Text{});
    case timestamp: return visit_time(to.of<timestamp>(field), to.settings, visit);
    case heartbeat: return visit(to.of<heartbeat>(field), accepts::Heartbeat{});
    case update_status: return visit(to.of<update_status>(field), accepts::Update{});
    case device_status: return visit(to.of<device_status>(field), accepts::Status{});
    case supervisor: return visit(to.of<supervisor>(field), accepts::Supervisor{});
    case installs: return visit(to.of<installs>(field), accepts::Installs{});
    case services: return visit(to.of<services>(field), accepts::Services{});
    case services_by_app: return visit(to.of<services_by_app>(field), accepts::ServicesByApp{});
    case variables: return visit(to.of<variables>(field), accepts::Variables{});
    case fleet: return visit(to.of<fleet>(field), accepts::Fleet{});
    case release: return visit(to.of<release>(field), accepts::Release{});
    case running: break;
  }
  return visit(to.of<running>(field), accepts::Running{});
}

/// Calls `visit` with the typed column of a carried field and what the field accepts.
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

/// The same for a member of a fleet other than its id. Precondition: `key` is not one of `LinkKey`.
template <class Fleet, class Visit>
auto visit_fleet_member(FleetKey key, Fleet& to, Visit visit) {
  switch (key) {
    case FleetKey::slug: return visit(to.slug, accepts::Text{});
    case FleetKey::app_name: return visit(to.app_name, accepts::Text{});
    case FleetKey::variables: return visit(to.configuration, accepts::Variables{});
    default: return visit(to.release, accepts::Release{});
  }
}

/// The members that are read of an install: of one as optional values, of many as columns.
template <template <class> class Optional>
struct InstallMembers {
  Optional<std::int64_t> id;
  Optional<InstallStatus> status;
  Optional<std::int32_t> progress;
  ReleaseMembers<Optional> release;
  Optional<std::int64_t> release_id;
  Optional<std::string_view> commit;

  /// Calls `visit` with the member of a key and what the member accepts.
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

/// @param has_link  whether the install has a link to its release, even an empty one
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
