#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "records/record_columns.hpp"
#include "rules/facts.hpp"
#include "rules/timestamp.hpp"
#include "table/column.hpp"
#include "table/column_id.hpp"
#include "table/column_store.hpp"
#include "table/on_demand.hpp"

namespace fleetstatus {

/// A carried column.
struct CarriedEntry {
  std::string name;
  ColumnType type = ColumnType::large_utf8;

  friend bool operator==(const CarriedEntry&, const CarriedEntry&) = default;
};

/// A fleet, and the name of its app.
struct AppName {
  std::string fleet;
  std::string name;

  friend auto operator<=>(const AppName&, const AppName&) = default;
};

/// What is known of a source, or of a part of it, beside its columns.
struct SourceNotes {
  std::optional<Timestamp> newest_event;
  std::set<AppName> app_names;
  bool has_silent_link = false;  ///< some cloudlink is up, and no heartbeat was ever seen
  bool has_heartbeat = false;    ///< some device has sent one

  void add(const SourceNotes& more);
};

/// Some of the records of a source: all columns that do not depend on the scheme or the moment.
/// A column's index is that among `stored_columns`; carried ones follow.
struct TablePart {
  ColumnStore columns;
  std::vector<BadRecord> bad_records = {};  ///< in their order, counted over the part
  SourceNotes notes = {};

  [[nodiscard]] std::size_t size() const noexcept { return columns.size(); }
};

/// Stores for the columns of parts, of so many rows each: see `ColumnStore::side_by_side`.
[[nodiscard]] std::vector<ColumnStore> stores_for(const std::vector<CarriedEntry>& carried,
                                                  std::span<const std::size_t> sizes);
[[nodiscard]] ColumnStore store_for(const std::vector<CarriedEntry>& carried);

/// What was read of the records of a source. Each column is joined from the parts when it is first
/// asked for. Any thread may ask.
class RecordTable {
 public:
  /// The index of the first carried column.
  static constexpr std::size_t first_carried = stored_columns.size();

  /// @param parts  at least one, complete
  RecordTable(std::vector<CarriedEntry> carried, std::vector<TablePart> parts);

  /// A table of columns that are there.
  RecordTable(std::vector<CarriedEntry> carried, const std::vector<Column>& columns,
              SourceNotes notes);

  const std::vector<CarriedEntry> carried;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t n_columns() const noexcept { return first_carried + carried.size(); }
  [[nodiscard]] const std::vector<BadRecord>& bad_records() const noexcept { return bad_records_; }
  [[nodiscard]] const SourceNotes& notes() const noexcept { return notes_; }

  [[nodiscard]] const Column& column(std::size_t index) const;
  [[nodiscard]] const Column& column(ColumnId id) const { return column(index_of(id)); }

  [[nodiscard]] KnownFacts facts_at(std::size_t row) const;

  /// The given rows, in the given order, without what is wrong with them.
  [[nodiscard]] std::shared_ptr<const RecordTable> take(std::span<const std::size_t> rows) const;

 private:
  std::size_t size_ = 0;
  std::vector<ColumnStore> parts_;
  mutable std::vector<OnDemand<Column>> columns_;
  std::vector<BadRecord> bad_records_;
  SourceNotes notes_;
};

}  // namespace fleetstatus
