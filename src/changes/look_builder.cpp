#include "changes/look_builder.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "changes/fingerprint.hpp"
#include "changes/kept_values.hpp"
#include "changes/tracker.hpp"

namespace fleetstatus {
namespace {

std::string text_of(std::string_view uuid) { return std::string{uuid}; }

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

LookBuilder::LookBuilder(const TrackerOptions& options, const TrackerMemory& memory,
                         const StatusTable& table, const SnapshotScope& scope)
    : options_(options),
      memory_(memory),
      scope_(scope),
      fleets_(scope),
      rows_(table),
      counted_(rows_),
      fields_(fields_in(table.info().gaps.get())),
      fingerprints_(fingerprints_of(table, fields_)),
      tracking_(options, [this](LookNumber look) { return moment_of(look); }) {
  look_.number = static_cast<LookNumber>(memory.n_looks() + 1);
  look_.moment = table.info().now;
  look_.scope = scope;
  look_.n_rows = table.size();
  look_.gaps = table.info().gaps;
  if (memory.n_looks() > 0 && table.size() > 0) {
    look_.notes = notes_on(memory.last_gaps.get(), look_.gaps.get());
  }
  look_.clock = memory.clock;
  if (memory.n_looks() > 0) {
    const Milliseconds passed = look_.moment - memory.look_moments.back();
    if (passed <= options.gap) look_.clock += passed;
  }
}

Look LookBuilder::make(double max_removed) {
  check_moment();
  match_rows();
  check_missing(max_removed);
  look_.rest = counted_.count_rest(
      [&](std::size_t row) { return is_row_in_scope(row) || is_nobody(counted_, rows_, row); });
  for (const std::size_t row : out_of_scope_) device_of_row_[row] = nobody;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    if (device_of_row_[row] != nobody) read_row(row);
  }
  for (const std::size_t device : missing_) miss(device);
  find_outages();
  finish_changes();
  look_.n_flaps = tracking_.n_flaps();
  look_.touched.assign(std::make_move_iterator(touched_.begin()),
                       std::make_move_iterator(touched_.end()));
  return std::move(look_);
}

Timestamp LookBuilder::moment_of(LookNumber look) const {
  return look == look_.number ? look_.moment : memory_.moment_of(look);
}

Moments LookBuilder::moments_of(const DeviceState& state) const {
  return {moment_of(state.last_read), look_.moment};
}

void LookBuilder::check_moment() const {
  if (memory_.n_looks() == 0 || look_.moment >= memory_.look_moments.back()) return;
  throw SnapshotError("this look is of " + format_timestamp(look_.moment) +
                      ", but the last one was of " + format_timestamp(memory_.look_moments.back()) +
                      ": looks go forward in time\nNothing was changed; leave it out.");
}

bool LookBuilder::is_looked_for(std::size_t device) const {
  const DeviceMemory& devices = memory_.devices;
  if (devices.is_forgotten(device) || devices.state(device).is_removed) return false;
  return scope_.is_complete && fleets_.contains(devices.fleet(device));
}

bool LookBuilder::is_remembered(std::size_t device) const {
  if (device >= memory_.devices.size()) return false;
  const auto& removed_at = memory_.devices.extras(device).removed_at;
  return !removed_at || look_.moment - *removed_at <= options_.forget;
}

/// A row that names no fleet is of the fleet that the device was in.
bool LookBuilder::is_row_in_scope(std::size_t row) const {
  if (fleets_.has_all()) return true;
  auto fleet = rows_.fleet(row);
  const std::size_t last_row = counted_.last_row(row);
  const std::size_t device = last_row == no_row ? nobody : device_of_row_[last_row];
  if (!fleet && is_remembered(device)) fleet = memory_.devices.fleet(device);
  return fleets_.contains(fleet);
}

/// Finds the device of each row, and numbers new ones.
void LookBuilder::match_rows() {
  const DeviceMemory& devices = memory_.devices;
  device_of_row_.assign(rows_.size(), nobody);
  std::size_t guess = 0;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    if (!counted_.counts(row)) continue;
    const auto device = devices.find(counted_.uuids()[row], guess);
    if (!device) continue;
    device_of_row_[row] = *device;
    guess = *device + 1;
  }
  is_present_.assign(devices.size(), 0);
  std::size_t n_devices = devices.size();
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    if (!counted_.counts(row)) continue;
    std::size_t& device = device_of_row_[row];
    if (!is_row_in_scope(row)) {
      out_of_scope_.push_back(row);
    } else if (device != nobody) {
      is_present_[device] = 1;
    } else if (rows_.reason(row)) {
      device = n_devices++;
    }
  }
  touched_of_.assign(n_devices, -1);
  for (std::size_t device = 0; device < devices.size(); ++device) {
    if (is_present_[device] == 0 && is_looked_for(device)) missing_.push_back(device);
  }
}

