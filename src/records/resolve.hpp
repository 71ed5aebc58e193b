#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "records/record_columns.hpp"
#include "rules/facts.hpp"
#include "rules/read.hpp"

namespace fleetstatus {

/// One record of a batch, and the fields of it that could not be read.
struct RecordAt {
  const RecordColumns& columns;
  std::size_t record = 0;
  FieldSet unreadable = {};

  /// The record's value of a field.
  template <Field field>
  [[nodiscard]] auto read() const {
    return read_of<field>(columns.at<field>());
  }

  /// The record's value in a column that was read from a field.
  template <Field field, class Column>
  [[nodiscard]] Read<typename Column::Value> read_of(const Column& column) const {
    const bool is_unreadable = unreadable.contains(field);
    return {static_cast<typename Column::Value>(column.stored(record)),
            column.has(record) && !is_unreadable, is_unreadable};
  }
};

// Fallbacks and precedence: which of several fields gives an answer. An answer that depends on an
// unreadable field is unreadable.

/// The cloudlink flag, which older records call `is_online`.
[[nodiscard]] inline Read<bool> cloudlink(const RecordAt& at) {
  return first_of(at.read<Field::is_connected_to_vpn>(), at.read<Field::is_online>());
}

/// The time of an event; 1970-01-01T00:00:00Z means that there was none.
[[nodiscard]] constexpr Read<Timestamp> real_time(Read<Timestamp> time) noexcept {
  time.is_set = time.is_set && time.value != never;
  return time;
}

/// When cloudlink entered its current state.
[[nodiscard]] inline Read<Timestamp> cloudlink_since(const RecordAt& at) {
  return first_of(real_time(at.read<Field::last_vpn_event>()),
                  real_time(at.read<Field::last_connectivity_event>()));
}

/// Whether the configuration leaves cloudlink enabled.
[[nodiscard]] Read<bool> cloudlink_expected(const RecordAt& at);

/// How long after a heartbeat the API counts a device as online; never absent.
[[nodiscard]] Read<Seconds> heartbeat_window(const RecordAt& at);

/// The release that the device should run.
[[nodiscard]] Read<Release> target_release(const RecordAt& at);

/// The release that the device runs.
[[nodiscard]] inline Read<Release> running_release(const RecordAt& at) {
  return at.read<Field::is_running__release>();
}

/// The installs of an SDK object, by service, or by fleet and service.
[[nodiscard]] inline Read<std::span<const Install>> services(const RecordAt& at) {
  return first_of(at.read<Field::current_services>(), at.read<Field::current_services_by_app>());
}

/// The installs of a device.
[[nodiscard]] inline Read<std::span<const Install>> installs(const RecordAt& at) {
  return first_of(at.read<Field::image_install>(), services(at));
}

/// Whether the device runs its target release; none if either release is unknown.
[[nodiscard]] std::optional<bool> on_target(const RecordAt& at);

/// All facts of a record that the rules use.
[[nodiscard]] KnownFacts known_facts(const RecordAt& at);

/// The progress from a source, in percent.
[[nodiscard]] std::optional<std::int32_t> progress_of(ProgressSource source, const RecordAt& at);

/// Overall progress in percent; none if there is none, or if it depends on unknown facts.
/// @param known  the record's facts
[[nodiscard]] std::optional<std::int32_t> overall_progress(const RecordAt& at, KnownFacts known);

}  // namespace fleetstatus
