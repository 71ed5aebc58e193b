#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "records/record_columns.hpp"
#include "rules/facts.hpp"
#include "rules/timestamp.hpp"
#include "table/column_id.hpp"
#include "table/column_store.hpp"

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

/// What was read of the records of a source, or of a part of it: their facts, and all columns that
/// do not depend on the scheme or the moment. By column it is the index among `stored_columns`, or
/// behind them.
struct RecordTable {
  explicit RecordTable(std::vector<CarriedEntry> carried_columns);
  RecordTable(std::vector<CarriedEntry> carried_columns, ColumnStore store)
      : carried(std::move(carried_columns)), columns(std::move(store)) {}

  /// The index of the first carried column, behind the stored ones.
  static constexpr std::size_t first_carried = stored_columns.size();

  /// Columns whose texts may be passed on as the source holds them.
  static constexpr std::array may_be_passed{index_of(ColumnId::uuid),
                                            index_of(ColumnId::device_name)};

  [[nodiscard]] std::size_t size() const noexcept { return columns.size(); }
  [[nodiscard]] std::size_t n_columns() const noexcept { return first_carried + carried.size(); }
  [[nodiscard]] KnownFacts facts_at(std::size_t row) const noexcept;

  /// The passed texts of a column; null if they may not be passed.
  [[nodiscard]] std::vector<TextChunk>* passed_at(std::size_t column) noexcept;
  [[nodiscard]] const std::vector<TextChunk>* passed_at(std::size_t column) const noexcept {
    return const_cast<RecordTable*>(this)->passed_at(column);
  }

  /// Adds what is wrong with records whose first is at row `first`.
  void add_bad_records(std::span<const BadRecord> bad, std::size_t first);

  std::vector<CarriedEntry> carried;
  ColumnStore columns;
  /// Texts that the source holds itself, in one layout; then the store's column is not filled.
  std::array<std::vector<TextChunk>, may_be_passed.size()> passed;
  std::vector<BadRecord> bad_records;  ///< in their order, counted over the table
  std::optional<Timestamp> newest_event;
  std::set<AppName> app_names;   ///< of the whole source
  bool has_silent_link = false;  ///< some cloudlink is up, and no heartbeat was ever seen
  bool has_heartbeat = false;    ///< some device has sent one
};

/// Empty tables for so many rows each, to be filled at the same time and then put one behind the
/// other: see `ColumnStore`.
[[nodiscard]] std::vector<std::shared_ptr<RecordTable>> side_by_side(
    const std::vector<CarriedEntry>& carried_columns, std::span<const std::size_t> sizes);

/// @param labels  of codes of 8 bits
[[nodiscard]] Column column_at(const std::shared_ptr<const RecordTable>& table, std::size_t column,
                               std::shared_ptr<const Labels> labels = {});

/// Puts all rows of a column, which keep their layout if they are texts that may be passed.
void put(RecordTable& table, std::size_t index, const Column& column);

/// The given rows, in the given order, without what is wrong with them.
[[nodiscard]] std::shared_ptr<const RecordTable> take(
    const std::shared_ptr<const RecordTable>& table, std::span<const std::size_t> rows);

}  // namespace fleetstatus
