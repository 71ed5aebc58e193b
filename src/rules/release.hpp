#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fleetstatus {

/// A release as a link names it: by its id, its commit, or both.
struct Release {
  std::optional<std::int64_t> id;
  std::string_view commit;  ///< empty: not known

  [[nodiscard]] constexpr bool is_set() const noexcept { return id || !commit.empty(); }
};

/// Whether two links name one release: by their ids, or by their commits where one has no id.
/// @return none if they have nothing to compare
[[nodiscard]] constexpr std::optional<bool> is_same_release(const Release& a,
                                                            const Release& b) noexcept {
  if (a.id && b.id) return *a.id == *b.id;
  if (!a.commit.empty() && !b.commit.empty()) return a.commit == b.commit;
  return std::nullopt;
}

}  // namespace fleetstatus
