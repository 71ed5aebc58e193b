#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/names.hpp"

namespace fleetstatus {

/// What is told of devices in the text format of Prometheus, in the order of the text.
enum class MetricFamily : std::uint8_t {
  devices,
  attention_devices,
  update_devices,
  off_target_devices,
  unreadable_devices,
  disagreeing_devices,
  snapshot_timestamp,
  newest_event_timestamp,
  device_attention,
  device_attention_since,
  devices_omitted,
  changes,
  up,
  fetch,
};

enum class MetricType : std::uint8_t { gauge, counter };

inline constexpr auto metric_types = names_of<MetricType>({
    {MetricType::gauge, "gauge"},
    {MetricType::counter, "counter"},
});

/// The names of up to four labels; the rest is empty.
using MetricLabels = std::array<std::string_view, 4>;

struct MetricFamilyEntry {
  MetricFamily family;
  MetricType type;
  std::string_view name;  ///< of a counter without its suffix
  MetricLabels labels;
  std::string_view unit;  ///< the end of the name; empty if it has no unit
  std::string_view help;  ///< one line, without backslashes and quotes

  [[nodiscard]] constexpr std::string_view suffix() const noexcept {
    return type == MetricType::counter ? "_total" : "";
  }

  [[nodiscard]] constexpr std::size_t n_labels() const noexcept {
    std::size_t n = 0;
    while (n < labels.size() && !labels[n].empty()) ++n;
    return n;
  }
};

inline constexpr auto metric_family_table = [] {
  using enum MetricType;
  using Family = MetricFamily;
  constexpr MetricLabels no_labels{};
  constexpr MetricLabels of_device{"fleet", "uuid", "device_name", "attention"};
  return std::to_array<MetricFamilyEntry>({
      {Family::devices,
       gauge,
       "fleetstatus_devices",
       {"fleet", "status"},
       "",
       "Devices by overall status; those with an empty status have none that is known."},
      {Family::attention_devices,
       gauge,
       "fleetstatus_attention_devices",
       {"fleet", "attention"},
       "",
       "Devices that need attention, by class."},
      {Family::update_devices,
       gauge,
       "fleetstatus_update_devices",
       {"fleet", "update_status"},
       "",
       "Devices by the update status that they have reported."},
      {Family::off_target_devices,
       gauge,
       "fleetstatus_off_target_devices",
       {"fleet"},
       "",
       "Devices that run another release than they should."},
      {Family::unreadable_devices, gauge, "fleetstatus_unreadable_devices", no_labels, "",
       "Devices whose record could not be read in full."},
      {Family::disagreeing_devices, gauge, "fleetstatus_disagreeing_devices", no_labels, "",
       "Devices for which the API gives another overall status than its rules."},
      {Family::snapshot_timestamp, gauge, "fleetstatus_snapshot_timestamp_seconds", no_labels,
       "seconds", "Moment of the snapshot."},
      {Family::newest_event_timestamp, gauge, "fleetstatus_newest_event_timestamp_seconds",
       no_labels, "seconds", "Latest time in the records of the snapshot."},
      {Family::device_attention, gauge, "fleetstatus_device_attention", of_device, "",
       "1 for a device that needs attention, 0 for one that needs none."},
      {Family::device_attention_since, gauge,
       "fleetstatus_device_attention_since_timestamp_seconds", of_device, "seconds",
       "When the condition that needs attention began, where that is known."},
      {Family::devices_omitted, gauge, "fleetstatus_devices_omitted", no_labels, "",
       "Devices that are not listed one by one, since the limit leaves them out."},
      {Family::changes,
       counter,
       "fleetstatus_changes",
       {"fleet", "kind", "after"},
       "",
       "Changes of devices and outages of fleets that were told."},
      {Family::up, gauge, "fleetstatus_up", no_labels, "",
       "1 if the devices were fetched at the last attempt and lately, else 0."},
      {Family::fetch, gauge, "fleetstatus_fetch_seconds", no_labels, "seconds",
       "How long the last attempt to fetch and read the devices took."},
  });
}();

static_assert(is_in_order(metric_family_table, &MetricFamilyEntry::family));

[[nodiscard]] constexpr const MetricFamilyEntry& entry_of(MetricFamily family) noexcept {
  return metric_family_table[static_cast<std::size_t>(family)];
}

}  // namespace fleetstatus
