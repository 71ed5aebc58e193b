#include "table/column_check.hpp"

#include <array>

#include "base/bits.hpp"
#include "base/error.hpp"

namespace fleetstatus {
namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
  throw ArgumentError("the table is damaged: column " + name + " has " + why);
}

bool has_bits(const Buffer& validity, std::size_t n_rows) {
  return validity.data == nullptr || validity.size >= n_rows / 8 + (n_rows % 8 != 0);
}

bool has_values(const Buffer& values, ColumnType type, std::size_t n_rows) {
  return n_rows <= 8 * values.size && values.size >= bytes_of(type, n_rows);
}

bool has_labels(const Column& column, const Labels* labels) {
  if (labels == nullptr) return false;
  const std::array<std::size_t, 2> n_codes{1, labels->size()};  // null has code 0
  const ValidBits is_valid{column.validity().data};
  const auto are_codes = [&](const auto* codes) {
    bool are_all = true;
    for (std::size_t row = 0; row < column.size(); ++row) {
      are_all &= static_cast<std::size_t>(codes[row]) < n_codes[is_valid[row]];
    }
    return are_all;
  };
  const Buffer& codes = column.values();
  return column.type() == ColumnType::code8 ? are_codes(codes.as<std::int8_t>())
                                            : are_codes(codes.as<std::int32_t>());
}

template <class Offset>
bool has_texts_between(const TextChunk& chunk) {
  if (chunk.text.size() != 1) return false;
  const Offset* const offsets = chunk.offsets<Offset>();
  bool are_ascending = offsets[0] >= 0;
  for (std::size_t row = 0; row < chunk.size; ++row)
    are_ascending &= offsets[row] <= offsets[row + 1];
  return are_ascending && static_cast<std::size_t>(offsets[chunk.size]) <= chunk.text.front().size;
}

bool has_views(const TextChunk& chunk) {
  for (std::size_t row = 0; row < chunk.size; ++row) {
    if (chunk.is_valid(row) && !chunk.has_view(row)) return false;
  }
  return true;
}

bool has_texts(const TextChunk& chunk) {
  switch (chunk.layout) {
    case TextLayout::utf8: return has_texts_between<std::int32_t>(chunk);
    case TextLayout::large_utf8: return has_texts_between<std::int64_t>(chunk);
    case TextLayout::utf8_view: return has_views(chunk);
  }
  return false;
}

void check_texts(const std::string& name, const Column& column) {
  for (const TextChunk& chunk : column.texts()->chunks()) {
    if (chunk.size == 0) continue;
    if (!has_bits(chunk.validity, chunk.size)) refuse(name, "too few bits of validity");
    if (!has_values(chunk.values, column.type(), chunk.size)) refuse(name, "too few values");
    if (!has_texts(chunk)) refuse(name, "values that point at no text");
  }
}

}  // namespace

void check_column(const std::string& name, const Column& column, const ColumnShape& shape) {
  const bool is_right_text = shape.any_layout && column.has_text();
  if (column.type() != shape.type && !is_right_text) refuse(name, "the wrong type");
  if (column.size() != shape.n_rows) refuse(name, "another number of rows");
  if (column.has_text()) return check_texts(name, column);
  if (!has_bits(column.validity(), shape.n_rows)) refuse(name, "too few bits of validity");
  if (!has_values(column.values(), shape.type, shape.n_rows)) refuse(name, "too few values");
  if (column.has_codes() && !has_labels(column, shape.labels)) refuse(name, "codes of no label");
}

}  // namespace fleetstatus
