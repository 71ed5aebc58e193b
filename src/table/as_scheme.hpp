#pragma once

#include "rules/schemes.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// The same rows in the words of another scheme.
/// @throws MissingFieldsError  if no record had a field that only the other scheme needs
/// @throws RecordError         if a record has no value of a link that only the other scheme needs
/// @throws ArgumentError       if the facts, or the fields of the records, are not known
[[nodiscard]] StatusTable as_scheme(const StatusTable& table, StatusScheme scheme);

}  // namespace fleetstatus
