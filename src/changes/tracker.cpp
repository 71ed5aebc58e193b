#include "changes/tracker.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "changes/look_builder.hpp"

namespace fleetstatus {

Look Tracker::look(const StatusTable& table, const SnapshotScope& scope, double max_removed) const {
  if (table.info().scheme != options_.scheme) {
    throw ArgumentError("the snapshot has another scheme than the tracker");
  }
  return LookBuilder{options_, memory_, table, scope}.make(max_removed);
}

void Tracker::note_look(Timestamp moment, const SnapshotScope& scope) {
  auto& moments = memory_.look_moments;
  if (!moments.empty()) {
    const Milliseconds passed = moment - moments.back();
    if (passed <= options_.gap) memory_.clock += passed;
  }
  moments.push_back(moment);
  if (!scope.is_complete) return;
  if (scope.fleets) {
    memory_.fleets_looked_at.insert(scope.fleets->begin(), scope.fleets->end());
  } else {
    memory_.has_complete_look = true;
  }
}

void Tracker::apply(const Look& look) {
  note_look(look.moment, look.scope);
  memory_.last_gaps = look.gaps;
  DeviceMemory& devices = memory_.devices;
  std::size_t n_new = 0;
  std::size_t n_text_bytes = 0;
  for (const TouchedDevice& touched : look.touched) {
    if (touched.device < devices.size()) continue;
    ++n_new;
    n_text_bytes += DeviceMemory::n_text_bytes(touched.remembered);
  }
  if (n_new > devices.size() / 4) devices.reserve(n_new, n_text_bytes);
  for (const TouchedDevice& touched : look.touched) {
    devices.put(touched.device, touched.remembered);
  }
  for (const std::size_t device : look.reads) {
    DeviceState& state = devices.state(device);
    state.last_read = look.number;
    if (has_link(state.seen.links.known())) state.last_linked = look.number;
  }
  if (look.has_lost_links) memory_.last_loss = look.moment;
  memory_.outages.clear();
  for (const Outage& outage : look.outages) {
    memory_.n_outages = std::max(memory_.n_outages, outage.number);
    if (outage.is_over) continue;
    memory_.outages.push_back(outage);
    memory_.outages.back().is_new = false;
  }
}

void Tracker::load(const PastLook& look) {
  if (look.number != memory_.n_looks() + 1) {
    throw ArgumentError("look " + std::to_string(look.number) + " follows look " +
                        std::to_string(memory_.n_looks()));
  }
  note_look(look.moment, look.scope);
  memory_.last_gaps = look.gaps;
  memory_.last_loss = look.moment;
  if (!look.scope.is_complete) return;
  if (look.scope.fleets) {
    for (const std::string& fleet : *look.scope.fleets) last_of_fleet_[fleet] = look.number;
  } else {
    last_complete_ = look.number;
  }
}

void Tracker::load(std::size_t device, Remembered remembered) {
  DeviceState& state = remembered.state;
  const bool is_new = device >= memory_.devices.size();
  if (!is_new || remembered.uuid.empty()) throw ArgumentError("the devices are not in order");
  if (state.follows_scope) {
    state.last_read = std::max(state.last_read, last_complete_);
    const auto found =
        remembered.fleet ? last_of_fleet_.find(*remembered.fleet) : last_of_fleet_.end();
    if (found != last_of_fleet_.end()) state.last_read = std::max(state.last_read, found->second);
  }
  if (state.last_read > memory_.n_looks()) throw ArgumentError("a device was read by no look");
  if (has_link(state.seen.links.known())) state.last_linked = state.last_read;
  memory_.devices.put(device, remembered);
}

void Tracker::load(Outage outage) {
  memory_.n_outages = std::max(memory_.n_outages, outage.number);
  if (!outage.is_over) memory_.outages.push_back(std::move(outage));
}

}  // namespace fleetstatus
