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

/// Makes a table of records, batch by batch.
class TableBuilder {
 public:
  explicit TableBuilder(std::vector<CarriedEntry> carried = {})
      : TableBuilder(carried, store_for(carried)) {}

  /// @param store  an empty one to fill
  TableBuilder(std::vector<CarriedEntry> carried, ColumnStore store)
      : carried_(std::move(carried)), part_{std::move(store)} {}

  /// Makes room for so many records in all, if their number is known beforehand.
  void reserve(std::size_t n_records) { part_.columns.reserve(n_records); }

  void append(const RecordColumns& records);

  /// The latest time in the records so far.
  [[nodiscard]] std::optional<Timestamp> newest_event() const noexcept {
    return part_.notes.newest_event;
  }

  [[nodiscard]] std::size_t size() const noexcept { return part_.size(); }

  /// All records so far; later ones go into another part.
  [[nodiscard]] TablePart take();

  /// A table of all records so far; later ones go into another one.
  /// @param info          without the newest event, which the records have
  /// @param first_record  number of the first record in its source, for messages
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
  std::vector<bool> is_app_noted_;  ///< by code of the fleet
};

}  // namespace fleetstatus
