#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "rules/timestamp.hpp"

namespace fleetstatus {

/// Whether a member of an envelope, unless it is null, says that records are missing.
[[nodiscard]] constexpr bool is_error_of_envelopes(std::string_view key) noexcept {
  return key == "error" || key == "message";
}

/// Whether a member of an envelope says something of its records.
[[nodiscard]] constexpr bool is_told_of_envelopes(std::string_view key) noexcept {
  return key == "fetched_at" || is_error_of_envelopes(key);
}

/// What envelopes say beside their records.
struct Envelopes {
  std::optional<Timestamp> fetched_at;  ///< the latest
  std::string unreadable_fetched_at;    ///< one that is no time, as text

  /// Notes what those say that come next.
  void note(const Envelopes& next) {
    fetched_at = std::max(fetched_at, next.fetched_at);
    if (!next.unreadable_fetched_at.empty()) unreadable_fetched_at = next.unreadable_fetched_at;
  }
};

}  // namespace fleetstatus
