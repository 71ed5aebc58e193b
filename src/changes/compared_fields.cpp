#include "changes/compared_fields.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "records/field_table.hpp"

namespace fleetstatus {
namespace {

/// A field that can change a reason, and the answer that it decides.
struct DecidingField {
  Field field;
  std::string_view decides;
};

constexpr std::array deciding_fields{
    DecidingField{Field::is_frozen, "to or from Frozen"},
    DecidingField{Field::is_active, "to or from Inactive"},
    DecidingField{Field::device_config_variable,
                  "between Operational and Reduced Functionality without cloudlink"}};

}  // namespace

bool lacks(const Gaps* gaps, Field field) {
  return gaps != nullptr &&
         std::ranges::find(*gaps, entry_of(field).name, &Gap::field) != gaps->end();
}

ComparedFields compared_fields(const Gaps* old_gaps, const Gaps* new_gaps) {
  const auto both_have = [&](Field field) {
    return !lacks(old_gaps, field) && !lacks(new_gaps, field);
  };
  const auto one_lacks = [&](Field field) {
    return lacks(old_gaps, field) != lacks(new_gaps, field);
  };
  ComparedFields compared;
  compared.name = both_have(Field::device_name);
  compared.fleet = both_have(Field::belongs_to__application);
  compared.release = both_have(Field::is_running__release);
  compared.update_status = both_have(Field::update_status);
  compared.update_event = both_have(Field::last_update_status_event);
  compared.heartbeat_since = both_have(Field::changed_api_heartbeat_state_on__date);
  // Without a tunnel event, the time of the last link event is used.
  compared.cloudlink_since =
      !one_lacks(Field::last_vpn_event) && !one_lacks(Field::last_connectivity_event);
  return compared;
}

std::vector<std::string> notes_on(const Gaps* old_gaps, const Gaps* new_gaps) {
  std::vector<std::string> notes;
  for (const auto& [field, decides] : deciding_fields) {
    const bool old_lacks = lacks(old_gaps, field);
    if (old_lacks == lacks(new_gaps, field)) continue;
    notes.push_back(std::string{entry_of(field).name} + " is only in the " +
                    (old_lacks ? "newer" : "older") + " snapshot, so a change " +
                    std::string{decides} + " may be due to that");
  }
  return notes;
}

}  // namespace fleetstatus
