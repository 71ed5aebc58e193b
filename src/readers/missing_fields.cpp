#include "readers/missing_fields.hpp"

#include <string>

namespace fleetstatus {

Need need_of(Field field, StatusScheme scheme) {
  const FieldEntry& entry = entry_of(field);
  return scheme == StatusScheme::library_2020 ? entry.need_in_library_2020 : entry.need;
}

std::optional<Field> alternative_to(Field field) {
  for (const auto& [one, other] : alternatives) {
    if (field == one) return other;
    if (field == other) return one;
  }
  return std::nullopt;
}

std::vector<Field> missing_fields(const SeenFields& seen, StatusScheme scheme,
                                  FieldSet allow_missing) {
  std::vector<Field> missing;
  FieldSet settled = seen.fields;
  settled.insert(allow_missing);
  for (const FieldEntry& entry : field_table) {
    if (need_of(entry.field, scheme) == Need::optional || settled.contains(entry.field)) continue;
    const auto other = alternative_to(entry.field);
    const bool other_counts = other && need_of(*other, scheme) != Need::optional;
    if (other_counts && settled.contains(*other)) continue;
    missing.push_back(entry.field);
    if (other_counts) settled.insert(*other);
  }
  return missing;
}

Gaps gaps(const SeenFields& seen, StatusScheme scheme) {
  Gaps result;
  for (const FieldEntry& entry : field_table) {
    if (seen.fields.contains(entry.field)) continue;
    // Of two fields of which one is enough, the first speaks for both; library-2020 needs its own.
    const auto other = alternative_to(entry.field);
    const bool is_first = !other || entry.field < *other;
    const bool has_other = other && seen.fields.contains(*other);
    if (scheme != StatusScheme::library_2020 && (!is_first || has_other)) continue;
    result.push_back({std::string{entry.name}, std::string{entry.hides}});
  }
  if (!seen.fields.contains(Field::belongs_to__application)) return result;
  if (!seen.fleet_variables) {
    result.push_back({"belongs_to__application.application_config_variable",
                      "cloudlink counts as expected and the heartbeat window as the default, "
                      "unless the device says otherwise"});
  }
  if (!seen.fleet_release) {
    result.push_back({"belongs_to__application.should_be_running__release",
                      "the target release is the pinned one or the device's own"});
  }
  return result;
}

}  // namespace fleetstatus
