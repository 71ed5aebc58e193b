#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "core/timestamp.hpp"

namespace fleetstatus {

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
