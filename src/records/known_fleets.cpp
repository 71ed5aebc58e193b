#include "records/known_fleets.hpp"

namespace fleetstatus {

void KnownFleets::learn(std::string_view bytes, const FleetColumns& columns, std::size_t row,
                        bool has_release, bool has_variables) {
  constexpr std::size_t most_fleets = 2048;
  constexpr std::size_t longest = 4096;
  if (fleets_.size() == most_fleets || bytes.size() < n_hashed || bytes.size() > longest) return;
  Fleet& fleet = fleets_.emplace_back();
  fleet.bytes = bytes;
  fleet.has_release = has_release;
  fleet.has_variables = has_variables;
  fleet.columns.resize(1);
  fleet.columns.fill(0, columns, row);
  const auto keep = [&](OptionalColumn<std::string_view>& text) {
    if (text.has(0)) text.set(0, texts_.keep(text.stored(0)));
  };
  keep(fleet.columns.slug), keep(fleet.columns.app_name), keep(fleet.columns.release.commit);
  slots_[slot_of(bytes)] = &fleet;
}

}  // namespace fleetstatus
