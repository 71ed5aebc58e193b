#include "table/column_store.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/bits.hpp"
#include "base/column_memory.hpp"
#include "table/join_columns.hpp"

namespace fleetstatus {

ColumnStore::ColumnStore(std::span<const ColumnType> types) {
  columns_.reserve(types.size());
  for (const ColumnType type : types) {
    Stored& column = columns_.emplace_back();
    column.type = type;
    if (type == ColumnType::code32) column.labels = std::make_shared<LabelIndex>();
    if (const auto layout = layout_of(type)) column.texts = std::make_shared<TextBuilder>(*layout);
  }
}

/// Lays out columns one after another in a block; large ones are aligned as Arrow recommends.
/// @param visit  called with each column without text, and the offsets of its values and validity
/// @return size of the block in bytes
template <class Visit>
std::size_t ColumnStore::lay_out(std::span<Stored> columns, std::size_t n_rows, Visit visit) {
  std::size_t end = 0;
  const auto append = [&](std::size_t n_bytes) {
    const std::size_t step = n_bytes < column_alignment ? sizeof(std::int64_t) : column_alignment;
    const std::size_t begin = (end + step - 1) / step * step;
    end = begin + n_bytes;
    return begin;
  };
  for (Stored& column : columns) {
    if (column.texts) continue;
    const std::size_t values = append(bytes_of(column.type, n_rows));
    visit(column, values, append((n_rows + 7) / 8));
  }
  return end;
}

std::vector<ColumnStore> ColumnStore::side_by_side(std::span<const ColumnType> types,
                                                   std::span<const std::size_t> sizes) {
  std::vector<ColumnStore> stores;
  ColumnStore whole{types};
  whole.reserve(std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}));
  std::size_t first = 0;
  for (const std::size_t size : sizes) {
    ColumnStore& store = stores.emplace_back(types);
    store.memory_ = whole.memory_;
    store.capacity_ = size;
    for (std::size_t i = 0; i < types.size(); ++i) {
      if (store.columns_[i].texts) continue;
      store.columns_[i].values = whole.columns_[i].values + bytes_of(types[i], first);
      store.columns_[i].validity = whole.columns_[i].validity + first / 8;
    }
    first += size;
  }
  return stores;
}

void ColumnStore::reserve(std::size_t n_rows) {
  if (n_rows <= capacity_ && memory_) return;
  n_rows = std::max(n_rows, capacity_ * 2);
  auto memory = column_memory(lay_out(columns_, n_rows, [](const auto&...) {}));
  lay_out(columns_, n_rows, [&](Stored& column, std::size_t values_at, std::size_t validity_at) {
    std::byte* const values = memory.get() + values_at;
    auto* const validity = reinterpret_cast<std::uint8_t*>(memory.get() + validity_at);
    if (column.has_values) std::memcpy(values, column.values, bytes_of(column.type, size_));
    if (column.has_nulls) std::memcpy(validity, column.validity, (size_ + 7) / 8);
    column.values = values;
    column.validity = validity;
  });
  for (Stored& column : columns_) {
    if (column.texts) column.texts->reserve(n_rows);
  }
  memory_ = std::move(memory);
  capacity_ = n_rows;
}

std::size_t ColumnStore::add_rows(std::size_t n_rows) {
  reserve(size_ + n_rows);
  return std::exchange(size_, size_ + n_rows);
}

void ColumnStore::put(std::size_t column, const TextChunk& chunk) {
  Stored& to = columns_[column];
  if (to.texts->size() > 0) to.chunks.push_back(to.texts->finish());
  to.chunks.push_back(chunk);
}

void ColumnStore::put_nulls(std::size_t column, std::size_t first, std::size_t n) {
  Stored& to = columns_[column];
  if (!to.has_nulls) fill_bits(to.validity, 0, first, true);
  to.has_nulls = true;
  fill_bits(to.validity, first, n, false);
}

void ColumnStore::put_validity(Stored& to, std::size_t first,
                               std::span<const std::uint8_t> is_set) {
  const bool are_all_set = !contains(is_set, 0);
  if (are_all_set && !to.has_nulls) return;
  if (!to.has_nulls) fill_bits(to.validity, 0, first, true);
  to.has_nulls = true;
  pack_bits(to.validity, first, is_set.data(), is_set.size());
}

void ColumnStore::put_flags(Stored& to, std::size_t first, std::span<const std::uint8_t> flags) {
  pack_bits(to.as<std::uint8_t>(), first, flags.data(), flags.size());
}

void ColumnStore::put_labels(Stored& to, std::size_t first, std::span<const std::string_view> texts,
                             std::span<const std::uint8_t> is_set) {
  auto* const codes = to.as<std::int32_t>() + first;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    codes[i] = is_set[i] != 0 ? to.labels->code_of(texts[i]) : 0;
  }
}

void ColumnStore::complete() {
  for (Stored& column : columns_) {
    if (column.texts) column.texts->complete();
  }
}

Column ColumnStore::column(std::size_t index) const {
  const Stored& from = columns_[index];
  if (from.texts) {
    std::vector<TextChunk> chunks = from.chunks;
    if (from.texts->size() > 0 || chunks.empty()) {
      chunks.push_back(TextBuilder::chunk_of(from.texts));
    }
    return texts_of(std::move(chunks));
  }
  Buffer values{memory_, from.values, memory_ ? bytes_of(from.type, size_) : 0};
  Buffer validity = from.has_nulls ? Buffer{memory_, from.validity, (size_ + 7) / 8} : Buffer{};
  std::shared_ptr<const Labels> labels;
  if (from.labels) labels = {from.labels, &from.labels->labels()};
  return {from.type, size_, std::move(validity), std::move(values), std::move(labels)};
}

}  // namespace fleetstatus
