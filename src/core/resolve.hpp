#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

#include "core/facts.hpp"
#include "core/record_columns.hpp"

namespace fleetstatus {

/// A value that was read, that the record does not have, or that could not be read.
template <class T>
struct Read {
  T value{};  ///< means nothing unless it is set
  Bit is_set = 0;
  Bit is_unreadable = 0;  ///< then it is not set

  [[nodiscard]] constexpr Bit is_absent() const noexcept { return 1U - (is_set | is_unreadable); }

  friend constexpr bool operator==(const Read& read, const T& value) noexcept {
    return read.is_set != 0 && read.value == value;
  }
};

/// One record of a batch, and which of its fields could not be read.
struct RecordAt {
  const RecordColumns& columns;
  std::size_t record = 0;
  FieldSet unreadable = {};

  /// What the record has in a column, which holds what was read of `field`.
  template <class Column>
  [[nodiscard]] auto read(const Column& column, Field field) const {
    using Stored = std::remove_cvref_t<decltype(column.stored(record))>;
    const Bit is_unreadable = unreadable.contains(field);
    return Read<Stored>{column.stored(record), column.flag(record) & (1U - is_unreadable),
                        is_unreadable};
  }
};

// Fall-backs and precedence: which of several fields answers a question. An answer that rests on a
// field that could not be read is unreadable.

/// The first of two that the record has.
template <class T>
[[nodiscard]] constexpr Read<T> first_of(const Read<T>& first, const Read<T>& second) noexcept {
  const Bit falls_back = first.is_absent();
  return {falls_back != 0 ? second.value : first.value, first.is_set | (falls_back & second.is_set),
          first.is_unreadable | (falls_back & second.is_unreadable)};
}

/// The tunnel's flag, which older records call `is_online`.
[[nodiscard]] inline Read<std::uint8_t> cloudlink(const RecordAt& at) {
  return first_of(at.read(at.columns.is_connected_to_vpn, Field::is_connected_to_vpn),
                  at.read(at.columns.is_online, Field::is_online));
}

/// When cloudlink took its present state.
[[nodiscard]] inline Read<Timestamp> cloudlink_since(const RecordAt& at) {
  return first_of(at.read(at.columns.last_vpn_event, Field::last_vpn_event),
                  at.read(at.columns.last_connectivity_event, Field::last_connectivity_event));
}

/// Whether configuration leaves cloudlink on.
[[nodiscard]] Read<bool> cloudlink_expected(const RecordAt& at);

/// The configured poll interval; none if no variable sets it.
[[nodiscard]] Read<Milliseconds> poll_interval(const RecordAt& at);

/// The release that the device is to run.
[[nodiscard]] Read<std::int64_t> target_release(const RecordAt& at);

/// The installs of a device: `image_install`, or `current_services` of old SDK objects.
[[nodiscard]] inline Read<std::span<const Install>> installs(const RecordAt& at) {
  return first_of(at.read(at.columns.image_install, Field::image_install),
                  at.read(at.columns.current_services, Field::current_services));
}

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