/// Refuses a snapshot that lacks so many devices that a page of it is more likely to have failed.
void LookBuilder::check_missing(double max_removed) const {
  constexpr std::size_t few = 3;
  if (max_removed >= 1.0 || counted_.has_lost_device() || missing_.size() < few) return;
  std::size_t n_looked_for = 0;
  std::map<std::string_view, std::size_t> n_of_fleet;
  for (std::size_t device = 0; device < memory_.devices.size(); ++device) {
    if (!is_looked_for(device)) continue;
    ++n_looked_for;
    if (const auto fleet = memory_.devices.fleet(device)) ++n_of_fleet[*fleet];
  }
  std::map<std::string_view, std::size_t> n_missing_of;
  for (const std::size_t device : missing_) {
    if (const auto fleet = memory_.devices.fleet(device)) ++n_missing_of[*fleet];
  }
  const auto whole = std::ranges::find_if(n_missing_of, [&](const auto& entry) {
    return entry.second >= few && entry.second == n_of_fleet[entry.first];
  });
  const double share = static_cast<double>(missing_.size()) / static_cast<double>(n_looked_for);
  const bool is_whole_fleet = whole != n_missing_of.end();
  if (share <= max_removed && !is_whole_fleet) return;
  std::string message = "this snapshot lacks " + std::to_string(missing_.size()) + " of " +
                        std::to_string(n_looked_for) + " known devices";
  if (is_whole_fleet) {
    message +=
        ", among them all " + std::to_string(whole->second) + " of " + std::string{whole->first};
  }
  throw SnapshotError(message +
                      ": more likely a page failed than that so many were removed\nNothing was "
                      "changed; fetch it again. If they are gone, pass max_removed=1.0; if the "
                      "snapshot holds only some devices, complete=False or fleets=.");
}

bool LookBuilder::is_first_look_at(std::optional<std::string_view> fleet) const {
  if (memory_.n_looks() == 0) return true;
  if (!scope_.fleets || memory_.has_complete_look) return false;
  return fleet && !memory_.fleets_looked_at.contains(std::string{*fleet});
}

