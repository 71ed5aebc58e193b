#pragma once

#include <string>
#include <vector>

#include "records/field.hpp"
#include "records/field_table.hpp"
#include "rules/schemes.hpp"

namespace fleetstatus {

/// What a source had.
struct SeenFields {
  FieldSet fields;
  bool fleet_variables = false;
  bool fleet_release = false;
  bool install_without_release = false;  ///< whose progress may not be known

  friend bool operator==(const SeenFields&, const SeenFields&) = default;

  void insert(const SeenFields& other) noexcept {
    fields.insert(other.fields);
    fleet_variables = fleet_variables || other.fleet_variables;
    fleet_release = fleet_release || other.fleet_release;
    install_without_release = install_without_release || other.install_without_release;
  }
};

/// What a scheme needs of a field.
[[nodiscard]] Need need_of(Field field, StatusScheme scheme);

/// The fields of which one is enough, as far as a scheme needs them; the field itself among them.
[[nodiscard]] FieldSet alternatives_to(Field field, StatusScheme scheme);

/// What it costs to go without a field, in the words of a scheme.
[[nodiscard]] std::string hides(Field field, StatusScheme scheme);

/// Needed fields that no record has, in the order of the field table.
[[nodiscard]] std::vector<Field> missing_fields(const SeenFields& seen, StatusScheme scheme,
                                                FieldSet allow_missing);

/// Read fields that no record has, and what that hides.
[[nodiscard]] Gaps gaps(const SeenFields& seen, StatusScheme scheme);

}  // namespace fleetstatus
