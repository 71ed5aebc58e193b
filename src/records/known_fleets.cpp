#include "records/known_fleets.hpp"

namespace fleetstatus {

void KnownFleets::learn(std::string_view bytes, const OneFleet& fleet, bool has_release,
                        bool has_variables) {
  constexpr std::size_t most_fleets = 2048;
  constexpr std::size_t longest = 4096;
  if (fleets_.size() == most_fleets || bytes.size() < n_hashed || bytes.size() > longest) return;
  Fleet& known = fleets_.emplace_back(Fleet{std::string{bytes}, fleet, has_release, has_variables});
  const auto keep = [&](std::optional<std::string_view>& text) {
    if (text) text = texts_.keep(*text);
  };
  keep(known.fleet.slug), keep(known.fleet.app_name), keep(known.fleet.release.commit);
  slots_[slot_of(bytes)] = &known;
}

}  // namespace fleetstatus
