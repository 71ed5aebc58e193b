#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "records/derived_columns.hpp"
#include "records/record_columns.hpp"
#include "table/record_table.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// Builds a table from batches of records.
class TableBuilder {
 public:
  explicit TableBuilder(std::vector<CarriedEntry> carried = {})
      : TableBuilder(carried, store_for(carried)) {}

  /// @param store  an empty store to fill
  TableBuilder(std::vector<CarriedEntry> carried, ColumnStore store)
      : carried_(std::move(carried)), part_{std::move(store)} {}

  /// Makes room for `n_records` records in total, if their number is known beforehand.
  void reserve(std::size_t n_records) { part_.columns.reserve(n_records); }

  void append(const RecordColumns& records);

  /// The latest time in the records of the open part.
  [[nodiscard]] std::optional<Timestamp> newest_event() const noexcept {
    return part_.notes.newest_event;
  }

  [[nodiscard]] std::size_t size() const noexcept { return part_.size(); }

  /// Ends the open part and returns it; later records go into a new one.
  [[nodiscard]] TablePart take();

  /// Makes a table of the open part; later records go into a new one.
  /// @param info          its newest event is replaced by that of the records
  /// @param first_record  index of the first record in its source, for messages
  [[nodiscard]] StatusTable finish(TableInfo info, std::size_t first_record = 0) {
    std::vector<TablePart> parts;
    parts.push_back(take());
    return {std::move(info), std::make_shared<const RecordTable>(carried_, std::move(parts)),
            first_record};
  }

 private:
  void append_carried(const RecordColumns& records, std::size_t first);
  void note_events(const RecordColumns& records);
  void note_links(std::span<const std::uint32_t> facts);
  void note_app_names(const RecordColumns& records, std::size_t first);

  std::vector<CarriedEntry> carried_;
  TablePart part_;
  DerivedColumns derived_;
  std::vector<bool> is_app_noted_;  ///< indexed by the fleet's code
};

}  // namespace fleetstatus
