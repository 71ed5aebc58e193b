#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "rules/timestamp.hpp"

namespace fleetstatus {

/// Whether a member of an envelope means that records are missing, unless it is null.
[[nodiscard]] constexpr bool is_error_of_envelopes(std::string_view key) noexcept {
  return key == "error" || key == "message";
}

/// Whether a member of an envelope is read in addition to its records.
[[nodiscard]] constexpr bool is_told_of_envelopes(std::string_view key) noexcept {
  return key == "fetched_at" || is_error_of_envelopes(key);
}

/// What envelopes hold in addition to their records.
struct Envelopes {
  std::optional<Timestamp> fetched_at;  ///< the latest
  std::string unreadable_fetched_at;    ///< the last one that is not a time, as text

  /// Adds the members of later envelopes.
  void note(const Envelopes& next) {
    fetched_at = std::max(fetched_at, next.fetched_at);
    if (!next.unreadable_fetched_at.empty()) unreadable_fetched_at = next.unreadable_fetched_at;
  }
};

}  // namespace fleetstatus
