#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "changes/device_view.hpp"

namespace fleetstatus {

/// Which devices a snapshot holds.
struct SnapshotScope {
  bool is_complete = true;  ///< every device of the scope is in it: one that is not was removed
  std::optional<std::vector<std::string>> fleets = {};  ///< only devices of these; none: of all
};

/// 1 for each row whose fleet is one of the scope; empty if the scope has all fleets.
[[nodiscard]] std::vector<std::uint8_t> rows_in(const SnapshotScope& scope, const DeviceRows& rows);

}  // namespace fleetstatus
