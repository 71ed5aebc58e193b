#include "readers/arrow_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include "core/buffer.hpp"
#include "core/error.hpp"
#include "readers/arrow_value.hpp"

namespace fleetstatus {
namespace {

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

bool is_null(const ArrowArray& array, std::size_t row) {
  const void* const validity = array.buffers[0];
  return validity != nullptr && !bit_at(validity, row);
}

void check_has_columns(const ArrowType& type) {
  if (type.kind == ArrowKind::structure) return;
  throw ArgumentError(
      "an Arrow source has columns, named like the fields; this is an array of the Arrow type '" +
      type.format + "'");
}

/// The top level of a batch: as many columns as its schema has, none shorter than it.
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
      throw ArgumentError("the Arrow batch is broken: column '" +
                          type.children[static_cast<std::size_t>(i)].name + "' is too short");
    }
  }
}

}  // namespace

void ArrowReader::read(ArrowStream& stream) {
  const ArrowType type = arrow_type(*stream.schema());
  check_has_columns(type);
  while (const SharedArrowArray batch = stream.next()) read(type, batch);
}

void ArrowReader::read(const ArrowType& type, const SharedArrowArray& batch) {
  check_has_columns(type);
  check_batch(type, *batch);
  std::vector<std::pair<int, ArrowColumn>> columns;
  for (std::size_t i = 0; i < type.children.size(); ++i) {
    const int place = builder_.place_of(type.children[i].name);
    if (place == KeyTable::not_listed) continue;
    columns.emplace_back(place, ArrowColumn{type.children[i], *batch->children[i], batch});
  }
  const auto n_rows = static_cast<std::size_t>(batch->length);
  const auto offset = static_cast<std::size_t>(batch->offset);
  for (std::size_t done = 0; done < n_rows;) {
    const std::size_t n = std::min(RecordBuilder::block_size, n_rows - done);
    const std::size_t first = offset + done;
    builder_.begin_block(n);
    for (std::size_t i = 0; i < n; ++i) {
      if (is_null(*batch, first + i)) builder_.set_non_object(i, "null");
    }
    for (const auto& [place, column] : columns) read_column(place, column, first);
    builder_.end_block();
    done += n;
  }
}

void ArrowReader::read_column(int place, const ArrowColumn& column, std::size_t first) {
  builder_.note_key(place);
  const bool is_nested = builder_.is_nested(place);
  if (!is_nested && column.dictionary() != nullptr) return read_codes(place, column, first);
  if (!pass_on(place, column, first)) read_values(place, column, first);
}

/// Hands texts that no rule reads on as they are.
bool ArrowReader::pass_on(int place, const ArrowColumn& column, std::size_t first) {
  const bool is_passed =
      place == static_cast<int>(Field::uuid) || place == static_cast<int>(Field::device_name);
  if (!is_passed || !column.type().is_text() || !column.is_utf8() || builder_.has_non_objects()) {
    return false;
  }
  builder_.pass_texts(static_cast<Field>(place),
                      column.texts().slice(first, builder_.n_in_block()));
  return true;
}

void ArrowReader::read_values(int place, const ArrowColumn& column, std::size_t first) {
  columns_.read(place, column.type().name,
                [&](std::size_t i) { return ArrowValue{column, first + i}; });
}

/// Reads each value of the dictionary once, and then copies what it came to.
void ArrowReader::read_codes(int place, const ArrowColumn& column, std::size_t first) {
  const std::size_t n_codes = column.dictionary()->size();
  const bool is_worth_it = n_codes <= RecordBuilder::block_size;
  record_of_code_.assign(is_worth_it ? n_codes : 0, none);
  for (std::size_t i = 0; i < builder_.n_in_block(); ++i) {
    const auto code = column.is_valid(first + i)
                          ? static_cast<std::uint64_t>(column.integer(first + i))
                          : std::numeric_limits<std::uint64_t>::max();
    const bool is_known = code < record_of_code_.size() && record_of_code_[code] != none;
    if (is_known) {
      builder_.copy_field(place, record_of_code_[code], i);
      continue;
    }
    ArrowValue value{column, first + i};
    const bool is_read = builder_.read_field(place, column.type().name, i, value);
    if (is_read && code < record_of_code_.size()) record_of_code_[code] = i;
  }
}

}  // namespace fleetstatus
