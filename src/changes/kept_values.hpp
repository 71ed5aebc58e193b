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

/// Fills in the facts about links that a row does not know from those that were known before.
void keep_links(DeviceView& row, LinkFacts known);

/// Remembers the values of a row. A null that is due to an error is no value.
/// @param fields  the fields that the row's snapshot has
void remember_values(Remembered& remembered, const DeviceView& row, std::uint8_t fields);

}  // namespace fleetstatus
