#include "records/resolve.hpp"

#include <algorithm>
#include <array>

namespace fleetstatus {
namespace {

/// Before 2013 there was nothing to connect to; old databases hold such dates for "never".
constexpr Timestamp first_plausible_connection =
    std::chrono::sys_days{std::chrono::year{2013} / 1 / 1};

template <class T>
Read<T> read_of(std::optional<T> value) {
  return {value.value_or(T{}), value.has_value()};
}

/// What the first level that configures something says: the device, then its fleet.
template <class Setting>
auto configured(const RecordAt& at, Setting setting) {
  const auto said_by = [&](const Read<Configuration>& level) {
    auto said = read_of(level.is_set != 0 ? setting(level.value) : decltype(setting({})){});
    said.is_unreadable = level.is_unreadable;
    return said;
  };
  const auto& of_fleet = at.columns.at<Field::belongs_to__application>().configuration;
  return first_of(said_by(at.read<Field::device_config_variable>()),
                  said_by(at.read_of<Field::belongs_to__application>(of_fleet)));
}

/// Whether an enumerator was read, and is the one that is wanted.
template <class Enum>
constexpr Bit is(const Read<Enum>& read, Enum wanted) noexcept {
  return read.is_set & Bit{read.value == wanted};
}

// The facts, by the fields that they rest on. Each of these functions is without branches where it
// runs over whole batches.

constexpr auto lifetime_facts = [](const RecordAt& at) {
  const auto frozen = at.read<Field::is_frozen>();
  const auto active = at.read<Field::is_active>();
  KnownFacts known;
  known.set(fact::frozen, frozen.is_set & frozen.value, frozen.is_unreadable);
  known.set(fact::active, active.is_absent() | (active.is_set & active.value),
            active.is_unreadable);
  known.set(fact::library_active, active.is_set & active.value, active.is_unreadable);
  return known;
};

constexpr auto link_facts = [](const RecordAt& at) {
  const auto link = cloudlink(at);
  const auto heartbeat = at.read<Field::api_heartbeat_state>();
  const auto online = at.read<Field::is_online>();
  KnownFacts known;
  known.set(fact::cloudlink, link.value, 1U - link.is_set);
  known.set(fact::heartbeat, static_cast<unsigned>(heartbeat.value), 1U - heartbeat.is_set);
  known.set(fact::link_missing, heartbeat.is_absent() | link.is_absent());
  known.set(fact::library_online, online.is_set & online.value, online.is_unreadable);
  known.set(fact::says_online, online.is_set, online.is_unreadable);
  return known;
};

constexpr auto event_facts = [](const RecordAt& at) {
  const auto link = cloudlink(at);
  const auto since = cloudlink_since(at);
  const auto event = at.read<Field::last_connectivity_event>();
  const Bit is_down = link.is_set & (1U - link.value);
  KnownFacts known;
  known.set(fact::ever_connected, event.is_set, event.is_unreadable);
  known.set(fact::cloudlink_never_up, is_down & (1U - since.is_set),
            since.is_unreadable | (since.is_absent() & (1U - link.is_set)));
  return known;
};

constexpr auto library_connection_facts = [](const RecordAt& at) {
  const auto event = at.read<Field::last_connectivity_event>();
  KnownFacts known;
  known.set(fact::library_connected, event.is_set & Bit{event.value >= first_plausible_connection},
            event.is_unreadable);
  return known;
};

constexpr auto download_facts = [](const RecordAt& at) {
  const auto status = at.read<Field::status>();
  const auto progress = at.read<Field::download_progress>();
  const Bit may_download = status.is_unreadable | is(status, ReportedStatus::downloading);
  const Bit downloading = may_download & (progress.is_unreadable | progress.is_set);
  KnownFacts known;
  known.set(fact::downloading_release, downloading,
            downloading & (status.is_unreadable | progress.is_unreadable));
  return known;
};

constexpr auto delivery_facts = [](const RecordAt& at) {
  const auto status = at.read<Field::status>();
  const auto answer_if = [&](ReportedStatus reported, Lifecycle lifecycle) {
    return is(status, reported) * static_cast<unsigned>(lifecycle);
  };
  KnownFacts known;
  known.set(fact::lifecycle,
            answer_if(ReportedStatus::ordered, Lifecycle::ordered) |
                answer_if(ReportedStatus::preparing, Lifecycle::preparing) |
                answer_if(ReportedStatus::shipped, Lifecycle::shipped),
            status.is_unreadable);
  return known;
};

constexpr auto provisioning_facts = [](const RecordAt& at) {
  const auto progress = at.read<Field::provisioning_progress>();
  KnownFacts known;
  known.set(fact::provisioning, progress.is_set, progress.is_unreadable);
  return known;
};

constexpr auto provisioning_state_facts = [](const RecordAt& at) {
  const auto state = at.read<Field::provisioning_state>();
  KnownFacts known;
  known.set(fact::post_provisioning, state == "Post-Provisioning", state.is_unreadable);
  return known;
};

/// Whether text contains another, ignoring the case of ASCII letters.
bool contains_ignoring_case(std::string_view text, std::string_view lower_case) noexcept {
  const auto is_same = [](char a, char b) { return ('A' <= a && a <= 'Z' ? a + 32 : a) == b; };
  return !std::ranges::search(text, lower_case, is_same).empty();
}

constexpr auto failure_facts = [](const RecordAt& at) {
  const auto state = at.read<Field::provisioning_state>();
  KnownFacts known;
  known.set(fact::os_update_failed,
            state.is_set & Bit{state.is_set != 0 && contains_ignoring_case(state.value, "fail")},
            state.is_unreadable);
  return known;
};

constexpr auto supervisor_facts = [](const RecordAt& at) {
  const auto supervisor = at.read<Field::supervisor_version>();
  KnownFacts known;
  known.set(fact::queues_os_update, is(supervisor, SupervisorAge::queues),
            supervisor.is_unreadable);
  known.set(fact::supervisor_flickers, is(supervisor, SupervisorAge::flickers),
            supervisor.is_unreadable);
  const auto age = supervisor.is_set != 0 ? supervisor.value : SupervisorAge::unknown;
  known.set(fact::update_support, static_cast<unsigned>(update_status_support(age)),
            supervisor.is_unreadable);
  return known;
};

constexpr auto web_facts = [](const RecordAt& at) {
  const auto access = at.read<Field::is_web_accessible>();
  const auto unknown = static_cast<unsigned>(WebAccess::unknown);
  KnownFacts known;
  known.set(fact::web_access, access.is_set * Bit{access.value} + access.is_absent() * unknown,
            access.is_unreadable);
  return known;
};

/// Whether the supervisor polls so seldom that the device shows as offline in between.
Read<bool> polls_too_seldom(const RecordAt& at) {
  const auto supervisor =
      configured(at, [](const Configuration& level) { return level.supervisor_poll_interval(); });
  const auto api = poll_interval(at);
  const auto window = heartbeat_window(api.get(), at.columns.settings.default_poll_interval);
  return {supervisor.is_set != 0 && supervisor.value > window, supervisor.is_set,
          supervisor.is_unreadable | api.is_unreadable};
}

constexpr auto configuration_facts = [](const RecordAt& at) {
  const Read<bool> expected = cloudlink_expected(at);
  const Read<bool> seldom = polls_too_seldom(at);
  KnownFacts known;
  known.set(fact::polls_too_seldom, Bit{seldom == true}, seldom.is_unreadable);
  known.set(fact::cloudlink_expected, expected.is_absent() | Bit{expected == true},
            expected.is_unreadable);
  return known;
};

constexpr auto install_facts = [](const RecordAt& at) {
  const auto all = installs(at);
  const auto of_services = services(at);
  KnownFacts known;
  known.set(fact::downloading_service, all.is_set != 0 && any_downloading(all.value),
            all.is_unreadable);
  known.set(fact::library_downloading,
            of_services.is_set != 0 && any_newest_downloading(of_services.value),
            of_services.is_unreadable);
  return known;
};

/// Calls `visit` with each group, and with the columns that it rests on if it costs much.
template <class Visitor>
void for_each_group(const RecordColumns& records, Visitor visit) {
  visit(lifetime_facts);
  visit(link_facts);
  visit(event_facts);
  visit(library_connection_facts, records.at<Field::last_connectivity_event>());
  visit(download_facts);
  visit(delivery_facts);
  visit(provisioning_facts);
  visit(provisioning_state_facts, records.at<Field::provisioning_state>());
  visit(configuration_facts, records.at<Field::device_config_variable>(),
        records.at<Field::belongs_to__application>().configuration);
  visit(install_facts, records.at<Field::image_install>(), records.at<Field::current_services>(),
        records.at<Field::current_services_by_app>());
  visit(failure_facts, records.at<Field::provisioning_state>());
  visit(supervisor_facts);
  visit(web_facts, records.at<Field::is_web_accessible>());
}

/// Adds what `known_of` says of each record.
template <class Group>
void add(Group known_of, const RecordColumns& records, std::uint32_t* __restrict facts,
         std::uint32_t* __restrict unknown) {
  for (std::size_t record = 0; record < records.n_records; ++record) {
    const KnownFacts known = known_of(RecordAt{records, record});
    facts[record] |= known.facts.bits();
    unknown[record] |= known.unknown;
  }
}

std::optional<std::int32_t> services_progress(const RecordAt& at) {
  const auto target = target_release(at);
  const auto all = installs(at);
  if (all.is_set == 0) return std::nullopt;
  if (target.is_unreadable != 0) return mean_progress_for_any_target(all.value);
  return mean_progress(all.value, target.get());
}

}  // namespace

Read<bool> cloudlink_expected(const RecordAt& at) {
  return configured(at, [](const Configuration& level) { return level.vpn_control(); });
}

Read<Milliseconds> poll_interval(const RecordAt& at) {
  return configured(at, [](const Configuration& level) { return level.poll_interval(); });
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
  if (running.is_set == 0 || target.is_set == 0) return std::nullopt;
  return is_same_release(running.value, target.value);
}

KnownFacts known_facts(const RecordAt& at) {
  if (at.unreadable == FieldSet::all()) return {Facts{}, all_facts};
  KnownFacts known;
  for_each_group(at.columns,
                 [&](auto known_of, const auto&... /*columns*/) { known.add(known_of(at)); });
  return known;
}

void known_facts(const RecordColumns& records, std::span<std::uint32_t> facts,
                 std::span<std::uint32_t> unknown) {
  if (records.n_records == 0) return;
  std::ranges::fill(facts, 0U);
  std::ranges::fill(unknown, 0U);
  for_each_group(records, [&](auto known_of, const auto&... columns) {
    const bool is_cheap = sizeof...(columns) == 0;
    if (is_cheap || (columns.has_any(records.n_records) || ...)) {
      return add(known_of, records, facts.data(), unknown.data());
    }
    // No record has a value: all answer as the first does.
    const KnownFacts known = known_of(RecordAt{records});
    add([known](const RecordAt&) { return known; }, records, facts.data(), unknown.data());
  });
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

/// `progress_source`, answered beforehand for every combination of facts.
constexpr auto progress_sources = [] {
  std::array<ProgressSource, modern_facts + 1> sources{};
  for (std::uint32_t bits = 0; bits <= modern_facts; ++bits) {
    sources[bits] = progress_source(Facts{bits});
  }
  return sources;
}();

std::optional<std::int32_t> overall_progress(const RecordAt& at, KnownFacts known) {
  return certain(known, modern_facts,
                 [&](Facts facts) {
                   return progress_of(progress_sources[facts.bits() & modern_facts], at);
                 })
      .value_or(std::nullopt);
}

}  // namespace fleetstatus
