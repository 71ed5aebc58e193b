#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fleetstatus {

/// A release as a link names it: by its id, its commit, or both.
struct Release {
  std::optional<std::int64_t> id;
  std::string_view commit;  ///< empty if not known

  [[nodiscard]] constexpr bool is_set() const noexcept { return id || !commit.empty(); }
};

/// Whether two links name the same release: compares ids, or commits if an id is missing.
/// @return none if neither ids nor commits can be compared
[[nodiscard]] constexpr std::optional<bool> is_same_release(const Release& a,
                                                            const Release& b) noexcept {
  if (a.id && b.id) return *a.id == *b.id;
  if (!a.commit.empty() && !b.commit.empty()) return a.commit == b.commit;
  return std::nullopt;
}

}  // namespace fleetstatus
