#include "records/decode/arrow_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "base/buffer.hpp"
#include "base/error.hpp"
#include "records/decode/arrow_text.hpp"
#include "records/decode/arrow_value.hpp"
#include "records/problem.hpp"

namespace fleetstatus {
namespace {

/// Checks the top level of a batch: the number of columns matches the schema, and no column is
/// shorter than the batch.
void check_batch(const ArrowType& type, const ArrowArray& batch) {
  if (batch.length < 0 || batch.offset < 0 || batch.n_buffers < 1 || batch.buffers == nullptr) {
    throw ArgumentError("the Arrow batch is broken: it has no length or no buffers");
  }
  const auto n_children = static_cast<std::int64_t>(type.children.size());
  if (batch.n_children != n_children || (n_children > 0 && batch.children == nullptr)) {
    throw ArgumentError("an Arrow batch has " + std::to_string(batch.n_children) +
                        " columns, its schema " + std::to_string(type.children.size()));
  }
  for (std::int64_t i = 0; i < batch.n_children; ++i) {
    const ArrowArray* const column = batch.children[i];
    if (column == nullptr || column->length < batch.length ||
        column->length - batch.length < batch.offset) {
      throw ArgumentError("the Arrow array" +
                          of_column(type.children[static_cast<std::size_t>(i)]) +
                          " is broken: it is shorter than its batch");
    }
  }
}

}  // namespace

ArrowBatch::ArrowBatch(const ArrowType& type, SharedArrowArray array, const KeyTable& keys)
    : array_(std::move(array)) {
  check_type(type);
  check_batch(type, *array_);
  for (std::size_t i = 0; i < type.children.size(); ++i) {
    names_.push_back(short_form(type.children[i].name));
    const int key_index = keys.find(type.children[i].name);
    if (key_index == KeyTable::not_listed) continue;
    fields_.push_back({key_index, ArrowColumn{type.children[i], *array_->children[i], array_}});
  }
}

void ArrowBatch::check_type(const ArrowType& type) {
  if (type.kind == ArrowKind::structure) return;
  throw ArgumentError("an Arrow source has columns, named like the fields; this is an array of " +
                      type_text(type));
}

std::size_t ArrowBatch::size() const noexcept { return static_cast<std::size_t>(array_->length); }

bool ArrowBatch::is_null(std::size_t record) const noexcept {
  const void* const validity = array_->buffers[0];
  return validity != nullptr && !bit_at(validity, row_of(record));
}

std::size_t ArrowBatch::row_of(std::size_t record) const noexcept {
  return static_cast<std::size_t>(array_->offset) + record;
}

ArrowFieldReader::ArrowFieldReader(int key_index, const ArrowColumn& column, ColumnReader& columns)
    : key_index_(key_index),
      column_(&column),
      columns_(&columns),
      builder_(&columns.builder()),
      kernels_(arrow_kernels(key_index, column, builder_->fields())) {}

void ArrowFieldReader::read(std::size_t first) {
  const ArrowRows rows{first, builder_->n_in_block()};
  builder_->note_key(key_index_);
  if (pass_on(rows) || read_at_once(rows)) return;
  columns_->read(key_index_, column_->type().name,
                 [&](std::size_t i) { return ArrowValue{*column_, first + i}; });
}

/// Passes texts on without a copy if no rule reads them.
bool ArrowFieldReader::pass_on(ArrowRows rows) {
  const bool is_passed = key_index_ == static_cast<int>(Field::uuid) ||
                         key_index_ == static_cast<int>(Field::device_name);
  if (!is_passed || !column_->type().is_text() || builder_->has_non_objects()) return false;
  if (!are_utf8(column_->texts(), rows.first, rows.n)) return false;
  builder_->pass_texts(static_cast<Field>(key_index_), column_->texts().slice(rows.first, rows.n));
  return true;
}

bool ArrowFieldReader::read_at_once(ArrowRows rows) {
  const auto reads = [&](const ArrowKernel& kernel) { return kernel && kernel(rows); };
  if (!std::ranges::all_of(kernels_, reads)) return false;
  if (key_index_ < static_cast<int>(n_fields))
    builder_->fields().note_field(static_cast<Field>(key_index_));
  return true;
}

void ArrowReader::read(const ArrowBatch& batch, std::size_t begin, std::size_t end) {
  builder_.note_columns(batch.names());
  std::vector<ArrowFieldReader> fields;
  for (const auto& [key_index, column] : batch.fields())
    fields.emplace_back(key_index, column, columns_);
  while (begin < end) {
    const std::size_t n = std::min(RecordBuilder::block_size, end - begin);
    builder_.begin_block(n);
    for (std::size_t i = 0; i < n; ++i) {
      if (batch.is_null(begin + i)) builder_.set_non_object(i, "null");
    }
    for (ArrowFieldReader& field : fields) field.read(batch.row_of(begin));
    builder_.end_block();
    begin += n;
  }
}

}  // namespace fleetstatus
