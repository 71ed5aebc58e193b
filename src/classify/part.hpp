#pragma once

#include <utility>

#include "base/error.hpp"
#include "records/record_builder.hpp"
#include "table/table_builder.hpp"

namespace fleetstatus {

/// Some records of a source, read independently of those before them.
class Part {
 public:
  /// @param table        to fill
  /// @param after_batch  called after each batch; an `Error` ends reading, as one of the records
  ///                     would
  template <class AfterBatch>
  Part(const ReadOptions& options, TableBuilder table, AfterBatch after_batch)
      : table_(std::move(table)),
        builder_(options, [this, after_batch](const RecordColumns& batch) {
          table_.append(batch);
          after_batch();
        }) {}

  /// Reads the records and drops errors: the caller reads the records of a part that is not good
  /// again, and reports the source's first error.
  /// @param read_records  called with the builder
  template <class ReadRecords>
  void read(ReadRecords read_records) {
    try {
      read_records(builder_);
      builder_.flush();
      is_good_ = !builder_.depends_on_others();
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch)
    }
  }

  /// Whether all records were read, and do not depend on those of other parts.
  [[nodiscard]] bool is_good() const noexcept { return is_good_; }

  [[nodiscard]] const RecordBuilder& builder() const noexcept { return builder_; }
  [[nodiscard]] TablePart take() { return table_.take(); }

 private:
  bool is_good_ = false;
  TableBuilder table_;
  RecordBuilder builder_;
};

}  // namespace fleetstatus
