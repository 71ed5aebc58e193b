#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "changes/kept_values.hpp"
#include "changes/look_builder.hpp"
#include "changes/tracker.hpp"

namespace fleetstatus {
namespace {

Timestamp kept_between(Timestamp time, const Moments& moments) {
  return std::clamp(time, moments.not_before, std::max(moments.not_before, moments.not_after));
}

/// A row with the names that changes show: where it has none, those that were known before.
DeviceView shown(DeviceView row, std::optional<std::string_view> name,
                 std::optional<std::string_view> fleet) {
  if (!row.name) row.name = name;
  if (!row.fleet) row.fleet = fleet;
  return row;
}

/// When a status that a look sees for the first time began, as far as looks know.
Timestamp first_since(const Read<Timestamp>& since, Timestamp now) {
  return since.is_set ? std::min(since.value, now) : now;
}

}  // namespace

void LookBuilder::touch(std::size_t device, Remembered remembered, std::optional<std::size_t> row) {
  touched_of_[device] = static_cast<std::int64_t>(touched_.size());
  touched_.push_back({device, std::move(remembered), row});
}

void LookBuilder::push(std::size_t device, const DeviceView& view, const Change& change,
                       const Moments& moments) {
  ChangeRow& row = changes_.emplace_back();
  row.change = change;
  row.device_name = view.name;
  row.fleet = view.fleet;
  row.not_before = moments.not_before;
  row.not_after = moments.not_after;
  of_device_.push_back(device);
}

/// Ends the span of what a device was in, and begins that of what it is in now. One that begins
/// where the last one began takes its place.
void LookBuilder::next_span(Remembered& remembered, std::size_t device, Timestamp until,
                            Timestamp first) {
  DeviceState& state = remembered.state;
  const auto began = state.span_first.get();
  state.span_first = std::optional{first};
  if (!began || *began == first) return;
  const SeenStatus was = state.is_removed ? SeenStatus{} : state.seen;
  look_.ended_spans.push_back({device, *began, std::max(*began, until), was});
}

void LookBuilder::read_row(std::size_t row) {
  const std::size_t device = device_of_row_[row];
  const DeviceMemory& devices = memory_.devices;
  if (device >= devices.size()) return read_new(row, device);
  const DeviceState& state = devices.state(device);
  if (!rows_.reason(row)) {
    if (!state.is_removed) miss(device);
    return;
  }
  if (state.is_removed) return read_returned(row, device);
  if (moment_of(state.last_read) == look_.moment) return check_same_answers(row, device);
  look_.reads.push_back(device);
  if (!is_as_before(row, device)) read_known(row, device);
}

/// Whether a row changes nothing: all values are those of the row before, and nothing waits for
/// time to pass.
bool LookBuilder::is_as_before(std::size_t row, std::size_t device) const {
  const DeviceState& state = memory_.devices.state(device);
  return state.fingerprint == fingerprints_[row] && !state.is_unsettled && !state.is_flapping &&
         state.known_fields == fields_ && state.follows_scope == scope_.is_complete &&
         state.told.is_set() && look_.moment - moment_of(state.last_read) <= options_.gap &&
         scope_.is_complete;
}

void LookBuilder::read_new(std::size_t row, std::size_t device) {
  const DeviceView view = rows_[row];
  Remembered remembered;
  remembered.uuid = counted_.uuids()[row];
  DeviceState& state = remembered.state;
  remember_values(remembered, view, fields_);
  state.fingerprint = fingerprints_[row];
  state.seen = status_of(view);
  state.seen_since = std::optional{first_since(view.status_since, look_.moment)};
  state.update_began = std::optional{first_since(view.update_since, look_.moment)};
  const bool is_late = state.seen.reason == Reason::heartbeat_late;
  const bool is_told = !is_first_look_at(view.fleet);
  if (!is_late) state.steady_status = state.seen.status;
  if (is_told || !is_late || options_.hold == Milliseconds::zero()) {
    state.told = state.seen;
    state.told_since = state.seen_since;
  }
  state.last_read = look_.number;
  if (has_link(view.facts)) state.last_linked = look_.number;
  state.follows_scope = scope_.is_complete;
  state.span_first = state.seen_since;
  look_.reads.push_back(device);
  touch(device, std::move(remembered), row);
  if (!is_told) return;
  const Comparison comparison{options_.scheme, {}};
  Change change{ChangeKind::added, std::nullopt, comparison.label_of(view.status)};
  change.reason = view.reason;
  push(device, view, change, {memory_.look_moments.back(), look_.moment});
}

void LookBuilder::read_returned(std::size_t row, std::size_t device) {
  DeviceView view = rows_[row];
  Remembered remembered = memory_.devices.copy(device);
  keep_links(view, remembered.state.seen.links);
  const Timestamp removed_at = *remembered.extras.removed_at;
  const bool is_forgotten = !is_remembered(device);
  remember_values(remembered, view, fields_);
  DeviceState& state = remembered.state;
  state.fingerprint = fingerprints_[row];
  next_span(remembered, device, look_.moment, look_.moment);
  state.is_removed = false;
  remembered.extras = {};
  state.seen = status_of(view);
  state.told = state.seen;
  state.seen_since = std::optional{look_.moment};
  state.told_since = state.seen_since;
  state.update_began = state.seen_since;
  const bool is_late = state.seen.reason == Reason::heartbeat_late;
  state.steady_status = is_late ? std::int8_t{-1} : state.seen.status;
  state.last_read = look_.number;
  if (has_link(view.facts)) state.last_linked = look_.number;
  state.follows_scope = scope_.is_complete;
  look_.reads.push_back(device);
  touch(device, std::move(remembered), row);
  const Comparison comparison{options_.scheme, {}};
  Change change{is_forgotten ? ChangeKind::added : ChangeKind::returned, std::nullopt,
                comparison.label_of(view.status)};
  change.reason = view.reason;
  const Remembered& known = touched_.back().remembered;
  view.name = known.name;
  view.fleet = known.fleet;
  push(device, view, change,
       {is_forgotten ? memory_.look_moments.back() : removed_at, look_.moment});
}

/// At a moment that has been read already a device cannot change.
void LookBuilder::check_same_answers(std::size_t row, std::size_t device) const {
  const DeviceState& state = memory_.devices.state(device);
  if (state.fingerprint == fingerprints_[row]) return;
  const Remembered remembered = memory_.devices.copy(device);
  DeviceView after = rows_[row];
  keep_links(after, state.seen.links);
  const Comparison comparison{options_.scheme, compared_with(state.known_fields, fields_)};
  std::vector<Change> changes;
  comparison.compare(view_of(remembered, state.seen), after, moments_of(state), changes);
  if (changes.empty()) return;
  throw SnapshotError("an earlier look of " + format_timestamp(look_.moment) +
                      " had other answers for device " + remembered.uuid +
                      "\nNothing was changed; looks of one moment must agree.");
}

void LookBuilder::read_known(std::size_t row, std::size_t device) {
  const Remembered& old = before_.emplace_back(memory_.devices.copy(device));
  Remembered remembered = old;
  DeviceState& state = remembered.state;
  DeviceView after = rows_[row];
  keep_links(after, old.state.seen.links);
  const Comparison comparison{options_.scheme, compared_with(state.known_fields, fields_)};
  const DeviceView before = view_of(old, old.state.seen);
  const Moments moments = moments_of(old.state);
  follow_status(remembered, device, before, after, comparison);
  const LookTimes times{look_.number, old.state.last_read, moments, look_.clock,
                        *state.seen_since.get()};
  const DeviceView named = shown(after, before.name, before.fleet);
  if (const auto told = tracking_.note(remembered, after, comparison, times)) {
    push(device, named, told->change, told->moments);
  }
  if (status_of(after).is_same(old.state.seen)) {
    const auto relinked = comparison.compare_status(before, after, moments);
    if (relinked) push(device, named, *relinked, moments);
  }
  std::vector<Change> changes;
  comparison.compare_rest(before, after, moments, changes);
  for (Change& change : changes) {
    if (change.kind == ChangeKind::update) {
      change.previous_duration_s = lasted_s(state.update_began.get(), change.at, look_.moment);
      state.update_began = std::optional{change.at.value_or(look_.moment)};
    }
    push(device, named, change, moments);
  }
  remember_values(remembered, after, fields_);
  state.seen = status_of(after);
  state.last_read = look_.number;
  if (has_link(after.facts)) state.last_linked = look_.number;
  state.follows_scope = scope_.is_complete;
  const bool is_other_row = old.state.fingerprint != fingerprints_[row];
  state.fingerprint = fingerprints_[row];
  if (is_worth_writing(old, remembered)) {
    touch(device, std::move(remembered), is_other_row ? std::optional{row} : std::nullopt);
  }
}

/// Whether more has changed than the last look that read the device, which the looks of its scope
/// tell.
bool LookBuilder::is_worth_writing(const Remembered& old, const Remembered& now) const {
  if (!now.state.follows_scope) return true;
  DeviceState state = now.state;
  state.last_read = old.state.last_read;
  state.last_linked = old.state.last_linked;
  state.is_unsettled = old.state.is_unsettled;
  return state != old.state || now.extras != old.extras || now.name != old.name ||
         now.fleet != old.fleet || now.release_id != old.release_id || now.release != old.release;
}

/// Ends and begins spans where the status that looks see changes, and where nobody looked for too
/// long.
void LookBuilder::follow_status(Remembered& remembered, std::size_t device,
                                const DeviceView& before, const DeviceView& after,
                                const Comparison& comparison) {
  const Moments moments = moments_of(remembered.state);
  const SeenStatus seen = status_of(after);
  const bool is_same = seen.is_same(remembered.state.seen);
  const bool is_gap = moments.not_after - moments.not_before > options_.gap;
  const Read<Timestamp>& since = after.status_since;
  const bool is_covered = since.is_set && since.value <= moments.not_before;
  if (is_same && (!is_gap || is_covered)) return;
  const auto change = comparison.compare_status(before, after, moments);
  const auto at = is_same || !change ? std::nullopt : change->at;
  const bool began_in_gap = is_gap && since.is_set && since.value > moments.not_before;
  Timestamp first = look_.moment;
  if (began_in_gap) first = kept_between(since.value, moments);
  if (at) first = kept_between(*at, moments);
  next_span(remembered, device, is_gap ? moments.not_before : first, first);
  if (!is_same) remembered.state.seen_since = std::optional{at.value_or(look_.moment)};
}

/// A device that the look was meant to hold, but does not say anything of.
void LookBuilder::miss(std::size_t device) {
  const DeviceState& state = memory_.devices.state(device);
  if (is_present_[device] == 0 && !counted_.has_lost_device()) return remove(device);
  if (!state.follows_scope || !is_looked_for(device)) return;
  Remembered remembered = memory_.devices.copy(device);
  remembered.state.follows_scope = false;
  touch(device, std::move(remembered), std::nullopt);
}

void LookBuilder::remove(std::size_t device) {
  const Remembered& old = before_.emplace_back(memory_.devices.copy(device));
  const Moments moments = moments_of(old.state);
  if (moments.not_before == moments.not_after) {
    throw SnapshotError("an earlier look of " + format_timestamp(look_.moment) + " had device " +
                        old.uuid + ", which this one lacks" +
                        "\nNothing was changed; looks of one moment must agree.");
  }
  Remembered remembered = old;
  DeviceState& state = remembered.state;
  const SeenStatus& last = state.told.is_set() ? state.told : state.seen;
  const Comparison comparison{options_.scheme, {}};
  Change change{ChangeKind::removed, comparison.label_of(last.status)};
  change.reason_before = last.reason;
  const bool is_gap = moments.not_after - moments.not_before > options_.gap;
  next_span(remembered, device, is_gap ? moments.not_before : moments.not_after, look_.moment);
  state.is_removed = true;
  state.is_flapping = false;
  state.follows_scope = false;
  remembered.extras = {};
  remembered.extras.removed_at = look_.moment;
  touch(device, std::move(remembered), std::nullopt);
  push(device, view_of(old, old.state.seen), change, moments);
}

}  // namespace fleetstatus
