#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/names.hpp"
#include "records/field.hpp"

namespace fleetstatus {

/// The type of a field. `records/visit_field.hpp` says how each is read, and
/// `records/record_columns.hpp` has the column type of each.
enum class FieldKind : std::uint8_t {
  integer,
  integer32,
  boolean,
  text,
  timestamp,
  heartbeat,
  update_status,
  device_status,
  supervisor,
  installs,  // from here on lists and objects
  services,
  services_by_app,
  variables,
  fleet,
  release,
  running,
};

inline constexpr std::size_t n_field_kinds = static_cast<std::size_t>(FieldKind::running) + 1;

/// The type of a field in the source, by kind.
inline constexpr auto field_kind_names = names_of<FieldKind>({
    {FieldKind::integer, "integer"},
    {FieldKind::integer32, "integer32"},
    {FieldKind::boolean, "boolean"},
    {FieldKind::text, "text"},
    {FieldKind::timestamp, "timestamp"},
    {FieldKind::heartbeat, "choice"},
    {FieldKind::update_status, "choice"},
    {FieldKind::device_status, "text"},
    {FieldKind::supervisor, "text"},
    {FieldKind::installs, "installs"},
    {FieldKind::services, "services"},
    {FieldKind::services_by_app, "services_by_app"},
    {FieldKind::variables, "variables"},
    {FieldKind::fleet, "fleet"},
    {FieldKind::release, "release"},
    {FieldKind::running, "running"},
});

/// Whether the rules need a field. Of the fields in a group of `alternatives` one is enough.
enum class Need : std::uint8_t {
  optional,
  in_some_record,   ///< otherwise a forgotten `$select` would silently change answers
  in_every_record,  ///< a link: never absent, never null
};

/// Which API can be asked for a field.
enum class Asked : std::uint8_t { of_any_api, of_the_cloud, of_none };

/// The properties of a field. The functions of `records/resolve.hpp` define what null means.
struct FieldEntry {
  Field field;
  std::string_view name;  ///< in the API's spelling
  FieldKind kind;
  Need need;
  Need need_in_library_2020;
  bool is_of_devices;  ///< no other resource of the API has it, so it identifies a device record
  /// What is unknown if no record has the field; `{reason}` is replaced by the label of that
  /// reason.
  std::string_view hides;
  std::string_view hides_in_library_2020 = {};  ///< empty: the same
  Asked asked = Asked::of_any_api;
  std::optional<Field> alias_of = {};  ///< the newer field, if this is an older name
};

inline constexpr std::array<FieldEntry, n_fields> field_table = [] {
  using enum FieldKind;
  using enum Need;
  using enum Asked;
  return std::array<FieldEntry, n_fields>{{
      {Field::id, "id", integer, optional, optional, false, "devices have no id"},
      {Field::uuid, "uuid", text, optional, optional, false, "devices cannot be found by uuid"},
      {Field::device_name, "device_name", text, optional, optional, true, "devices have no name"},
      {Field::is_active, "is_active", boolean, optional, in_some_record, true,
       "no device can show as {inactive}",
       "every device shows as {inactive} unless it is {ordered}, {preparing} or {shipped}",
       of_the_cloud},
      {Field::is_frozen, "is_frozen", boolean, optional, optional, true,
       "no device can show as {frozen}", "no device counts as frozen"},
      {Field::is_connected_to_vpn, "is_connected_to_vpn", boolean, in_every_record, optional, true,
       "whether cloudlink is up is not known, so no device has a status unless it is "
       "{before-links}",
       "is_online says whether cloudlink is up"},
      {Field::is_online, "is_online", boolean, in_every_record, in_some_record, true,
       "whether cloudlink is up is not known, so no device has a status unless it is "
       "{before-links}",
       "no device can show as {online} or {downloading-release}: {no-link}, {never-connected} or "
       "{shipped} instead"},
      {Field::api_heartbeat_state, "api_heartbeat_state", heartbeat, in_every_record, optional,
       true, "the heartbeat is not known, so no device has a status unless it is {before-links}",
       "the heartbeat is not known"},
      {Field::last_connectivity_event, "last_connectivity_event", timestamp, in_some_record,
       in_some_record, true,
       "a device whose cloudlink is down and that has no heartbeat yet shows as {never-connected}, "
       "never as {no-link}",
       "no device can show as {no-link}: {never-connected} instead"},
      {Field::last_vpn_event, "last_vpn_event", timestamp, optional, optional, true,
       "last_connectivity_event says since when cloudlink is up or down"},
      {Field::changed_api_heartbeat_state_on__date, "changed_api_heartbeat_state_on__date",
       timestamp, optional, optional, true,
       "since when a heartbeat is up or down, and so a status, is not known"},
      {Field::provisioning_state, "provisioning_state", text, in_some_record, in_some_record, true,
       "no device can show as {post-provisioning}"},
      {Field::provisioning_progress, "provisioning_progress", integer32, in_some_record,
       in_some_record, true, "no device that was connected before can show as {os-configuration}"},
      {Field::download_progress, "download_progress", integer32, in_some_record, in_some_record,
       false, "no device can show as {downloading-release} because it downloads a release"},
      {Field::status, "status", device_status, in_some_record, in_some_record, false,
       "no device can show as {downloading-release} because it downloads a release",
       "no device can show as {ordered}, {preparing} or {shipped}, nor as {downloading-release} "
       "because it downloads a release"},
      {Field::image_install, "image_install", installs, in_some_record, optional, false,
       "no device can show as {downloading-service} because it downloads a service",
       "the progress of services is not known"},
      {Field::current_services, "current_services", services, in_some_record, in_some_record, false,
       "no device can show as {downloading-service} because it downloads a service", "", of_none},
      {Field::current_services_by_app, "current_services_by_app", services_by_app, in_some_record,
       in_some_record, false,
       "no device can show as {downloading-service} because it downloads a service", "", of_none},
      {Field::device_config_variable, "device_config_variable", variables, optional, optional, true,
       "cloudlink counts as expected and the heartbeat window as the default, unless the fleet "
       "says "
       "otherwise"},
      {Field::belongs_to__application, "belongs_to__application", fleet, optional, optional, false,
       "fleets and their configuration are not known; cloudlink counts as expected unless the "
       "device says otherwise"},
      {Field::is_pinned_on__release, "is_pinned_on__release", release, optional, optional, true,
       "the target release is the device's own or the fleet's"},
      {Field::should_be_running__release, "should_be_running__release", release, optional, optional,
       false, "the target release is the pinned one or the fleet's"},
      {Field::update_status, "update_status", FieldKind::update_status, optional, optional, true,
       "update statuses are not known"},
      {Field::last_update_status_event, "last_update_status_event", timestamp, optional, optional,
       true, "update status durations are not known"},
      {Field::supervisor_version, "supervisor_version", supervisor, optional, optional, false,
       "whether a device can report an update status is not known"},
      {Field::overall_status, "overall_status", text, optional, optional, true,
       "the API's own answer cannot be compared"},
      {Field::is_running__release, "is_running__release", running, optional, optional, true,
       "which release runs, and whether it is the target, is not known"},
      {Field::created_at, "created_at", timestamp, optional, optional, false,
       "how long devices have waited for their first connection is not known: attention lists none "
       "of them"},
      {Field::is_web_accessible, "is_web_accessible", boolean, optional, optional, true,
       "whether public URLs are on is not known"},
      {Field::name, "name", text, optional, optional, false, "", "", of_none, Field::device_name},
      {Field::last_seen_time, "last_seen_time", timestamp, optional, optional, true, "", "",
       of_none, Field::last_connectivity_event},
      {Field::fleet, "fleet", text, optional, optional, false, "", "", of_none,
       Field::belongs_to__application},
      {Field::application, "application", FieldKind::fleet, optional, optional, false, "", "",
       of_none, Field::belongs_to__application},
  }};
}();

static_assert(is_in_order(field_table, &FieldEntry::field));

[[nodiscard]] constexpr const FieldEntry& entry_of(Field field) noexcept {
  return field_table[static_cast<std::size_t>(field)];
}

/// The index of each field among the fields of its kind.
inline constexpr std::array<std::size_t, n_fields> ranks_in_kind = [] {
  std::array<std::size_t, n_fields> ranks{};
  std::array<std::size_t, n_field_kinds> n_so_far{};
  for (std::size_t i = 0; i < n_fields; ++i) {
    ranks[i] = n_so_far[static_cast<std::size_t>(field_table[i].kind)]++;
  }
  return ranks;
}();

[[nodiscard]] constexpr std::size_t n_fields_of(FieldKind kind) noexcept {
  return static_cast<std::size_t>(std::ranges::count(field_table, kind, &FieldEntry::kind));
}

/// The fields that meet a condition.
template <class Condition>
[[nodiscard]] constexpr FieldSet fields_where(Condition condition) noexcept {
  FieldSet fields;
  for (const FieldEntry& entry : field_table) {
    if (condition(entry)) fields.insert(entry.field);
  }
  return fields;
}

inline constexpr FieldSet fields_of_devices =
    fields_where([](const FieldEntry& entry) { return entry.is_of_devices; });
inline constexpr FieldSet alias_fields =
    fields_where([](const FieldEntry& entry) { return entry.alias_of.has_value(); });

[[nodiscard]] constexpr FieldSet set_of(std::initializer_list<Field> fields) noexcept {
  FieldSet set;
  for (const Field field : fields) set.insert(field);
  return set;
}

/// Groups of fields: if a scheme needs a field of a group, any one of the group is enough.
inline constexpr std::array<FieldSet, 2> alternatives{
    set_of({Field::is_connected_to_vpn, Field::is_online}),
    set_of({Field::image_install, Field::current_services, Field::current_services_by_app})};

/// A field's name in the database: `_` becomes a space, `__` a hyphen.
[[nodiscard]] std::string database_spelling(std::string_view api_name);

// Keys of nested fields, in the API's spelling. The enumerators are their key indexes.
enum class InstallKey : std::uint8_t { id, status, download_progress, release, release_id, commit };
inline constexpr std::array<std::string_view, 6> install_keys{
    "id", "status", "download_progress", "is_provided_by__release", "release_id", "commit"};
enum class VariableKey : std::uint8_t { name, value };
inline constexpr std::array<std::string_view, 2> variable_keys{"name", "value"};
enum class TagKey : std::uint8_t { key, value };
inline constexpr std::array<std::string_view, 2> tag_keys{"tag_key", "value"};
enum class LinkKey : std::uint8_t { reference, id };
inline constexpr std::array<std::string_view, 2> link_keys{"__id", "id"};
enum class ReleaseKey : std::uint8_t { reference, id, commit, raw_version };
inline constexpr std::array<std::string_view, 3> release_keys{"__id", "id", "commit"};
inline constexpr std::array<std::string_view, 4> running_keys{"__id", "id", "commit",
                                                              "raw_version"};
enum class FleetKey : std::uint8_t { reference, id, slug, app_name, release, variables };
inline constexpr std::array<std::string_view, 6> fleet_keys{
    "__id", "id", "slug", "app_name", "should_be_running__release", "application_config_variable"};

// Keys that are not fields but show what an object is if it is not a device record.
enum class ShapeKey : std::uint8_t { records, devices, error, message };
inline constexpr std::array<std::string_view, 4> shape_keys{"d", "owns__device", "error",
                                                            "message"};

}  // namespace fleetstatus
