#include <algorithm>

#include "changes/look_builder.hpp"
#include "changes/tracker.hpp"

namespace fleetstatus {

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
  link.has_lost = link.had && (by_previous_look || before.is_removed);
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
