#include "core/resolve.hpp"

namespace fleetstatus {
namespace {

/// Before 2013 there was nothing to connect to; old databases hold such dates for "never".
constexpr Timestamp first_plausible_connection =
    std::chrono::sys_days{std::chrono::year{2013} / 1 / 1};

template <class T>
Read<T> unreadable_value() {
  return {std::nullopt, true};
}

/// What the first level that configures something says: the device, then its fleet.
template <class Setting>
auto configured(const RecordColumns& records, std::size_t record, FieldSet unreadable,
                Setting setting) {
  using Result = Read<typename decltype(setting(Configuration{}))::value_type>;
  if (unreadable.contains(Field::device_config_variable)) return Result{std::nullopt, true};
  if (const auto device = records.device_configuration[record]) {
    if (const auto value = setting(*device)) return Result{value};
  }
  if (unreadable.contains(Field::belongs_to__application)) return Result{std::nullopt, true};
  if (const auto fleet = records.fleet_configuration[record]) return Result{setting(*fleet)};
  return Result{};
}

void set_flag(KnownFacts& known, const Fact& fact, bool yes) { known.facts.set(fact, yes); }

void set_or_forget(KnownFacts& known, const Fact& fact, bool is_unreadable, unsigned answer) {
  if (is_unreadable) {
    known.forget(fact);
  } else {
    known.facts.set(fact, answer);
  }
}

void add_links(KnownFacts& known, const RecordColumns& records, std::size_t record,
               FieldSet unreadable) {
  const Read<bool> link = cloudlink(records, record, unreadable);
  set_or_forget(known, fact::cloudlink, !link.value, link.value.value_or(false));

  const auto heartbeat = records.heartbeat_state[record];
  const auto state = static_cast<unsigned>(heartbeat.value_or(HeartbeatState::unknown));
  set_or_forget(known, fact::heartbeat, !heartbeat, state);

  const bool heartbeat_missing = !heartbeat && !unreadable.contains(Field::api_heartbeat_state);
  const bool cloudlink_missing = !link.value && !link.is_unreadable;
  set_flag(known, fact::link_missing, heartbeat_missing || cloudlink_missing);

  const bool event_unreadable = unreadable.contains(Field::last_connectivity_event);
  const auto event = records.last_connectivity_event[record];
  set_or_forget(known, fact::ever_connected, event_unreadable, event.has_value());
  set_or_forget(known, fact::library_connected, event_unreadable,
                event >= first_plausible_connection);
  set_or_forget(known, fact::library_online, unreadable.contains(Field::is_online),
                records.is_online[record].value_or(false));

  const Read<Timestamp> since = cloudlink_since(records, record, unreadable);
  set_or_forget(known, fact::cloudlink_never_up,
                !since.value && (since.is_unreadable || !link.value),
                !link.value.value_or(true) && !since.value);

  const Read<bool> expected = cloudlink_expected(records, record, unreadable);
  set_or_forget(known, fact::cloudlink_expected, expected.is_unreadable,
                expected.value.value_or(true));
}

Lifecycle lifecycle_of(std::optional<ReportedStatus> status) {
  switch (status.value_or(ReportedStatus::other)) {
    case ReportedStatus::ordered: return Lifecycle::ordered;
    case ReportedStatus::preparing: return Lifecycle::preparing;
    case ReportedStatus::shipped: return Lifecycle::shipped;
    default: return Lifecycle::none;
  }
}

void add_reported_status(KnownFacts& known, const RecordColumns& records, std::size_t record,
                         FieldSet unreadable) {
  const bool status_unreadable = unreadable.contains(Field::status);
  const bool progress_unreadable = unreadable.contains(Field::download_progress);
  const auto status = records.status[record];
  const bool may_download = status_unreadable || status == ReportedStatus::downloading;
  const bool may_have_progress = progress_unreadable || records.download_progress.has(record);
  const bool downloading = may_download && may_have_progress;
  set_or_forget(known, fact::downloading_release,
                downloading && (status_unreadable || progress_unreadable), downloading);
  set_or_forget(known, fact::lifecycle, status_unreadable,
                static_cast<unsigned>(lifecycle_of(status)));
}

void add_installs(KnownFacts& known, const RecordColumns& records, std::size_t record,
                  FieldSet unreadable) {
  const auto all = installs(records, record, unreadable);
  set_or_forget(known, fact::downloading_service, all.is_unreadable,
                all.value && any_downloading(*all.value));
  const auto services = records.current_services[record];
  set_or_forget(known, fact::library_downloading, unreadable.contains(Field::current_services),
                services && any_newest_downloading(*services));
}

std::optional<std::int32_t> services_progress(const RecordColumns& records, std::size_t record,
                                              FieldSet unreadable) {
  const auto target = target_release(records, record, unreadable);
  const auto all = installs(records, record, unreadable);
  if (!all.value) return std::nullopt;
  if (target.is_unreadable) return mean_progress_for_any_target(*all.value);
  return mean_progress(*all.value, target.value);
}

}  // namespace

Read<bool> cloudlink(const RecordColumns& records, std::size_t record, FieldSet unreadable) {
  if (unreadable.contains(Field::is_connected_to_vpn)) return unreadable_value<bool>();
  if (const auto flag = records.is_connected_to_vpn[record]) return {flag};
  if (unreadable.contains(Field::is_online)) return unreadable_value<bool>();
  return {records.is_online[record]};
}

Read<Timestamp> cloudlink_since(const RecordColumns& records, std::size_t record,
                                FieldSet unreadable) {
  if (unreadable.contains(Field::last_vpn_event)) return unreadable_value<Timestamp>();
  if (const auto event = records.last_vpn_event[record]) return {event};
  if (unreadable.contains(Field::last_connectivity_event)) return unreadable_value<Timestamp>();
  return {records.last_connectivity_event[record]};
}

Read<bool> cloudlink_expected(const RecordColumns& records, std::size_t record,
                              FieldSet unreadable) {
  return configured(records, record, unreadable,
                    [](const Configuration& level) { return level.vpn_control(); });
}

Read<Milliseconds> poll_interval(const RecordColumns& records, std::size_t record,
                                 FieldSet unreadable) {
  return configured(records, record, unreadable,
                    [](const Configuration& level) { return level.poll_interval(); });
}

Read<std::int64_t> target_release(const RecordColumns& records, std::size_t record,
                                  FieldSet unreadable) {
  if (unreadable.contains(Field::is_pinned_on__release)) return unreadable_value<std::int64_t>();
  if (const auto pinned = records.pinned_release[record]) return {pinned};
  if (unreadable.contains(Field::belongs_to__application)) return unreadable_value<std::int64_t>();
  if (const auto of_fleet = records.fleet_release[record]) return {of_fleet};
  if (unreadable.contains(Field::should_be_running__release)) {
    return unreadable_value<std::int64_t>();
  }
  return {records.device_release[record]};
}

Read<std::span<const Install>> installs(const RecordColumns& records, std::size_t record,
                                        FieldSet unreadable) {
  using Installs = std::span<const Install>;
  if (unreadable.contains(Field::image_install)) return unreadable_value<Installs>();
  if (const auto list = records.image_install[record]) return {list};
  if (unreadable.contains(Field::current_services)) return unreadable_value<Installs>();
  return {records.current_services[record]};
}

KnownFacts known_facts(const RecordColumns& records, std::size_t record, FieldSet unreadable) {
  if (unreadable == FieldSet::all()) return {Facts{}, all_facts};
  KnownFacts known;
  set_or_forget(known, fact::frozen, unreadable.contains(Field::is_frozen),
                records.is_frozen[record].value_or(false));
  const auto active = records.is_active[record];
  const bool active_unreadable = unreadable.contains(Field::is_active);
  set_or_forget(known, fact::active, active_unreadable, active.value_or(true));
  set_or_forget(known, fact::library_active, active_unreadable, active.value_or(false));
  set_or_forget(known, fact::post_provisioning, unreadable.contains(Field::provisioning_state),
                records.provisioning_state[record] == "Post-Provisioning");
  set_or_forget(known, fact::provisioning, unreadable.contains(Field::provisioning_progress),
                records.provisioning_progress.has(record));
  add_links(known, records, record, unreadable);
  add_reported_status(known, records, record, unreadable);
  add_installs(known, records, record, unreadable);
  return known;
}

std::optional<std::int32_t> overall_progress(const RecordColumns& records, std::size_t record,
                                             FieldSet unreadable, KnownFacts known) {
  const auto progress_if = [&](Facts facts) -> std::optional<std::int32_t> {
    switch (progress_source(facts)) {
      case ProgressSource::none: return std::nullopt;
      case ProgressSource::provisioning: return records.provisioning_progress[record];
      case ProgressSource::release: return records.download_progress[record];
      case ProgressSource::services: return services_progress(records, record, unreadable);
    }
    return std::nullopt;
  };
  return certain(known, modern_facts, progress_if).value_or(std::nullopt);
}

}  // namespace fleetstatus
