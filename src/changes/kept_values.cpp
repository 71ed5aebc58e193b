#include "changes/kept_values.hpp"

#include <string>
#include <string_view>

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
  to = from ? std::optional{std::string{*from}} : std::nullopt;
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

void keep_links(DeviceView& row, LinkFacts known) {
  const KnownFacts before = known.known();
  for (const Fact* const fact : LinkFacts::facts) {
    if (!row.facts.knows(*fact) && before.knows(*fact)) {
      row.facts.set(*fact, before.facts.answer(*fact));
    }
  }
}

void remember_values(Remembered& remembered, const DeviceView& row, std::uint8_t fields) {
  DeviceState& state = remembered.state;
  unsigned known = state.known_fields;
  const auto is_told = [&](KnownField field, bool is_set) {
    const bool is_value = has(fields, field) && (is_set || !row.has_error);
    if (is_value) known |= bit(field);
    return is_value;
  };
  if (is_told(KnownField::name, row.name.has_value())) set(remembered.name, row.name);
  if (is_told(KnownField::fleet, row.fleet.has_value())) set(remembered.fleet, row.fleet);
  if (is_told(KnownField::release, row.release || row.release_id)) {
    remembered.release_id = row.release_id;
    set(remembered.release, row.release);
  }
  if (is_told(KnownField::update_status, row.update_status.has_value())) {
    const auto status = row.update_status;
    state.update_status = status ? static_cast<std::int8_t>(*status) : std::int8_t{-1};
  }
  if (is_told(KnownField::update_event, row.update_since.is_set)) {
    state.update_since = row.update_since.get();
  }
  if (is_told(KnownField::heartbeat_since, row.heartbeat_since.is_set)) {
    state.heartbeat_since = row.heartbeat_since.get();
  }
  const bool has_time = has_link_time(state.known_fields, fields);
  if (has_time && (row.cloudlink_since.is_set || !row.has_error)) {
    known = (known & ~unsigned{link_events}) | (fields & link_events);
    state.cloudlink_since = row.cloudlink_since.get();
  }
  state.known_fields = static_cast<std::uint8_t>(known);
}

}  // namespace fleetstatus
