#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

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
  OptionalColumn<Timestamp> cloudlink_since;
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
    visit(cloudlink_since), visit(heartbeat_window_s), visit(capabilities);
    visit(progress), visit(update_status_support);
  }

 private:
  BatchMemory memory_;
};

}  // namespace fleetstatus
