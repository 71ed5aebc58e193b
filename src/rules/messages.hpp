#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "base/names.hpp"
#include "rules/attention.hpp"
#include "rules/rules.hpp"

namespace fleetstatus {

/// What to tell an operator: what is the matter, and what to do first.
struct Message {
  std::string_view text;
  std::string_view first_step = {};  ///< empty: nothing to do
};

inline constexpr std::string_view wait_for_update =
    "Wait, and watch how long the update status lasts.";

/// By Reason.
inline constexpr std::array<Message, reasons.names.size()> reason_messages{{
    {"The device is frozen: it runs on, but nobody can reach or manage it.",
     "See whether the organization is over its allowance or has overdue invoices."},
    {"The device is not active, so it is not managed.",
     "Power it on: a device becomes active when it connects."},
    {"The device is set up and waits to be started from its own storage.",
     "Take out the installation medium and boot from internal storage."},
    {"The device was registered but has not been heard of since.",
     "See that it was flashed and has network at its first boot."},
    {"Heartbeat and cloudlink are both down, so nothing reaches the device.",
     "Check power and network. A device that lost power still looks connected until its heartbeat "
     "window has passed."},
    {"The device is fetching a release.", wait_for_update},
    {"The device is setting up or updating its operating system.",
     "Wait: OS updates are no part of the update status."},
    {"The device is fetching the image of at least one service.", wait_for_update},
    {"The last heartbeat is overdue, and its few seconds of grace run.",
     "With cloudlink up, run a health check, then pull device diagnostics; without it, wait: "
     "within "
     "seconds the device is back or disconnected."},
    {"Cloudlink is up, but the supervisor does not report.",
     "Run a health check, then pull device diagnostics."},
    {"The supervisor reports, but cloudlink is down though it should be up.",
     "Look for a firewall that blocks VPN traffic."},
    {"The supervisor reports; cloudlink is turned off on purpose."},
    {"Heartbeat and cloudlink are both up."},
    {"The device has been ordered."},
    {"The device is being made ready for shipping."},
    {"The device is on its way and has not come online."},
    {"The device is online."},
    {"The data does not say whether both links are up."},
}};

/// By Attention. Of a device whose links are down, the message of its reason says more.
inline constexpr std::array<Message, attentions.names.size()> attention_messages{{
    {"The record could not be read in full, so answers that depend on the rest are missing.",
     "Correct the field that the error names, or ask the API for the records again."},
    {"The device is disconnected: heartbeat and cloudlink are both down.",
     "Check power and network."},
    {"The device reports that its last update failed.",
     "Find out why on the device, then start the update again."},
    {"The device is online by one of its two links only, so some actions do not work.",
     "See which link is down: without a heartbeat run a health check, without cloudlink look for a "
     "firewall that blocks VPN traffic."},
    {"The update has stayed in one stage for longer than it should.",
     "Look at the logs of the supervisor on the device: a lock, a slow network or failing "
     "containers may hold it up."},
    {"The device was registered long ago and never connected.",
     "See that it was flashed and has network at its first boot; delete it if it does not exist."},
    {"The device is frozen: it runs on, but nobody can reach or manage it.",
     "See whether the organization is over its allowance or has overdue invoices."},
}};

/// What to say of a device where other facts than its reason or class decide, by name.
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
