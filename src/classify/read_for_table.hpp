#pragma once

#include <cstdint>
#include <vector>

#include "records/missing_fields.hpp"
#include "records/record_builder.hpp"
#include "table/record_table.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// The names and types of the columns of carried fields.
[[nodiscard]] inline std::vector<CarriedEntry> carried_entries(
    const std::vector<CarriedField>& fields) {
  std::vector<CarriedEntry> entries;
  for (const CarriedField& field : fields) {
    switch (field.type) {
      case CarriedType::integer: entries.push_back({field.name, ColumnType::int64}); break;
      case CarriedType::real: entries.push_back({field.name, ColumnType::float64}); break;
      case CarriedType::boolean: entries.push_back({field.name, ColumnType::boolean}); break;
      case CarriedType::timestamp: entries.push_back({field.name, ColumnType::timestamp}); break;
      case CarriedType::text: entries.push_back({field.name, ColumnType::large_utf8}); break;
    }
  }
  return entries;
}

/// The fields that at least one scheme requires.
inline constexpr FieldSet needed_fields = fields_where([](const FieldEntry& entry) {
  return entry.need != Need::optional || entry.need_in_library_2020 != Need::optional;
});

/// What a table remembers of the options.
[[nodiscard]] inline ReadWith read_with(const ReadOptions& options) {
  return {options.allow_missing, options.missing == Missing::of_parts,
          options.settings.default_poll_interval, options.settings.assume_utc};
}

/// Bits for the required fields that were read, and for whether there were records and devices, so
/// that the parts of a source can be checked together later.
[[nodiscard]] inline std::uint64_t fields_seen_bits(const RecordBuilder& builder) {
  std::uint64_t bits = builder.seen().fields.bits() & needed_fields.bits();
  if (builder.n_records() > 0) bits |= std::uint64_t{1} << held_record_bit;
  if (builder.has_device()) bits |= std::uint64_t{1} << held_device_bit;
  return bits;
}

}  // namespace fleetstatus
