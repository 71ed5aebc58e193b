#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/names.hpp"
#include "core/timestamp.hpp"

namespace fleetstatus {

/// Where a device stands with its current application update.
enum class UpdateStatus : std::uint8_t {
  done,
  downloading,
  downloaded,
  applying_changes,
  rejected,
  aborted,
};

/// As devices report them.
inline constexpr Names<UpdateStatus, 6> reported_update_statuses{
    {"done", "downloading", "downloaded", "applying changes", "rejected", "aborted"}};

/// As people read them.
inline constexpr Names<UpdateStatus, 6> update_statuses{
    {"Done", "Downloading", "Downloaded", "Applying Changes", "Rejected", "Aborted"}};

/// Whether a device's supervisor is new enough to report an update status at all.
enum class UpdateStatusSupport : std::uint8_t { yes, no, unknown };

inline constexpr Names<UpdateStatusSupport, 3> update_status_supports{{"yes", "no", "unknown"}};

/// How long something has lasted.
/// @param since  when it began; none if that is not known
/// @param now    the moment to measure at, on the same clock (UTC)
/// @return now - since, never negative (a clock ahead gives zero); none if no beginning
/// Source: docs 2024-11, on the update status duration.
[[nodiscard]] constexpr std::optional<Milliseconds> duration_since(std::optional<Timestamp> since,
                                                                   Timestamp now) noexcept {
  if (!since) return std::nullopt;
  return std::max(now - *since, Milliseconds::zero());
}

/// Tells from a supervisor's version whether it reports update statuses: 16.7.0 and later do.
/// A pre-release counts as its release (our choice); text that is no semantic version is unknown.
/// Source: docs 2024-11, note on update statuses; semver.org 2.0.0.
[[nodiscard]] UpdateStatusSupport update_status_support(std::string_view version) noexcept;

}  // namespace fleetstatus
