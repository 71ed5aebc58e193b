#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/derived_columns.hpp"
#include "core/record_columns.hpp"
#include "table/record_table.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// Makes a table of records, batch by batch.
class TableBuilder {
 public:
  /// @param carried       names of the carried columns
  /// @param first_record  the number of the first record in messages
  explicit TableBuilder(const std::vector<std::string>& carried, std::size_t first_record = 0);

  /// Makes room for so many records in all, for whoever knows how many will come.
  void reserve(std::size_t n_records) { table_->columns.reserve(n_records); }

  void append(const RecordColumns& records);

  /// What the records come to, yet to be answered; the builder is done then.
  [[nodiscard]] std::shared_ptr<const RecordTable> finish() { return std::move(table_); }

  /// The same, answered.
  /// @param info  without the newest event, which the records tell
  [[nodiscard]] StatusTable finish(TableInfo info);

 private:
  void append_texts(ColumnId id, std::vector<TextChunk>& passed,
                    const std::optional<TextChunk>& texts,
                    const OptionalColumn<std::string_view>& read, std::size_t first, std::size_t n);
  void append_identity(const RecordColumns& records, std::size_t first);
  void append_links(const RecordColumns& records, std::size_t first);
  void append_update(const RecordColumns& records, std::size_t first);
  void append_errors(const RecordColumns& records, std::size_t first);
  void note_events(const RecordColumns& records);

  std::shared_ptr<RecordTable> table_;
  DerivedColumns derived_;
};

}  // namespace fleetstatus
