#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/facts.hpp"
#include "core/record_columns.hpp"

namespace fleetstatus {

/// A value that was read, that the record does not have, or that could not be read.
template <class T>
struct Read {
  std::optional<T> value;
  bool is_unreadable = false;
};

// Fall-backs and precedence: which of several fields answers a question. `unreadable` are the
// fields of the record that could not be read; an answer that rests on one of them is unreadable.

/// The tunnel's flag, which older records call `is_online`.
[[nodiscard]] Read<bool> cloudlink(const RecordColumns& records, std::size_t record,
                                   FieldSet unreadable);

/// When cloudlink took its present state.
[[nodiscard]] Read<Timestamp> cloudlink_since(const RecordColumns& records, std::size_t record,
                                              FieldSet unreadable);

/// Whether configuration leaves cloudlink on.
[[nodiscard]] Read<bool> cloudlink_expected(const RecordColumns& records, std::size_t record,
                                            FieldSet unreadable);

/// The configured poll interval; none if no variable sets it.
[[nodiscard]] Read<Milliseconds> poll_interval(const RecordColumns& records, std::size_t record,
                                               FieldSet unreadable);

/// The release that the device is to run.
[[nodiscard]] Read<std::int64_t> target_release(const RecordColumns& records, std::size_t record,
                                                FieldSet unreadable);

/// The installs of a device: `image_install`, or `current_services` of old SDK objects.
[[nodiscard]] Read<std::span<const Install>> installs(const RecordColumns& records,
                                                      std::size_t record, FieldSet unreadable);

/// Everything that the rules ask of a record.
[[nodiscard]] KnownFacts known_facts(const RecordColumns& records, std::size_t record,
                                     FieldSet unreadable);

/// Overall progress in percent; none where there is no such number, or it cannot be known.
/// @param known  the record's facts
[[nodiscard]] std::optional<std::int32_t> overall_progress(const RecordColumns& records,
                                                           std::size_t record, FieldSet unreadable,
                                                           KnownFacts known);

}  // namespace fleetstatus
