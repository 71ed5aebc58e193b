#pragma once

#include <cstdint>

#include "changes/compared_fields.hpp"
#include "changes/device_memory.hpp"
#include "changes/device_view.hpp"

namespace fleetstatus {

// A tracker keeps the last known value of a field while data lacks it, and compares with that.

/// Bits of `KnownField` for the fields that a snapshot has.
[[nodiscard]] std::uint8_t fields_in(const Gaps* gaps);

/// What can be compared of a device: fields that were read before and that the snapshot has.
[[nodiscard]] ComparedFields compared_with(std::uint8_t known_fields, std::uint8_t fields);

/// Fills in what a row does not say from what is remembered. Afterwards null means null.
/// @param fields  the fields that the row's snapshot has
void fill_in(DeviceView& row, const Remembered& remembered, std::uint8_t fields);

/// Remembers the values of a row that `fill_in` has completed.
/// @param had_error  whether some field of the row could not be read
void remember_values(Remembered& remembered, const DeviceView& row, std::uint8_t fields,
                     bool had_error);

}  // namespace fleetstatus
