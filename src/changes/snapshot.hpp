#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace fleetstatus {

/// Which devices a snapshot holds.
struct SnapshotScope {
  bool is_complete = true;  ///< every device of the scope is in it: one that is not was removed
  std::optional<std::vector<std::string>> fleets = {};  ///< only devices of these; none: of all
};

/// Which fleets a scope has.
class FleetsInScope {
 public:
  explicit FleetsInScope(const SnapshotScope& scope) {
    if (scope.fleets) fleets_.emplace(scope.fleets->begin(), scope.fleets->end());
  }

  [[nodiscard]] bool has_all() const noexcept { return !fleets_; }

  /// @param fleet  none: not known, and so in no scope but that of all fleets
  [[nodiscard]] bool contains(std::optional<std::string_view> fleet) const {
    return has_all() || (fleet && fleets_->contains(std::string{*fleet}));
  }

 private:
  std::optional<std::unordered_set<std::string>> fleets_;
};

}  // namespace fleetstatus
