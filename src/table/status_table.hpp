#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/facts.hpp"
#include "core/field.hpp"
#include "core/schemes.hpp"
#include "core/timestamp.hpp"
#include "table/column.hpp"
#include "table/column_id.hpp"
#include "table/column_store.hpp"
#include "table/record_table.hpp"

namespace fleetstatus {

/// Where the moment of a table comes from.
enum class NowSource : std::uint8_t { given, fetched_at, file, clock, newest };

inline constexpr Names<NowSource, 5> now_sources{
    {"given", "fetched_at", "file", "clock", "newest"}};

/// What a table is about.
struct TableInfo {
  StatusScheme scheme = StatusScheme::docs_2024_11;
  Timestamp now;                          ///< the moment that durations end at
  std::optional<Timestamp> newest_event;  ///< the latest time in the source
  std::shared_ptr<const Gaps> gaps;       ///< null: none
  NowSource now_source = NowSource::given;
  std::uint64_t fields_seen = 0;  ///< see `fields_seen_bits`
  bool knows_fleets = true;       ///< the table is of a whole source
};

// Bits of `TableInfo::fields_seen` behind those of the needed fields.
inline constexpr unsigned held_record_bit = 61;
inline constexpr unsigned held_device_bit = 62;

/// What a table keeps of its source beside columns.
struct SourceNotes {
  std::vector<AppName> app_names;
  bool has_silent_link = false;
  bool has_heartbeat = false;
};

/// The answers for a batch of devices: row i is record i. Never changes; copies share the columns.
class StatusTable {
 public:
  /// @param answers  the columns that rest on scheme and moment
  StatusTable(TableInfo info, std::shared_ptr<const RecordTable> records,
              std::shared_ptr<const ColumnStore> answers);

  /// Puts a table together again from what `columns` and `hidden_columns` of another gave.
  StatusTable(TableInfo info, const std::vector<NamedColumn>& columns,
              const std::vector<Column>& hidden, const SourceNotes& notes);

  [[nodiscard]] std::size_t size() const noexcept { return records_->size(); }
  [[nodiscard]] const TableInfo& info() const noexcept { return *info_; }

  /// The columns of ColumnId, then the carried ones; each shares the table's memory.
  [[nodiscard]] std::size_t n_columns() const noexcept {
    return column_names.size() + records_->carried.size();
  }
  [[nodiscard]] std::string_view name_of(std::size_t column) const noexcept;
  [[nodiscard]] Column column(std::size_t column) const;
  [[nodiscard]] Column column(ColumnId id) const { return column(static_cast<std::size_t>(id)); }
  [[nodiscard]] std::vector<NamedColumn> columns() const;

  /// All fleets of the source, also of rows that this table does not have.
  [[nodiscard]] const Labels& fleets() const;

  /// Whether cloudlinks are up, and yet the server has seen no heartbeat of any device.
  [[nodiscard]] bool has_no_heartbeats() const noexcept {
    return records_->has_silent_link && !records_->has_heartbeat;
  }

  /// Whether two tables hold the same: scheme, moment, columns and values.
  [[nodiscard]] bool equals(const StatusTable& other) const;

  [[nodiscard]] KnownFacts facts(std::size_t row) const noexcept { return records_->facts_at(row); }

  /// What answers rest on and no column shows.
  [[nodiscard]] std::vector<Column> hidden_columns() const;

  [[nodiscard]] const std::shared_ptr<const RecordTable>& records() const noexcept {
    return records_;
  }
  [[nodiscard]] const std::shared_ptr<const ColumnStore>& answers() const noexcept {
    return answers_;
  }

  /// The given rows, in the given order.
  [[nodiscard]] StatusTable take(std::span<const std::size_t> rows) const;

  /// The same with another column of answers.
  [[nodiscard]] StatusTable with(ColumnId id, const Column& column) const;

 private:
  std::shared_ptr<const TableInfo> info_;
  std::shared_ptr<const RecordTable> records_;
  std::shared_ptr<const ColumnStore> answers_;
};

}  // namespace fleetstatus
