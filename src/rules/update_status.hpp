#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/names.hpp"
#include "rules/timestamp.hpp"

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

/// What the version of a supervisor says about it. Each can do what those before it can.
enum class SupervisorAge : std::uint8_t {
  unknown,
  reports_no_update_status,
  flickers,  ///< from 16.7.0 on: its reports flicker between done and downloading
  reports,   ///< from 17.7.0 on
  queues,    ///< from 19.0.0 on: OS updates can be queued for it
};

/// A pre-release counts as its release (our choice); text that is no semantic version is unknown.
/// Source: docs 2024-11, note on update statuses; supervisor's changelog; semver.org 2.0.0.
[[nodiscard]] SupervisorAge supervisor_age(std::string_view version) noexcept;

/// Whether a supervisor reports update statuses.
[[nodiscard]] constexpr UpdateStatusSupport update_status_support(SupervisorAge age) noexcept {
  if (age == SupervisorAge::unknown) return UpdateStatusSupport::unknown;
  return age == SupervisorAge::reports_no_update_status ? UpdateStatusSupport::no
                                                        : UpdateStatusSupport::yes;
}

/// What it usually means if a device stays in an update status; empty for an update that is done.
inline constexpr Names<UpdateStatus, 6> update_status_hints{
    {"", "A download that takes hours points to a slow or broken network.",
     "Everything is there; most likely an app holds the update lock.",
     "Containers that keep failing may hold up the change.",
     "A service that the release requires has requirements that the device does not meet.",
     "The update was given up; no supervisor of today reports this."}};

}  // namespace fleetstatus
