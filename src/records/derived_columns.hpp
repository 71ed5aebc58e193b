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

/// Columns computed from the fields of a batch of records; the same under every scheme.
class DerivedColumns {
 public:
  OptionalColumn<std::string_view> fleet;    ///< valid until the next batch
  OptionalColumn<std::string_view> release;  ///< valid until the next batch
  OptionalColumn<bool> on_target;
  OptionalColumn<Timestamp> heartbeat_since;
  OptionalColumn<Timestamp> cloudlink_since;
  OptionalColumn<Timestamp> update_status_since;
  OptionalColumn<Timestamp> created_at;
  OptionalColumn<std::int32_t> heartbeat_window_s;
  OptionalColumn<std::int32_t> progress;
  OptionalColumn<std::uint32_t> unknown;  ///< bits of unknown facts; 0 where not set

  /// Fills the columns for all records of a batch.
  /// @param facts  output: the fact bits of each record
  void derive(const RecordColumns& records, std::span<std::uint32_t> facts);

  template <class Visitor>
  void for_each_column(Visitor visit) {
    visit(fleet), visit(release), visit(on_target);
    visit(heartbeat_since), visit(cloudlink_since), visit(update_status_since), visit(created_at);
    visit(heartbeat_window_s), visit(progress), visit(unknown);
  }

 private:
  void derive(const RecordAt& at, std::span<std::uint32_t> facts);

  std::deque<std::string> made_texts_;  ///< texts of this batch that no record holds
  BatchMemory memory_;
};

}  // namespace fleetstatus
