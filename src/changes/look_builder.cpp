#include "changes/look_builder.hpp"

#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "changes/fingerprint.hpp"
#include "changes/kept_values.hpp"
#include "changes/tracker.hpp"

namespace fleetstatus {

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
  look_.reads.reserve(rows_.size());
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

}  // namespace fleetstatus
