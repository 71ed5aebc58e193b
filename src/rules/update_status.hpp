#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/names.hpp"
#include "rules/timestamp.hpp"

namespace fleetstatus {

/// Stage of a device's current application update.
enum class UpdateStatus : std::uint8_t {
  done,
  downloading,
  downloaded,
  applying_changes,
  rejected,
  aborted,
};

/// Texts of an update status.
struct UpdateStatusEntry {
  UpdateStatus status;
  std::string_view reported;  ///< as devices report it
  std::string_view name;      ///< as users see it
  std::string_view hint;      ///< the usual cause if a device stays in it
};

inline constexpr auto update_status_table = std::to_array<UpdateStatusEntry>({
    {UpdateStatus::done, "done", "Done", ""},
    {UpdateStatus::downloading, "downloading", "Downloading",
     "A download that takes hours points to a slow or broken network."},
    {UpdateStatus::downloaded, "downloaded", "Downloaded",
     "Everything is there; most likely an app holds the update lock."},
    {UpdateStatus::applying_changes, "applying changes", "Applying Changes",
     "Containers that keep failing may hold up the change."},
    {UpdateStatus::rejected, "rejected", "Rejected",
     "A service that the release requires has requirements that the device does not meet."},
    {UpdateStatus::aborted, "aborted", "Aborted",
     "The update was given up; no supervisor of today reports this."},
});
static_assert(is_in_order(update_status_table, &UpdateStatusEntry::status));

inline constexpr auto reported_update_statuses =
    names_in<UpdateStatus>(update_status_table, &UpdateStatusEntry::reported);
inline constexpr auto update_statuses =
    names_in<UpdateStatus>(update_status_table, &UpdateStatusEntry::name);
inline constexpr auto update_status_hints =
    names_in<UpdateStatus>(update_status_table, &UpdateStatusEntry::hint);

/// Whether a device's supervisor is new enough to report an update status.
enum class UpdateStatusSupport : std::uint8_t { yes, no, unknown };

inline constexpr auto update_status_supports = names_of<UpdateStatusSupport>({
    {UpdateStatusSupport::yes, "yes"},
    {UpdateStatusSupport::no, "no"},
    {UpdateStatusSupport::unknown, "unknown"},
});

/// How long something has lasted.
/// @param since  when it began; none if not known
/// @param now    when to measure, on the same clock (UTC)
/// @return now - since, never negative (a clock ahead gives zero); none if `since` is none
/// Source: docs 2024-11, on the update status duration.
[[nodiscard]] constexpr std::optional<Milliseconds> duration_since(std::optional<Timestamp> since,
                                                                   Timestamp now) noexcept {
  if (!since) return std::nullopt;
  return std::max(now - *since, Milliseconds::zero());
}

/// What a supervisor's version implies, oldest first; each can do what older ones can.
enum class SupervisorAge : std::uint8_t {
  unknown,
  reports_no_update_status,
  flickers,  ///< from 16.7.0 on: reports flicker between done and downloading
  reports,   ///< from 17.7.0 on
  queues,    ///< from 19.0.0 on: OS updates can be queued
};

/// Parses a version. A pre-release counts as its release (our choice); text that is not a semantic
/// version is unknown.
/// Source: docs 2024-11, note on update statuses; supervisor's changelog; semver.org 2.0.0.
[[nodiscard]] SupervisorAge supervisor_age(std::string_view version) noexcept;

/// Whether a supervisor reports update statuses.
[[nodiscard]] constexpr UpdateStatusSupport update_status_support(SupervisorAge age) noexcept {
  if (age == SupervisorAge::unknown) return UpdateStatusSupport::unknown;
  return age == SupervisorAge::reports_no_update_status ? UpdateStatusSupport::no
                                                        : UpdateStatusSupport::yes;
}

}  // namespace fleetstatus
