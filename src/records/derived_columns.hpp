#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>

#include "base/optional_column.hpp"
#include "records/record_columns.hpp"
#include "records/resolve.hpp"
#include "rules/timestamp.hpp"

namespace fleetstatus {

/// What a batch of records says that no single field holds, the same under every scheme.
class DerivedColumns {
 public:
  OptionalColumn<std::string_view> fleet;    ///< holds until the next batch
  OptionalColumn<std::string_view> release;  ///< holds until the next batch
  OptionalColumn<bool> on_target;
  OptionalColumn<Timestamp> heartbeat_since;
  OptionalColumn<Timestamp> cloudlink_since;
  OptionalColumn<Timestamp> update_status_since;
  OptionalColumn<Timestamp> created_at;
  OptionalColumn<std::int32_t> heartbeat_window_s;
  OptionalColumn<std::int32_t> progress;
  OptionalColumn<std::uint32_t> unknown;  ///< bits of unknown facts; 0 where none is set

  /// Fills the columns for all records of a batch.
  /// @param facts  bits of each record, written too
  void derive(const RecordColumns& records, std::span<std::uint32_t> facts);

  template <class Visitor>
  void for_each_column(Visitor visit) {
    visit(fleet), visit(release), visit(on_target);
    visit(heartbeat_since), visit(cloudlink_since), visit(update_status_since), visit(created_at);
    visit(heartbeat_window_s), visit(progress), visit(unknown);
  }

 private:
  void derive(const RecordAt& at, std::span<std::uint32_t> facts);

  std::deque<std::string> made_texts_;  ///< of this batch
  BatchMemory memory_;
};

}  // namespace fleetstatus
