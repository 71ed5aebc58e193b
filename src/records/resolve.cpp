#include "records/resolve.hpp"

#include <algorithm>
#include <array>

namespace fleetstatus {
namespace {

/// No device can have connected before 2013; old databases hold earlier dates for "never".
constexpr Timestamp first_plausible_connection =
    std::chrono::sys_days{std::chrono::year{2013} / 1 / 1};

/// A setting from the first level that has it: the device, then its fleet.
/// @param setting  returns the value in a Configuration, as an optional
template <class Setting>
auto configured(const RecordAt& at, Setting setting) {
  using T = decltype(setting(Configuration{}))::value_type;
  const auto set_by = [&](const Read<Configuration>& level) -> Read<T> {
    const auto value = level.is_set ? setting(level.value) : std::nullopt;
    return {value.value_or(T{}), value.has_value(), level.is_unreadable};
  };
  const auto& of_fleet = at.columns.at<Field::belongs_to__application>().configuration;
  return first_of(set_by(at.read<Field::device_config_variable>()),
                  set_by(at.read_of<Field::belongs_to__application>(of_fleet)));
}

// The facts, grouped by the fields that decide them.

void add_lifetime_facts(const RecordAt& at, KnownFacts& known) {
  const auto frozen = at.read<Field::is_frozen>();
  const auto active = at.read<Field::is_active>();
  known.set_unless(frozen.is_unreadable, fact::frozen, frozen == true);
  known.set_unless(active.is_unreadable, fact::active, active != false);
  known.set_unless(active.is_unreadable, fact::library_active, active == true);
}

void add_link_facts(const RecordAt& at, KnownFacts& known) {
  const auto link = cloudlink(at);
  const auto heartbeat = at.read<Field::api_heartbeat_state>();
  const auto online = at.read<Field::is_online>();
  known.set_unless(!link.is_set, fact::cloudlink, link.value);
  known.set_unless(!heartbeat.is_set, fact::heartbeat, heartbeat.value);
  known.set(fact::link_missing, link.is_absent() || heartbeat.is_absent());
  known.set_unless(online.is_unreadable, fact::library_online, online == true);
  known.set_unless(online.is_unreadable, fact::says_online, online.is_set);
}

void add_event_facts(const RecordAt& at, KnownFacts& known) {
  const auto event = at.read<Field::last_connectivity_event>();
  known.set_unless(event.is_unreadable, fact::ever_connected, event.is_set);
  known.set_unless(event.is_unreadable, fact::library_connected,
                   event.is_set && event.value >= first_plausible_connection);

  // Without an event, this depends on whether cloudlink is down now.
  const auto link = cloudlink(at);
  const auto since = cloudlink_since(at);
  const bool depends_on_link = since.is_absent() && !link.is_set;
  known.set_unless(since.is_unreadable || depends_on_link, fact::cloudlink_never_up,
                   link == false && !since.is_set);
}

Lifecycle lifecycle_of(const Read<ReportedStatus>& status) {
  if (status == ReportedStatus::ordered) return Lifecycle::ordered;
  if (status == ReportedStatus::preparing) return Lifecycle::preparing;
  if (status == ReportedStatus::shipped) return Lifecycle::shipped;
  return Lifecycle::none;
}

void add_status_facts(const RecordAt& at, KnownFacts& known) {
  const auto status = at.read<Field::status>();
  const auto progress = at.read<Field::download_progress>();
  const bool may_download = status.is_unreadable || status == ReportedStatus::downloading;
  const bool may_have_progress = progress.is_unreadable || progress.is_set;
  const bool is_possible = may_download && may_have_progress;
  const bool is_certain = !status.is_unreadable && !progress.is_unreadable;
  known.set_unless(is_possible && !is_certain, fact::downloading_release, is_possible);
  known.set_unless(status.is_unreadable, fact::lifecycle, lifecycle_of(status));
}

/// Whether a text contains another, ignoring the case of ASCII letters.
bool contains_ignoring_case(std::string_view text, std::string_view lower_case) noexcept {
  const auto is_same = [](char a, char b) { return ('A' <= a && a <= 'Z' ? a + 32 : a) == b; };
  return !std::ranges::search(text, lower_case, is_same).empty();
}

void add_provisioning_facts(const RecordAt& at, KnownFacts& known) {
  const auto progress = at.read<Field::provisioning_progress>();
  const auto state = at.read<Field::provisioning_state>();
  known.set_unless(progress.is_unreadable, fact::provisioning, progress.is_set);
  known.set_unless(state.is_unreadable, fact::post_provisioning, state == "Post-Provisioning");
  known.set_unless(state.is_unreadable, fact::os_update_failed,
                   state.is_set && contains_ignoring_case(state.value, "fail"));
}

void add_supervisor_facts(const RecordAt& at, KnownFacts& known) {
  const auto age = at.read<Field::supervisor_version>();
  const auto support = update_status_support(age.is_set ? age.value : SupervisorAge::unknown);
  known.set_unless(age.is_unreadable, fact::queues_os_update, age == SupervisorAge::queues);
  known.set_unless(age.is_unreadable, fact::supervisor_flickers, age == SupervisorAge::flickers);
  known.set_unless(age.is_unreadable, fact::update_support, support);
}

void add_web_facts(const RecordAt& at, KnownFacts& known) {
  const auto access = at.read<Field::is_web_accessible>();
  const auto said = access.value ? WebAccess::on : WebAccess::off;
  known.set_unless(access.is_unreadable, fact::web_access,
                   access.is_set ? said : WebAccess::unknown);
}

void add_configuration_facts(const RecordAt& at, KnownFacts& known) {
  const Read<bool> expected = cloudlink_expected(at);
  known.set_unless(expected.is_unreadable, fact::cloudlink_expected, expected != false);

  const auto supervisor =
      configured(at, [](const Configuration& level) { return level.supervisor_poll_interval(); });
  const auto window = heartbeat_window(at);
  known.set_unless(supervisor.is_unreadable || window.is_unreadable, fact::polls_too_seldom,
                   supervisor.is_set && supervisor.value > window.value);
}

void add_install_facts(const RecordAt& at, KnownFacts& known) {
  const auto all = installs(at);
  const auto of_services = services(at);
  known.set_unless(all.is_unreadable, fact::downloading_service,
                   all.is_set && any_downloading(all.value));
  known.set_unless(of_services.is_unreadable, fact::library_downloading,
                   of_services.is_set && any_newest_downloading(of_services.value));
}

std::optional<std::int32_t> services_progress(const RecordAt& at) {
  const auto target = target_release(at);
  const auto all = installs(at);
  if (!all.is_set) return std::nullopt;
  if (target.is_unreadable) return mean_progress_for_any_target(all.value);
  return mean_progress(all.value, target.get());
}

}  // namespace

Read<bool> cloudlink_expected(const RecordAt& at) {
  return configured(at, [](const Configuration& level) { return level.vpn_control(); });
}

Read<Seconds> heartbeat_window(const RecordAt& at) {
  const auto interval =
      configured(at, [](const Configuration& level) { return level.poll_interval(); });
  return {heartbeat_window(interval.get(), at.columns.settings.default_poll_interval),
          !interval.is_unreadable, interval.is_unreadable};
}

Read<Release> target_release(const RecordAt& at) {
  const auto pinned = at.read<Field::is_pinned_on__release>();
  const auto of_device = at.read<Field::should_be_running__release>();
  const auto of_fleet = at.read_of<Field::belongs_to__application>(
      at.columns.at<Field::belongs_to__application>().release);
  return first_of(pinned, first_of(of_device, of_fleet));
}

std::optional<bool> on_target(const RecordAt& at) {
  const Read<Release> running = running_release(at);
  const Read<Release> target = target_release(at);
  if (!running.is_set || !target.is_set) return std::nullopt;
  return is_same_release(running.value, target.value);
}

KnownFacts known_facts(const RecordAt& at) {
  if (at.unreadable == FieldSet::all()) return {Facts{}, all_facts};
  KnownFacts known;
  add_lifetime_facts(at, known);
  add_link_facts(at, known);
  add_event_facts(at, known);
  add_status_facts(at, known);
  add_provisioning_facts(at, known);
  add_supervisor_facts(at, known);
  add_web_facts(at, known);
  add_configuration_facts(at, known);
  add_install_facts(at, known);
  return known;
}

std::optional<std::int32_t> progress_of(ProgressSource source, const RecordAt& at) {
  switch (source) {
    case ProgressSource::none: return std::nullopt;
    case ProgressSource::provisioning:
      return at.columns.at<Field::provisioning_progress>()[at.record];
    case ProgressSource::release: return at.columns.at<Field::download_progress>()[at.record];
    case ProgressSource::services: return services_progress(at);
  }
  return std::nullopt;
}

/// `progress_source`, precomputed for every combination of facts.
constexpr auto progress_sources = [] {
  std::array<ProgressSource, modern_facts + 1> sources{};
  for (std::uint32_t bits = 0; bits <= modern_facts; ++bits) {
    sources[bits] = progress_source(Facts{bits});
  }
  return sources;
}();

std::optional<std::int32_t> overall_progress(const RecordAt& at, KnownFacts known) {
  return certain_or_none(known, modern_facts, [&](Facts facts) {
    return progress_of(progress_sources[facts.bits() & modern_facts], at);
  });
}

}  // namespace fleetstatus