TouchedDevice& LookBuilder::touch(std::size_t device, Remembered remembered,
                                  std::optional<std::size_t> row) {
  touched_of_[device] = static_cast<std::int64_t>(touched_.size());
  return touched_.emplace_back(TouchedDevice{device, std::move(remembered), row});
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

void LookBuilder::begin_span(Remembered& remembered, std::size_t device, Timestamp first,
                             const SeenStatus& status) {
  remembered.state.span_first = std::optional{first};
  look_.spans.push_back({device, first, status});
}

void LookBuilder::end_span(const Remembered& remembered, std::size_t device, Timestamp until) {
  const auto first = remembered.state.span_first.get();
  if (first) look_.span_ends.push_back({device, *first, std::max(*first, until)});
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

/// Whether a row tells nothing: all values are those of the row before, and nothing waits for time
/// to pass.
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
  remembered.uuid = text_of(counted_.uuids()[row]);
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
  begin_span(remembered, device, *state.seen_since.get(), state.seen);
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
  end_span(remembered, device, look_.moment);
  begin_span(remembered, device, look_.moment, state.seen);
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
  Remembered as_old = now;
  as_old.state.last_read = old.state.last_read;
  as_old.state.last_linked = old.state.last_linked;
  as_old.state.is_unsettled = old.state.is_unsettled;
  return as_old != old;
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
  end_span(remembered, device, is_gap ? moments.not_before : first);
  begin_span(remembered, device, first, seen);
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
  end_span(remembered, device, is_gap ? moments.not_before : moments.not_after);
  begin_span(remembered, device, look_.moment, {});
  state.is_removed = true;
  state.is_flapping = false;
  state.follows_scope = false;
  remembered.extras = {};
  remembered.extras.removed_at = look_.moment;
  touch(device, std::move(remembered), std::nullopt);
  push(device, view_of(old, old.state.seen), change, moments);
}

/// What the look leaves of a device.
const DeviceState& LookBuilder::state_after(std::size_t device) const {
  const std::int64_t touched = touched_of_[device];
  return touched < 0 ? memory_.devices.state(device)
                     : touched_[static_cast<std::size_t>(touched)].remembered.state;
}

/// The last looks before this one that read a device, and that read it with a link.
LinkHistory LookBuilder::link_of(std::size_t device) const {
  LinkHistory link;
  link.has = has_link(state_after(device).seen.links.known());
  link.had = link.has;
  if (link.has || device >= memory_.devices.size()) return link;
  const DeviceState& before = memory_.devices.state(device);
  if (before.last_linked == 0) return link;
  const bool by_previous_look = !before.is_removed && before.last_linked == before.last_read;
  link.had = by_previous_look || moment_of(before.last_linked) >= look_.moment - outage_window;
  return link;
}

void LookBuilder::find_outages() {
  look_.has_lost_links = std::ranges::any_of(touched_, [&](const TouchedDevice& touched) {
    const LinkHistory link = link_of(touched.device);
    return link.had && !link.has;
  });
  const bool may_begin = look_.has_lost_links || memory_.last_loss >= look_.moment - outage_window;
  if (!options_.outage || (memory_.outages.empty() && !may_begin)) return;
  outages_.emplace(*options_.outage, memory_.outages, memory_.n_outages);
  std::vector<std::uint8_t> is_read(touched_of_.size());
  for (const std::size_t device : look_.reads) is_read[device] = 1;
  const DeviceMemory& devices = memory_.devices;
  std::vector<std::int32_t> codes;
  for (const std::string& fleet : devices.fleets()) codes.push_back(outages_->fleet(fleet));
  for (std::size_t device = 0; device < touched_of_.size(); ++device) {
    if (device < devices.size() && devices.is_forgotten(device)) continue;
    const DeviceState& state = state_after(device);
    if (state.is_removed) continue;
    std::int32_t fleet = -1;
    if (touched_of_[device] < 0) {
      if (state.fleet >= 0) fleet = codes[static_cast<std::size_t>(state.fleet)];
    } else {
      const auto touched = static_cast<std::size_t>(touched_of_[device]);
      const auto& name = touched_[touched].remembered.fleet;
      if (name) fleet = outages_->fleet(*name);
    }
    outages_->note(device, fleet, link_of(device), is_read[device] != 0);
  }
  outages_->finish([&](std::size_t device) -> std::optional<bool> {
    const DeviceState& state = state_after(device);
    if (state.is_removed) return std::nullopt;
    return has_link(state.seen.links.known());
  });
  look_.outages = outages_->outages();
}

std::vector<ChangeRow> LookBuilder::rows_of_outages() const {
  std::vector<ChangeRow> rows;
  for (const Outage& outage : look_.outages) {
    if (!outage.is_new && !outage.is_over) continue;
    ChangeRow& row = rows.emplace_back();
    row.change.kind = outage.is_over ? ChangeKind::outage_over : ChangeKind::outage;
    if (outage.is_over) row.change.before = outage.said;
    row.change.after = outage.is_over ? outage.said_at_end : outage.said;
    row.fleet = outage.fleet;
    row.not_before = memory_.look_moments.back();
    row.not_after = look_.moment;
    row.in_outage = true;
  }
  return rows;
}

/// Outages come first, then devices in the order of rows, then those that were removed.
void LookBuilder::finish_changes() {
  std::vector<ChangeRow> rows = rows_of_outages();
  look_.of_device.assign(rows.size(), -1);
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    const std::size_t device = of_device_[i];
    const auto touched = static_cast<std::size_t>(touched_of_[device]);
    const Remembered& remembered = touched_[touched].remembered;
    ChangeRow& row = rows.emplace_back(changes_[i]);
    row.uuid = remembered.uuid;
    row.in_outage = outages_ && outages_->is_member(device);
    look_.of_device.push_back(static_cast<std::int64_t>(device));
  }
  look_.changes = change_columns(rows);
}

}  // namespace fleetstatus
