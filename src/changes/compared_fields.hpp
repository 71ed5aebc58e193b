#pragma once

#include <string>
#include <vector>

#include "records/field.hpp"

namespace fleetstatus {

/// What can be compared: not what one of two snapshots lacks altogether.
struct ComparedFields {
  bool name = true;
  bool fleet = true;
  bool release = true;
  bool update_status = true;
  bool update_event = true;
  bool heartbeat_since = true;
  bool cloudlink_since = true;
};

/// Whether a snapshot lacks a field altogether.
/// @param gaps  null if it lacks none
[[nodiscard]] bool lacks(const Gaps* gaps, Field field);

[[nodiscard]] ComparedFields compared_fields(const Gaps* old_gaps, const Gaps* new_gaps);

/// One line for each field that can change a reason and that only one of two snapshots has.
[[nodiscard]] std::vector<std::string> notes_on(const Gaps* old_gaps, const Gaps* new_gaps);

}  // namespace fleetstatus
