#include "changes/compare.hpp"

#include <algorithm>
#include <chrono>

namespace fleetstatus {
namespace {

/// Whether an event has happened since: its time is known, and another one than before.
bool has_moved(const DeviceView& before, Read<Timestamp> old_time, Read<Timestamp> new_time) {
  const bool was_not_read = before.has_error && !old_time.is_set;
  return new_time.is_set && !was_not_read && !(old_time == new_time.value);
}

bool differs(const KnownFacts& before, const KnownFacts& after, const Fact& fact) {
  return before.knows(fact) && after.knows(fact) &&
         before.facts.answer(fact) != after.facts.answer(fact);
}

/// The change of a text, where both are known.
std::optional<Change> compare_texts(ChangeKind kind, std::optional<std::string_view> before,
                                    std::optional<std::string_view> after) {
  if (!before || !after || *before == *after) return std::nullopt;
  return Change{kind, before, after};
}

std::optional<std::string_view> name_of(std::optional<UpdateStatus> status) {
  return status ? std::optional{update_statuses[*status]} : std::nullopt;
}

}  // namespace

std::optional<Timestamp> time_between(Read<Timestamp> time, const Moments& moments) {
  constexpr std::chrono::minutes grace{1};
  const bool is_between = time.is_set && moments.not_before - grace <= time.value &&
                          time.value <= moments.not_after + grace;
  return is_between ? std::optional{time.value} : std::nullopt;
}

std::optional<std::int64_t> lasted_s(std::optional<Timestamp> since, std::optional<Timestamp> at,
                                     Timestamp not_after) {
  const auto lasted = duration_since(since, at.value_or(not_after));
  if (!lasted) return std::nullopt;
  return std::chrono::floor<Seconds>(*lasted).count();
}

std::optional<std::string_view> Comparison::label_of(std::int8_t status) const {
  if (status < 0) return std::nullopt;
  return scheme_.labels[static_cast<std::size_t>(status)];
}

void Comparison::compare(const DeviceView& before, const DeviceView& after, const Moments& moments,
                         std::vector<Change>& changes) const {
  if (const auto change = compare_status(before, after, moments)) changes.push_back(*change);
  compare_rest(before, after, moments, changes);
}

std::optional<Change> Comparison::compare_status(const DeviceView& before, const DeviceView& after,
                                                 const Moments& moments) const {
  const bool is_same_status = before.status == after.status;
  if (is_same_status && before.reason == after.reason) {
    return compare_links(before, after, moments);
  }
  Change change = is_same_status
                      ? Change{ChangeKind::reason, reasons[*before.reason], reasons[*after.reason]}
                      : Change{ChangeKind::status, label_of(before.status), label_of(after.status)};
  change.reason_before = before.reason;
  change.reason = after.reason;
  change.cause = cause_of(before, after);
  if (is_about_links(*change.cause) || change.cause == Cause::first_contact) {
    change.at = time_between(after.status_since, moments);
  }
  change.previous_duration_s = lasted_s(before.status_since.get(), change.at, moments.not_after);
  return change;
}

void Comparison::compare_rest(const DeviceView& before, const DeviceView& after,
                              const Moments& moments, std::vector<Change>& changes) const {
  const auto push = [&](std::optional<Change> change) {
    if (!change) return;
    change->reason_before = before.reason;
    change->reason = after.reason;
    changes.push_back(*change);
  };
  const auto update = compare_updates(before, after, moments);
  if (update && update->kind == ChangeKind::update) push(update);
  if (compared_.release && is_same_release(before, after) == false) {
    push(Change{ChangeKind::release, before.release, after.release});
  }
  if (update && update->kind != ChangeKind::update) push(update);
  if (compared_.fleet) push(compare_texts(ChangeKind::moved, before.fleet, after.fleet));
  if (compared_.name) push(compare_texts(ChangeKind::renamed, before.name, after.name));
}

/// The fact of that rule, of the two, which comes first; where the links decide it, the link that
/// differs.
Cause Comparison::cause_of(const DeviceView& before, const DeviceView& after) const {
  const auto first_rule = std::ranges::find_if(scheme_.rules, [&](const Rule& rule) {
    return rule.reason == before.reason || rule.reason == after.reason;
  });
  const auto cause = first_rule == scheme_.rules.end()
                         ? std::nullopt
                         : causes_of_reasons[static_cast<std::size_t>(first_rule->reason)];
  if (cause) return *cause;
  const bool heartbeat = differs(before.facts, after.facts, fact::heartbeat);
  const Fact& link =
      scheme_.id == StatusScheme::library_2020 ? fact::library_online : fact::cloudlink;
  const bool cloudlink = differs(before.facts, after.facts, link);
  if (heartbeat && cloudlink) return Cause::both_links;
  if (heartbeat) return Cause::heartbeat;
  return cloudlink ? Cause::cloudlink : Cause::configuration;
}

/// A trace of a link that went away and came back, or that reconnected to another server.
std::optional<Change> Comparison::compare_links(const DeviceView& before, const DeviceView& after,
                                                const Moments& moments) const {
  Read<Timestamp> latest;
  const auto note = [&](bool is_compared, Read<Timestamp> old_time, Read<Timestamp> new_time) {
    if (!is_compared || !has_moved(before, old_time, new_time)) return;
    if (!latest.is_set || latest.value < new_time.value) latest = new_time;
  };
  note(compared_.heartbeat_since, before.heartbeat_since, after.heartbeat_since);
  note(compared_.cloudlink_since, before.cloudlink_since, after.cloudlink_since);
  if (!latest.is_set) return std::nullopt;
  Change change{ChangeKind::relinked};
  change.reason_before = before.reason;
  change.reason = after.reason;
  change.at = time_between(latest, moments);
  return change;
}

/// A null that is due to an error is no update status.
bool Comparison::tells_update_status(const DeviceView& device) const {
  return device.update_status.has_value() || !device.has_error;
}

/// An update status that differs, or one that was reported anew.
std::optional<Change> Comparison::compare_updates(const DeviceView& before, const DeviceView& after,
                                                  const Moments& moments) const {
  const bool is_told = tells_update_status(before) && tells_update_status(after);
  if (!compared_.update_status || !is_told) return std::nullopt;
  const auto at = time_between(after.update_since, moments);
  if (before.update_status != after.update_status) {
    Change change{ChangeKind::update, name_of(before.update_status), name_of(after.update_status)};
    change.at = at;
    change.previous_duration_s = lasted_s(before.update_since.get(), at, moments.not_after);
    return change;
  }
  const bool is_reported_anew =
      compared_.update_event && has_moved(before, before.update_since, after.update_since);
  const auto is_same = compared_.release ? is_same_release(before, after) : std::nullopt;
  if (!is_reported_anew || is_same == false) return std::nullopt;
  Change change{is_same ? ChangeKind::restarted : ChangeKind::refreshed};
  change.at = at;
  return change;
}

/// None if a release is not known.
std::optional<bool> Comparison::is_same_release(const DeviceView& before,
                                                const DeviceView& after) const {
  if (before.release_id && after.release_id) return *before.release_id == *after.release_id;
  if (!before.release || !after.release) return std::nullopt;
  return *before.release == *after.release;
}

}  // namespace fleetstatus
