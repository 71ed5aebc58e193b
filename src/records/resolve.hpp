#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

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

  /// What the record has in a column, which holds what was read of a field.
  template <Field field, class Column>
  [[nodiscard]] auto read_of(const Column& column) const {
    using Stored = std::remove_cvref_t<decltype(column.stored(record))>;
    const Bit is_unreadable = unreadable.contains(field);
    return Read<Stored>{column.stored(record), column.flag(record) & (1U - is_unreadable),
                        is_unreadable};
  }
};

// Fall-backs and precedence: which of several fields answers a question. An answer that rests on a
// field that could not be read is unreadable.

/// The tunnel's flag, which older records call `is_online`.
[[nodiscard]] inline Read<std::uint8_t> cloudlink(const RecordAt& at) {
  return first_of(at.read<Field::is_connected_to_vpn>(), at.read<Field::is_online>());
}

/// A time that came; the first instant of 1970 stands for one that never did.
[[nodiscard]] constexpr Read<Timestamp> real_time(Read<Timestamp> time) noexcept {
  time.is_set &= Bit{time.value != never};
  return time;
}

/// When cloudlink took its present state.
[[nodiscard]] inline Read<Timestamp> cloudlink_since(const RecordAt& at) {
  return first_of(real_time(at.read<Field::last_vpn_event>()),
                  real_time(at.read<Field::last_connectivity_event>()));
}

/// Whether configuration leaves cloudlink on.
[[nodiscard]] Read<bool> cloudlink_expected(const RecordAt& at);

/// The configured poll interval that the API reckons with; none if no variable sets it.
[[nodiscard]] Read<Milliseconds> poll_interval(const RecordAt& at);

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

/// The same of all records of a batch, as if every field could be read; in bits.
/// @param facts, unknown  of each record, written
void known_facts(const RecordColumns& records, std::span<std::uint32_t> facts,
                 std::span<std::uint32_t> unknown);

/// The number that a source of progress gives, in percent.
[[nodiscard]] std::optional<std::int32_t> progress_of(ProgressSource source, const RecordAt& at);

/// Overall progress in percent; none where there is no such number, or it cannot be known.
/// @param known  the record's facts
[[nodiscard]] std::optional<std::int32_t> overall_progress(const RecordAt& at, KnownFacts known);

}  // namespace fleetstatus
