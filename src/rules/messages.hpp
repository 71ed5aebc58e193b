#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace fleetstatus {

/// Texts by name, for facts other than a device's reason and class of attention.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 10> further_texts{{
    {"nothing-read", "A field could not be read."},
    {"wait-for-heartbeat", "Wait: within seconds the device is back or disconnected."},
    {"os-update-failed", "The device says that the update of its operating system failed."},
    {"os-update-log",
     "Read the OS update's log on the device (mnt/data/balenahup), then try again."},
    {"wait-unsupported",
     "Wait; supervisors before 16.7.0 report no update status, so see in the dashboard when the "
     "download began."},
    {"wait-unknown",
     "Wait; the data holds no update status of this device, so see in the dashboard when the "
     "download began."},
    {"polls-too-seldom",
     "BALENA_SUPERVISOR_POLL_INTERVAL is longer than the heartbeat window, so the device flaps "
     "between online and offline: set RESIN_SUPERVISOR_POLL_INTERVAL, from which the window is "
     "computed, to the same value."},
    {"stale-cloudlink",
     "Cloudlink was up before the heartbeat was lost, at least 24 hours ago, and has not changed "
     "since: that it is up may be stale."},
    {"flickers",
     "Supervisors 16.7.0 to 17.6 flicker between done and downloading in their reports, which "
     "restarts the clock: the update may have lasted longer."},
    {"no-heartbeats",
     "No device of this data has a known heartbeat though cloudlinks are up: this server seems to "
     "keep no heartbeats."},
}};

}  // namespace fleetstatus
