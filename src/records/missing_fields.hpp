#pragma once

#include <string>
#include <vector>

#include "records/field.hpp"
#include "records/field_table.hpp"
#include "rules/schemes.hpp"

namespace fleetstatus {

/// Which fields the records of a source have.
struct SeenFields {
  FieldSet fields;
  bool fleet_variables = false;
  bool fleet_release = false;
  bool install_without_release = false;  ///< its progress may be unknown

  friend bool operator==(const SeenFields&, const SeenFields&) = default;

  void insert(const SeenFields& other) noexcept {
    fields.insert(other.fields);
    fleet_variables = fleet_variables || other.fleet_variables;
    fleet_release = fleet_release || other.fleet_release;
    install_without_release = install_without_release || other.install_without_release;
  }
};

/// Whether a scheme needs a field.
[[nodiscard]] Need need_of(Field field, StatusScheme scheme);

/// The field and its alternatives that the scheme needs; any one of them is enough.
[[nodiscard]] FieldSet alternatives_to(Field field, StatusScheme scheme);

/// What is unknown without a field, with the labels of a scheme.
[[nodiscard]] std::string hides(Field field, StatusScheme scheme);

/// Needed fields that no record has, in the order of the field table; one for a group of
/// alternatives.
[[nodiscard]] std::vector<Field> missing_fields(const SeenFields& seen, StatusScheme scheme,
                                                FieldSet allow_missing);

/// Fields that are read but that no record has, and what is unknown without them.
[[nodiscard]] Gaps gaps(const SeenFields& seen, StatusScheme scheme);

}  // namespace fleetstatus
