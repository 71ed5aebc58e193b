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
  explicit TableBuilder(const std::vector<CarriedEntry>& carried = {})
      : TableBuilder(std::make_shared<RecordTable>(carried)) {}

  /// @param table  an empty one to fill
  explicit TableBuilder(std::shared_ptr<RecordTable> table) : table_(std::move(table)) {}

  /// Makes room for so many records in all, for whoever knows how many will come.
  void reserve(std::size_t n_records) { table_->columns.reserve(n_records); }

  void append(const RecordColumns& records);

  /// The latest time in the records so far.
  [[nodiscard]] std::optional<Timestamp> newest_event() const noexcept {
    return table_->newest_event;
  }

  [[nodiscard]] std::size_t size() const noexcept { return table_->size(); }

  /// All records so far; those to come go into another table.
  [[nodiscard]] std::shared_ptr<RecordTable> take() {
    is_app_noted_.clear();
    return std::exchange(table_, std::make_shared<RecordTable>(table_->carried));
  }

  /// A table of all records so far; those to come go into another one.
  /// @param info          without the newest event, which the records have
  /// @param first_record  number of the first record in its source, for messages
  [[nodiscard]] StatusTable finish(TableInfo info, std::size_t first_record = 0) {
    return {std::move(info), take(), first_record};
  }

 private:
  void append_texts(ColumnId id, const std::optional<TextChunk>& texts,
                    const OptionalColumn<std::string_view>& read, std::size_t first, std::size_t n);
  void append_carried(const RecordColumns& records, std::size_t first);
  void note_events(const RecordColumns& records);
  void note_links(std::span<const std::uint32_t> facts);
  void note_app_names(const RecordColumns& records, std::size_t first);

  std::shared_ptr<RecordTable> table_;
  DerivedColumns derived_;
  std::vector<bool> is_app_noted_;  ///< by code of the fleet
};

}  // namespace fleetstatus
