#include "changes/outages.hpp"

#include <algorithm>
#include <span>

namespace fleetstatus {
namespace {

std::string n_of_m(std::size_t n, std::size_t m) {
  return std::to_string(n) + " of " + std::to_string(m);
}

void insert(std::vector<std::size_t>& members, std::span<const std::size_t> more) {
  for (const std::size_t device : more) {
    const auto place = std::ranges::lower_bound(members, device);
    if (place == members.end() || *place != device) members.insert(place, device);
  }
}

}  // namespace

std::int32_t OutageTracking::fleet(std::string_view name) {
  const auto [found, is_new] =
      codes_.try_emplace(std::string{name}, static_cast<std::int32_t>(fleets_.size()));
  if (is_new) fleets_.emplace_back().fleet = std::string{name};
  return found->second;
}

void OutageTracking::note(std::size_t device, std::int32_t fleet, LinkHistory link, bool is_read) {
  const auto add = [&](Tally& tally) {
    tally.is_read = tally.is_read || is_read;
    if (!link.had) return;
    ++tally.n_had;
    if (!link.has) tally.without.push_back(device);
    if (link.has_lost) tally.lost.push_back(device);
  };
  add(all_);
  if (fleet >= 0) add(fleets_[static_cast<std::size_t>(fleet)]);
}

void OutageTracking::begin(const Tally& tally) {
  const std::size_t n_without = tally.without.size();
  const bool lasts = std::ranges::find(outages_, tally.fleet, &Outage::fleet) != outages_.end();
  if (!tally.is_read || n_without < limits_.least || lasts) return;
  if (static_cast<double>(n_without) / static_cast<double>(tally.n_had) < limits_.share) return;
  Outage outage;
  outage.fleet = tally.fleet;
  outage.said = n_of_m(n_without, tally.n_had);
  insert(outage.members, tally.without);
  outage.number = ++n_so_far_;
  outage.is_new = true;
  outages_.push_back(std::move(outage));
}

/// Devices that lose their link while an outage lasts are of it too.
void OutageTracking::add_lost_devices() {
  for (Outage& outage : outages_) {
    const auto found = std::ranges::find(fleets_, outage.fleet, &Tally::fleet);
    const Tally* const tally = !outage.fleet ? &all_ : found != fleets_.end() ? &*found : nullptr;
    if (tally != nullptr) insert(outage.members, tally->lost);
  }
}

void OutageTracking::finish(const std::function<std::optional<bool>(std::size_t)>& has_link) {
  add_lost_devices();
  for (Outage& outage : outages_) {
    members_.insert(outage.members.begin(), outage.members.end());
    std::erase_if(outage.members, [&](std::size_t device) { return !has_link(device); });
    const auto n_without = static_cast<std::size_t>(std::ranges::count_if(
        outage.members, [&](std::size_t device) { return has_link(device) == false; }));
    outage.is_over = outage.members.empty() || 2 * n_without < outage.members.size();
    outage.said_at_end = n_of_m(n_without, outage.members.size());
  }
  if (std::ranges::count(fleets_, true, &Tally::is_read) > 1) begin(all_);
  std::vector<const Tally*> in_order;
  for (const Tally& tally : fleets_) in_order.push_back(&tally);
  std::ranges::sort(in_order, {}, [](const Tally* tally) { return *tally->fleet; });
  for (const Tally* const tally : in_order) begin(*tally);
  for (const Outage& outage : outages_) {
    members_.insert(outage.members.begin(), outage.members.end());
  }
}

}  // namespace fleetstatus
