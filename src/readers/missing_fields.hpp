#pragma once

#include <optional>
#include <vector>

#include "core/field.hpp"
#include "core/schemes.hpp"
#include "readers/field_table.hpp"

namespace fleetstatus {

/// What a source had.
struct SeenFields {
  FieldSet fields;
  bool fleet_variables = false;
  bool fleet_release = false;

  friend bool operator==(const SeenFields&, const SeenFields&) = default;

  void insert(const SeenFields& other) noexcept {
    fields.insert(other.fields);
    fleet_variables = fleet_variables || other.fleet_variables;
    fleet_release = fleet_release || other.fleet_release;
  }
};

/// What a scheme needs of a field.
[[nodiscard]] Need need_of(Field field, StatusScheme scheme);

/// The other of two fields of which one is enough.
[[nodiscard]] std::optional<Field> alternative_to(Field field);

/// Needed fields that no record has, in the order of the field table.
[[nodiscard]] std::vector<Field> missing_fields(const SeenFields& seen, StatusScheme scheme,
                                                FieldSet allow_missing);

/// Read fields that no record has, and what that hides.
[[nodiscard]] Gaps gaps(const SeenFields& seen, StatusScheme scheme);

}  // namespace fleetstatus
