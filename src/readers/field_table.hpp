#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "core/field.hpp"

namespace fleetstatus {

/// What a field holds on the wire.
enum class FieldKind : std::uint8_t {
  integer,
  integer32,
  boolean,
  text,
  choice,
  timestamp,
  installs,  // from here on: lists and objects
  services,
  variables,
  fleet,
  release,
};

inline constexpr std::array<std::string_view, 11> field_kind_names{
    "integer",  "integer32", "boolean",   "text",  "choice", "timestamp",
    "installs", "services",  "variables", "fleet", "release"};

/// Whether the rules can do without a field. Of two fields that share a group one is enough.
enum class Need : std::uint8_t {
  optional,
  in_some_record,   ///< else a forgotten `$select` would change answers silently
  in_every_record,  ///< a link: never absent, never null
};

/// All that a reader must know of a field. What null means is told by the functions of
/// `core/resolve.hpp`.
struct FieldEntry {
  Field field;
  std::string_view name;  ///< in the API's spelling
  FieldKind kind;
  Need need;
  Need need_in_library_2020;
  std::string_view hides;  ///< what cannot be told if no record has the field
  bool in_api = true;      ///< can be asked of the API
  bool cloud_only = false;
};

inline constexpr std::array<FieldEntry, n_fields> field_table{{
    {Field::id, "id", FieldKind::integer, Need::optional, Need::optional, "devices have no id"},
    {Field::uuid, "uuid", FieldKind::text, Need::optional, Need::optional,
     "devices cannot be found by uuid"},
    {Field::device_name, "device_name", FieldKind::text, Need::optional, Need::optional,
     "devices have no name"},
    {Field::is_active, "is_active", FieldKind::boolean, Need::optional, Need::in_some_record,
     "no device can show as Inactive", true, true},
    {Field::is_frozen, "is_frozen", FieldKind::boolean, Need::optional, Need::optional,
     "no device can show as Frozen"},
    {Field::is_connected_to_vpn, "is_connected_to_vpn", FieldKind::boolean, Need::in_every_record,
     Need::optional, "whether cloudlink is up is not known"},
    {Field::is_online, "is_online", FieldKind::boolean, Need::in_every_record, Need::in_some_record,
     "whether devices are online is not known; library-2020 says offline"},
    {Field::api_heartbeat_state, "api_heartbeat_state", FieldKind::choice, Need::in_every_record,
     Need::optional, "the heartbeat is not known"},
    {Field::last_connectivity_event, "last_connectivity_event", FieldKind::timestamp,
     Need::in_some_record, Need::in_some_record, "devices count as never connected"},
    {Field::last_vpn_event, "last_vpn_event", FieldKind::timestamp, Need::optional, Need::optional,
     "last_connectivity_event tells since when cloudlink is up or down"},
    {Field::changed_api_heartbeat_state_on__date, "changed_api_heartbeat_state_on__date",
     FieldKind::timestamp, Need::optional, Need::optional,
     "since when a heartbeat is up or down, and so a status, is not known"},
    {Field::provisioning_state, "provisioning_state", FieldKind::text, Need::in_some_record,
     Need::in_some_record, "no device can show as Post Provisioning"},
    {Field::provisioning_progress, "provisioning_progress", FieldKind::integer32,
     Need::in_some_record, Need::in_some_record, "no device can show that its OS is configured"},
    {Field::download_progress, "download_progress", FieldKind::integer32, Need::in_some_record,
     Need::in_some_record, "no device can show that it downloads a release"},
    {Field::status, "status", FieldKind::text, Need::in_some_record, Need::in_some_record,
     "no device can show that it downloads a release"},
    {Field::image_install, "image_install", FieldKind::installs, Need::in_some_record,
     Need::optional, "no device can show that it downloads a service"},
    {Field::current_services, "current_services", FieldKind::services, Need::in_some_record,
     Need::in_some_record, "no device can show that it downloads a service", false},
    {Field::device_config_variable, "device_config_variable", FieldKind::variables, Need::optional,
     Need::optional,
     "cloudlink counts as expected and the heartbeat window as the default, unless the fleet says "
     "otherwise"},
    {Field::belongs_to__application, "belongs_to__application", FieldKind::fleet, Need::optional,
     Need::optional,
     "fleets and their configuration are not known; cloudlink counts as expected unless the device "
     "says otherwise"},
    {Field::is_pinned_on__release, "is_pinned_on__release", FieldKind::release, Need::optional,
     Need::optional, "the target release is the fleet's"},
    {Field::should_be_running__release, "should_be_running__release", FieldKind::release,
     Need::optional, Need::optional, "the target release is the pinned one or the fleet's"},
    {Field::update_status, "update_status", FieldKind::choice, Need::optional, Need::optional,
     "update statuses are not known"},
    {Field::last_update_status_event, "last_update_status_event", FieldKind::timestamp,
     Need::optional, Need::optional, "update status durations are not known"},
    {Field::supervisor_version, "supervisor_version", FieldKind::text, Need::optional,
     Need::optional, "whether a device can report an update status is not known"},
    {Field::overall_status, "overall_status", FieldKind::text, Need::optional, Need::optional,
     "the API's own answer cannot be compared"},
}};

static_assert([] {
  for (std::size_t i = 0; i < n_fields; ++i) {
    if (field_table[i].field != static_cast<Field>(i)) return false;
  }
  return true;
}());

[[nodiscard]] constexpr const FieldEntry& entry_of(Field field) noexcept {
  return field_table[static_cast<std::size_t>(field)];
}

/// Either of two fields will do.
struct Alternative {
  Field field;
  Field instead;
};
inline constexpr std::array<Alternative, 2> alternatives{
    {{Field::is_connected_to_vpn, Field::is_online},
     {Field::image_install, Field::current_services}}};

/// A field's name as it stands in the database: `_` = space, `__` = hyphen.
[[nodiscard]] std::string database_spelling(std::string_view api_name);

// Keys inside of the nested fields, in the API's spelling. Their places are the enumerators.
enum class InstallKey : std::uint8_t { id, status, download_progress, release };
inline constexpr std::array<std::string_view, 4> install_keys{"id", "status", "download_progress",
                                                              "is_provided_by__release"};
enum class VariableKey : std::uint8_t { name, value };
inline constexpr std::array<std::string_view, 2> variable_keys{"name", "value"};
enum class LinkKey : std::uint8_t { reference, id };
inline constexpr std::array<std::string_view, 2> link_keys{"__id", "id"};
enum class FleetKey : std::uint8_t { reference, id, slug, app_name, release, variables };
inline constexpr std::array<std::string_view, 6> fleet_keys{
    "__id", "id", "slug", "app_name", "should_be_running__release", "application_config_variable"};

}  // namespace fleetstatus
