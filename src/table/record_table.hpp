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

/// The name and type of a carried column.
struct CarriedEntry {
  std::string name;
  ColumnType type = ColumnType::large_utf8;

  friend bool operator==(const CarriedEntry&, const CarriedEntry&) = default;
};

/// A fleet and the name of its app.
struct AppName {
  std::string fleet;
  std::string name;

  friend auto operator<=>(const AppName&, const AppName&) = default;
};

/// What is known about a source or a part of it, besides its columns.
struct SourceNotes {
  std::optional<Timestamp> newest_event;
  std::set<AppName> app_names;
  bool has_silent_link = false;  ///< some device has cloudlink up, but its heartbeat was never seen
  bool has_heartbeat = false;    ///< some device has sent a heartbeat

  void add(const SourceNotes& more);
};

/// Some records of a source: all columns that depend neither on the scheme nor on the time of the
/// table. The columns are those of `stored_columns`, then the carried ones.
struct TablePart {
  ColumnStore columns;
  std::vector<BadRecord> bad_records = {};  ///< in order, with indices in the part
  SourceNotes notes = {};

  [[nodiscard]] std::size_t size() const noexcept { return columns.size(); }
};

/// Stores for the columns of parts of the given sizes; see `ColumnStore::side_by_side`.
[[nodiscard]] std::vector<ColumnStore> stores_for(const std::vector<CarriedEntry>& carried,
                                                  std::span<const std::size_t> sizes);
[[nodiscard]] ColumnStore store_for(const std::vector<CarriedEntry>& carried);

/// The columns that were read from the records of a source. Each is joined from the parts at its
/// first use. Thread-safe.
class RecordTable {
 public:
  /// The index of the first carried column.
  static constexpr std::size_t first_carried = stored_columns.size();

  /// @param parts  at least one, complete
  RecordTable(std::vector<CarriedEntry> carried, std::vector<TablePart> parts);

  /// A table of columns that exist already.
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

  /// The given rows, in the given order, without their bad records.
  [[nodiscard]] std::shared_ptr<const RecordTable> take(std::span<const std::size_t> rows) const;

 private:
  std::size_t size_ = 0;
  std::vector<ColumnStore> parts_;
  mutable std::vector<OnDemand<Column>> columns_;
  std::vector<BadRecord> bad_records_;
  SourceNotes notes_;
};

}  // namespace fleetstatus
