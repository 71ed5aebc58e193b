#include "changes/status_tracking.hpp"

#include <algorithm>

namespace fleetstatus {
namespace {

Read<Timestamp> read_of(MaybeTime time) {
  const auto value = time.get();
  return {value.value_or(Timestamp{}), value.has_value()};
}

bool is_late(const SeenStatus& status) noexcept { return status.reason == Reason::heartbeat_late; }

/// Makes a status the one that the log told last.
void set_told(Remembered& device, const SeenStatus& status, Timestamp since) {
  device.state.told = status;
  device.state.told_since = std::optional{since};
  device.extras.pending.reset();
  device.extras.agreed = 0;
}

}  // namespace

DeviceView view_of(const Remembered& device, const SeenStatus& status) {
  const DeviceState& state = device.state;
  DeviceView view;
  if (status.is_set()) view.reason = status.reason;
  view.status = status.status;
  view.facts = status.links.known();
  view.heartbeat_since = read_of(state.heartbeat_since);
  view.cloudlink_since = read_of(state.cloudlink_since);
  if (state.update_status >= 0) {
    view.update_status = static_cast<UpdateStatus>(state.update_status);
  }
  view.update_since = read_of(state.update_since);
  view.release_id = device.release_id;
  view.release = device.release;
  view.fleet = device.fleet;
  view.name = device.name;
  return view;
}

std::optional<ToldChange> StatusTracking::note(Remembered& device, const DeviceView& after,
                                               const Comparison& comparison,
                                               const LookTimes& times) {
  const SeenStatus seen = status_of(after);
  if (is_late(seen) && is_held()) {
    note_late(device, seen, times);
    return std::nullopt;
  }
  if (options_.flapping && !is_late(seen)) {
    count_status_change(device, seen, times.clock);
    if (auto told = note_flapping(device, seen, comparison, times)) return told;
  }
  if (seen.is_same(device.state.told)) device.state.told.links = seen.links;
  if (device.state.is_flapping) return std::nullopt;
  if (!device.state.told.is_set()) {
    set_told(device, seen, times.seen_since);
    return std::nullopt;
  }
  return is_held() ? hold(device, after, comparison, times)
                   : tell_at_once(device, after, comparison, times);
}

/// A late heartbeat says nothing of the status: what is told, and what is held, stay as they are.
void StatusTracking::note_late(Remembered& device, const SeenStatus& seen,
                               const LookTimes& times) const {
  Extras& extras = device.extras;
  DeviceState& state = device.state;
  if (seen.is_same(state.told)) {
    // While a change is held, that counts only for one that begins later.
    (extras.pending ? extras.agreed_links : state.told.links) = seen.links;
    extras.agreed = extras.pending ? times.number : 0;
  } else if (state.seen.is_same(state.told) && !extras.pending && extras.agreed == 0) {
    extras.agreed = times.previous;
  }
}

void StatusTracking::count_status_change(Remembered& device, const SeenStatus& seen,
                                         Milliseconds clock) const {
  auto& changes = device.extras.status_changes;
  std::int8_t& steady = device.state.steady_status;
  if (steady >= 0 && steady != seen.status) changes.push_back(clock);
  steady = seen.status;
  std::erase_if(changes, [&](Milliseconds at) { return clock - at >= flapping_window; });
}

/// The beginning or the end of flapping; none if this look is neither.
std::optional<ToldChange> StatusTracking::note_flapping(Remembered& device, const SeenStatus& seen,
                                                        const Comparison& comparison,
                                                        const LookTimes& times) {
  const std::size_t n_changes = device.extras.status_changes.size();
  const bool begins = !device.state.is_flapping && n_changes >= options_.flapping->begins_at;
  const bool ends = device.state.is_flapping && n_changes <= options_.flapping->ends_at;
  if (!begins && !ends) return std::nullopt;
  const SeenStatus& told = device.state.told;
  Change change{begins ? ChangeKind::flapping : ChangeKind::settled,
                comparison.label_of(told.status), comparison.label_of(seen.status)};
  change.reason_before = told.reason;
  change.reason = seen.reason;
  device.state.is_flapping = begins;
  set_told(device, seen, times.seen_since);
  return ToldChange{change, times.moments};
}

std::optional<ToldChange> StatusTracking::tell_at_once(Remembered& device, const DeviceView& after,
                                                       const Comparison& comparison,
                                                       const LookTimes& times) {
  const SeenStatus seen = status_of(after);
  if (seen.is_same(device.state.told)) return std::nullopt;
  Change change =
      *comparison.compare_status(view_of(device, device.state.told), after, times.moments);
  const Timestamp now = times.moments.not_after;
  change.previous_duration_s = lasted_s(device.state.told_since.get(), change.at, now);
  set_told(device, seen, change.at.value_or(now));
  return ToldChange{change, times.moments};
}

std::optional<ToldChange> StatusTracking::hold(Remembered& device, const DeviceView& after,
                                               const Comparison& comparison,
                                               const LookTimes& times) {
  const SeenStatus seen = status_of(after);
  auto& pending = device.extras.pending;
  if (seen.is_same(device.state.told)) {
    if (pending) ++n_flaps_;
    pending.reset();
    device.extras.agreed = 0;
    return std::nullopt;
  }
  begin_or_continue(device, after, comparison, times);
  if (times.moments.not_after - pending->start < options_.hold) return std::nullopt;
  return tell_pending(device, seen, comparison);
}

/// A move between reasons goes on with the same hold.
void StatusTracking::begin_or_continue(Remembered& device, const DeviceView& after,
                                       const Comparison& comparison, const LookTimes& times) {
  auto& pending = device.extras.pending;
  const SeenStatus seen = status_of(after);
  if (pending && pending->status.is_same(seen)) return;
  LookNumber agreed = pending ? pending->agreed : times.previous;
  if (device.extras.agreed != 0) {
    agreed = device.extras.agreed;
    if (pending) device.state.told.links = device.extras.agreed_links;
    device.extras.agreed = 0;
  }
  const Moments moments{moment_of_(agreed), times.moments.not_after};
  const auto change = comparison.compare_status(view_of(device, device.state.told), after, moments);
  const auto at = change->at;
  const Timestamp start = pending ? pending->start : at.value_or(moments.not_after);
  pending = Pending{seen, start, at, agreed, times.number};
}

ToldChange StatusTracking::tell_pending(Remembered& device, const SeenStatus& seen,
                                        const Comparison& comparison) {
  const Pending pending = *device.extras.pending;
  const Moments moments{moment_of_(pending.agreed), moment_of_(pending.first_seen)};
  Change change = *comparison.compare_status(view_of(device, device.state.told),
                                             view_of(device, pending.status), moments);
  change.at = pending.at;
  change.previous_duration_s =
      lasted_s(device.state.told_since.get(), pending.at, moments.not_after);
  set_told(device, seen, pending.at.value_or(moments.not_after));
  return {change, moments};
}

}  // namespace fleetstatus
