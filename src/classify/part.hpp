#pragma once

#include <utility>

#include "base/error.hpp"
#include "records/record_builder.hpp"
#include "table/table_builder.hpp"

namespace fleetstatus {

/// Some of the records of a source, read for themselves, whatever comes before them.
class Part {
 public:
  /// @param table        for its records
  /// @param after_batch  is called now and then; an error ends reading, as one of the part would
  template <class AfterBatch>
  Part(const ReadOptions& options, TableBuilder table, AfterBatch after_batch)
      : table_(std::move(table)),
        builder_(options, [this, after_batch](const RecordColumns& batch) {
          table_.append(batch);
          after_batch();
        }) {}

  /// Reads the records. Errors are not told: the first one of a source is for its reader to tell,
  /// who reads the records of a part that is not good again.
  /// @param read_records  is given the builder
  template <class ReadRecords>
  void read(ReadRecords read_records) {
    try {
      read_records(builder_);
      builder_.flush();
      is_good_ = !builder_.depends_on_others();
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch)
    }
  }

  /// Whether it was read, and its records are the same whatever those of other parts are.
  [[nodiscard]] bool is_good() const noexcept { return is_good_; }

  [[nodiscard]] const RecordBuilder& builder() const noexcept { return builder_; }
  [[nodiscard]] TablePart take() { return table_.take(); }

 private:
  bool is_good_ = false;
  TableBuilder table_;
  RecordBuilder builder_;
};

}  // namespace fleetstatus
