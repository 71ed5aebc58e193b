#include "changes/kept_values.hpp"

#include <string>
#include <string_view>

#include "changes/status_tracking.hpp"
#include "records/field.hpp"

namespace fleetstatus {
namespace {

constexpr std::uint8_t bit(KnownField field) noexcept { return static_cast<std::uint8_t>(field); }

constexpr bool has(std::uint8_t fields, KnownField field) noexcept {
  return (fields & bit(field)) != 0;
}

constexpr std::uint8_t link_events =
    bit(KnownField::vpn_event) | bit(KnownField::connectivity_event);

/// Whether the time of cloudlink's last change is of the kind that was read before, or of a better
/// one.
constexpr bool has_link_time(std::uint8_t known_fields, std::uint8_t fields) noexcept {
  return (known_fields & link_events & ~fields) == 0;
}

void set(std::optional<std::string>& to, std::optional<std::string_view> from) {
  if (from) to = std::string{*from};
}

}  // namespace

std::uint8_t fields_in(const Gaps* gaps) {
  unsigned fields = 0;
  const auto add = [&](KnownField known, Field field) {
    if (!lacks(gaps, field)) fields |= bit(known);
  };
  add(KnownField::name, Field::device_name);
  add(KnownField::fleet, Field::belongs_to__application);
  add(KnownField::release, Field::is_running__release);
  add(KnownField::update_status, Field::update_status);
  add(KnownField::update_event, Field::last_update_status_event);
  add(KnownField::heartbeat_since, Field::changed_api_heartbeat_state_on__date);
  add(KnownField::vpn_event, Field::last_vpn_event);
  add(KnownField::connectivity_event, Field::last_connectivity_event);
  return static_cast<std::uint8_t>(fields);
}

ComparedFields compared_with(std::uint8_t known_fields, std::uint8_t fields) {
  const auto both = [&](KnownField field) { return has(known_fields & fields, field); };
  ComparedFields compared;
  compared.name = both(KnownField::name);
  compared.fleet = both(KnownField::fleet);
  compared.release = both(KnownField::release);
  compared.update_status = both(KnownField::update_status);
  compared.update_event = both(KnownField::update_event);
  compared.heartbeat_since = both(KnownField::heartbeat_since);
  compared.cloudlink_since = (known_fields & link_events) == (fields & link_events);
  return compared;
}

void fill_in(DeviceView& row, const Remembered& remembered, std::uint8_t fields) {
  const DeviceView known = view_of(remembered, remembered.state.seen);
  const auto is_lost = [&](KnownField field) { return row.has_error || !has(fields, field); };
  const auto keep = [](auto& to, const auto& from, bool is_kept) {
    if (is_kept) to = from;
  };
  // Of names, fleets and releases null is never a value.
  keep(row.name, known.name, !row.name);
  keep(row.fleet, known.fleet, !row.fleet);
  if (!row.release && !row.release_id) {
    row.release = known.release;
    row.release_id = known.release_id;
  }
  keep(row.update_status, known.update_status,
       !row.update_status && is_lost(KnownField::update_status));
  keep(row.update_since, known.update_since,
       !row.update_since.is_set && is_lost(KnownField::update_event));
  keep(row.heartbeat_since, known.heartbeat_since,
       !row.heartbeat_since.is_set && is_lost(KnownField::heartbeat_since));
  const bool has_time = has_link_time(remembered.state.known_fields, fields);
  keep(row.cloudlink_since, known.cloudlink_since,
       !has_time || (row.has_error && !row.cloudlink_since.is_set));
  row.has_error = false;
}

void remember_values(Remembered& remembered, const DeviceView& row, std::uint8_t fields,
                     bool had_error) {
  DeviceState& state = remembered.state;
  unsigned known = state.known_fields;
  const auto note = [&](KnownField field, bool is_set) {
    if (has(fields, field) && (is_set || !had_error)) known |= bit(field);
  };
  note(KnownField::name, row.name.has_value());
  note(KnownField::fleet, row.fleet.has_value());
  note(KnownField::release, row.release || row.release_id);
  note(KnownField::update_status, row.update_status.has_value());
  note(KnownField::update_event, row.update_since.is_set);
  note(KnownField::heartbeat_since, row.heartbeat_since.is_set);
  if (has_link_time(state.known_fields, fields)) {
    known = (known & ~unsigned{link_events}) | (fields & link_events);
  }
  state.known_fields = static_cast<std::uint8_t>(known);
  set(remembered.name, row.name);
  set(remembered.fleet, row.fleet);
  if (row.release || row.release_id) {
    remembered.release_id = row.release_id;
    remembered.release.reset();
    set(remembered.release, row.release);
  }
  state.update_status =
      row.update_status ? static_cast<std::int8_t>(*row.update_status) : std::int8_t{-1};
  state.update_since = row.update_since.get();
  state.heartbeat_since = row.heartbeat_since.get();
  state.cloudlink_since = row.cloudlink_since.get();
}

}  // namespace fleetstatus
