#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "records/record_columns.hpp"
#include "rules/facts.hpp"
#include "rules/read.hpp"

namespace fleetstatus {

/// One record of a batch, and which of its fields could not be read.
struct RecordAt {
  const RecordColumns& columns;
  std::size_t record = 0;
  FieldSet unreadable = {};

  /// What the record has of a field.
  template <Field field>
  [[nodiscard]] auto read() const {
    return read_of<field>(columns.at<field>());
  }

  /// What the record has in a column that was read of a field.
  template <Field field, class Column>
  [[nodiscard]] Read<typename Column::Value> read_of(const Column& column) const {
    const bool is_unreadable = unreadable.contains(field);
    return {static_cast<typename Column::Value>(column.stored(record)),
            column.has(record) && !is_unreadable, is_unreadable};
  }
};

// Fallbacks and precedence: which of several fields answers a question. An answer that depends on a
// field that could not be read is unreadable.

/// The tunnel's flag, which older records call `is_online`.
[[nodiscard]] inline Read<bool> cloudlink(const RecordAt& at) {
  return first_of(at.read<Field::is_connected_to_vpn>(), at.read<Field::is_online>());
}

/// The time of an event; the first instant of 1970 means that there was none.
[[nodiscard]] constexpr Read<Timestamp> real_time(Read<Timestamp> time) noexcept {
  time.is_set = time.is_set && time.value != never;
  return time;
}

/// When cloudlink took its present state.
[[nodiscard]] inline Read<Timestamp> cloudlink_since(const RecordAt& at) {
  return first_of(real_time(at.read<Field::last_vpn_event>()),
                  real_time(at.read<Field::last_connectivity_event>()));
}

/// Whether configuration leaves cloudlink on.
[[nodiscard]] Read<bool> cloudlink_expected(const RecordAt& at);

/// How long after a heartbeat the API counts the link as up; never absent.
[[nodiscard]] Read<Seconds> heartbeat_window(const RecordAt& at);

/// The release that the device is to run.
[[nodiscard]] Read<Release> target_release(const RecordAt& at);

/// The release that the device runs.
[[nodiscard]] inline Read<Release> running_release(const RecordAt& at) {
  return at.read<Field::is_running__release>();
}

/// The installs by service: of SDK objects for one fleet, or for several.
[[nodiscard]] inline Read<std::span<const Install>> services(const RecordAt& at) {
  return first_of(at.read<Field::current_services>(), at.read<Field::current_services_by_app>());
}

/// The installs of a device.
[[nodiscard]] inline Read<std::span<const Install>> installs(const RecordAt& at) {
  return first_of(at.read<Field::image_install>(), services(at));
}

/// Whether the device runs what it should; none if that cannot be compared.
[[nodiscard]] std::optional<bool> on_target(const RecordAt& at);

/// Everything that the rules ask of a record.
[[nodiscard]] KnownFacts known_facts(const RecordAt& at);

/// The number that a source of progress gives, in percent.
[[nodiscard]] std::optional<std::int32_t> progress_of(ProgressSource source, const RecordAt& at);

/// Overall progress in percent; none where there is no such number, or it cannot be known.
/// @param known  the record's facts
[[nodiscard]] std::optional<std::int32_t> overall_progress(const RecordAt& at, KnownFacts known);

}  // namespace fleetstatus
