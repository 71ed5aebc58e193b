#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/capability.hpp"
#include "core/facts.hpp"
#include "core/optional_column.hpp"
#include "core/record_columns.hpp"
#include "core/timestamp.hpp"
#include "core/update_status.hpp"

namespace fleetstatus {

/// Answers for a batch of records that no single field holds, the same under every scheme.
class DerivedColumns {
 public:
  OptionalColumn<std::string_view> fleet;    ///< holds until the next batch
  OptionalColumn<std::string_view> release;  ///< holds until the next batch
  OptionalColumn<bool> on_target;
  OptionalColumn<bool> heartbeat;
  OptionalColumn<bool> cloudlink;
  OptionalColumn<bool> cloudlink_expected;
  OptionalColumn<Timestamp> heartbeat_since;
  OptionalColumn<Timestamp> cloudlink_since;
  OptionalColumn<Timestamp> update_status_since;
  OptionalColumn<Timestamp> created_at;
  OptionalColumn<std::int32_t> heartbeat_window_s;
  OptionalColumn<CapabilitySet> capabilities;
  OptionalColumn<std::int32_t> progress;
  OptionalColumn<UpdateStatusSupport> update_status_support;

  /// Fills the columns for all records of a batch.
  /// @param facts, unknown  bits of each record, written too
  void derive(const RecordColumns& records, std::span<std::uint32_t> facts,
              std::span<std::uint32_t> unknown);

  template <class Visitor>
  void for_each_column(Visitor visit) {
    visit(fleet), visit(release), visit(on_target);
    visit(heartbeat), visit(cloudlink), visit(cloudlink_expected);
    visit(heartbeat_since), visit(cloudlink_since), visit(update_status_since), visit(created_at);
    visit(heartbeat_window_s), visit(capabilities), visit(progress);
    visit(update_status_support);
  }

 private:
  std::vector<std::string> fleet_ids_;
  std::vector<std::string> release_ids_;
  BatchMemory memory_;
};

}  // namespace fleetstatus
