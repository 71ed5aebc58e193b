#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "readers/arrow_column.hpp"
#include "readers/arrow_stream.hpp"
#include "readers/arrow_type.hpp"
#include "readers/column_reader.hpp"
#include "readers/record_builder.hpp"

namespace fleetstatus {

/// Reads the fields of records from Arrow columns of their names. Other columns are not looked at.
class ArrowReader {
 public:
  explicit ArrowReader(ColumnReader& columns) : columns_(columns), builder_(columns.builder()) {}

  /// Reads all batches.
  /// @throws SourceError    if the stream fails
  /// @throws ArgumentError  if it has no columns, or breaks Arrow's rules
  void read(ArrowStream& stream);

  /// Reads one batch.
  void read(const ArrowType& type, const SharedArrowArray& batch);

  /// Reads some rows of a column into the block that the builder has begun.
  /// @param place  of the field among the builder's keys
  /// @param first  row of the block's first record
  void read_column(int place, const ArrowColumn& column, std::size_t first);

 private:
  void read_values(int place, const ArrowColumn& column, std::size_t first);
  void read_codes(int place, const ArrowColumn& column, std::size_t first);
  [[nodiscard]] bool pass_on(int place, const ArrowColumn& column, std::size_t first);

  ColumnReader& columns_;
  RecordBuilder& builder_;
  std::vector<std::size_t> record_of_code_;
};

}  // namespace fleetstatus
