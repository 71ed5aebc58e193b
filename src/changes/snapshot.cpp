#include "changes/snapshot.hpp"

#include <algorithm>

namespace fleetstatus {

std::vector<std::uint8_t> rows_in(const SnapshotScope& scope, const DeviceRows& rows) {
  if (!scope.fleets) return {};
  const Column fleets = rows.table().column(ColumnId::fleet);
  std::vector<std::uint8_t> is_wanted;
  for (const std::string& label : *fleets.labels()) {
    is_wanted.push_back(std::ranges::find(*scope.fleets, label) != scope.fleets->end() ? 1 : 0);
  }
  std::vector<std::uint8_t> is_in(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (fleets.is_valid(row)) is_in[row] = is_wanted[static_cast<std::size_t>(fleets.code(row))];
  }
  return is_in;
}

}  // namespace fleetstatus
