#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "records/decode/arrow_column.hpp"
#include "records/decode/arrow_kernel.hpp"
#include "records/decode/arrow_stream.hpp"
#include "records/decode/arrow_type.hpp"
#include "records/decode/column_reader.hpp"
#include "records/key_table.hpp"
#include "records/record_builder.hpp"

namespace fleetstatus {

/// A validated batch of records in Arrow columns. It is immutable, so that several readers may read
/// parts of it at once.
class ArrowBatch {
 public:
  /// A column that is read, and the index of its key.
  struct Field {
    int key_index;
    ArrowColumn column;
  };

  /// @param type  must outlive the batch
  /// @param keys  names of the columns to read; others are ignored
  /// @throws ArgumentError  if the array has no columns or is invalid
  ArrowBatch(const ArrowType& type, SharedArrowArray array, const KeyTable& keys);

  /// @throws ArgumentError  if the type is not a struct, so that it has no columns
  static void check_type(const ArrowType& type);

  [[nodiscard]] const std::vector<Field>& fields() const noexcept { return fields_; }

  /// Names of all columns, shortened for messages.
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] bool is_null(std::size_t record) const noexcept;

  /// The row of a record in the columns.
  [[nodiscard]] std::size_t row_of(std::size_t record) const noexcept;

 private:
  SharedArrowArray array_;
  std::vector<Field> fields_;
  std::vector<std::string> names_;
};

/// Reads one Arrow column block by block, with kernels where possible, else value by value.
class ArrowFieldReader {
 public:
  /// @param key_index  index of the field's key among the builder's keys
  /// @param column     must outlive the reader, like `columns`
  ArrowFieldReader(int key_index, const ArrowColumn& column, ColumnReader& columns);

  /// Reads rows into the current block of the builder.
  /// @param first  row of the first record in the block
  void read(std::size_t first);

 private:
  [[nodiscard]] bool pass_on(ArrowRows rows);
  [[nodiscard]] bool read_at_once(ArrowRows rows);

  int key_index_;
  const ArrowColumn* column_;
  ColumnReader* columns_;
  RecordBuilder* builder_;
  std::vector<ArrowKernel> kernels_;
};

/// Reads the fields of records from Arrow columns with the names of the fields.
class ArrowReader {
 public:
  explicit ArrowReader(ColumnReader& columns) : columns_(columns), builder_(columns.builder()) {}

  /// Reads the records of a batch from `begin` up to `end`, which is excluded.
  void read(const ArrowBatch& batch, std::size_t begin, std::size_t end);

 private:
  ColumnReader& columns_;
  RecordBuilder& builder_;
};

}  // namespace fleetstatus
