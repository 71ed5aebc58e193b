#include <algorithm>
#include <numeric>
#include <utility>

#include "base/bits.hpp"
#include "base/column_memory.hpp"
#include "table/column_store.hpp"

namespace fleetstatus {

std::vector<ColumnStore> ColumnStore::side_by_side(std::span<const ColumnType> types,
                                                   std::span<const std::size_t> sizes) {
  std::vector<ColumnStore> stores;
  stores.reserve(sizes.size());
  for (std::size_t i = 0; i < sizes.size(); ++i) stores.emplace_back(types);
  std::vector<Place> places;
  const std::size_t n_rows = std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
  const auto memory = column_memory(lay_out(stores.front().columns_, n_rows, sizes.size(), places));
  std::size_t first = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    ColumnStore& store = stores[i];
    for (std::size_t c = 0; c < types.size(); ++c) {
      Stored& column = store.columns_[c];
      const std::size_t begin = bytes_of(column.type, 0);
      const std::size_t before = bytes_of(column.type, first) - begin;
      column.values = memory.get() + places[c].values + before + begin * i;
      column.validity =
          reinterpret_cast<std::uint8_t*>(memory.get() + places[c].validity + first / 8);
    }
    store.memory_ = memory;
    store.first_ = first;
    store.capacity_ = sizes[i];
    first += sizes[i];
  }
  return stores;
}

bool ColumnStore::adopt(std::span<ColumnStore* const> stores) {
  const ColumnStore& front = *stores.front();
  std::size_t n_rows = 0;
  for (const ColumnStore* store : stores) {
    const bool is_next = store->memory_ == front.memory_ && store->first_ == front.first_ + n_rows;
    if (!is_next || store->size_ != store->capacity_) return false;
    n_rows += store->size_;
  }
  memory_ = front.memory_;
  first_ = front.first_;
  size_ = capacity_ = n_rows;
  return true;
}

void ColumnStore::join(std::size_t column, std::span<ColumnStore* const> stores) {
  Stored& to = columns_[column];
  to = std::move(stores.front()->columns_[column]);
  std::size_t first = stores.front()->size_;
  for (ColumnStore* const store : stores.subspan(1)) {
    const Stored& from = store->columns_[column];
    const std::size_t n = store->size_;
    if (store->is_null(column)) {
      put_nulls(to, first, n);
      first += n;
      continue;
    }
    to.has_values = true;
    if (to.type == ColumnType::large_utf8) join_texts(to, first, from, n);
    if (to.type == ColumnType::code32) {
      recode(to, first, from.as<std::int32_t>(), n, from.labels->labels(),
             from.has_nulls ? from.validity : nullptr);
    }
    if (from.has_nulls) {
      begin_nulls(to, first);
    } else {
      put_all_valid(to, first, n);
    }
    first += n;
  }
}

/// Where a text ends is written at or before the place where the store has it.
void ColumnStore::join_texts(Stored& to, std::size_t first, const Stored& from, std::size_t n) {
  const auto* const from_ends = from.as<std::int64_t>() + 1;
  auto* const ends = to.as<std::int64_t>() + first + 1;
  const auto base = static_cast<std::int64_t>(to.text.size());
  to.text.append({from.text.data(), from.text.size()});
  for (std::size_t i = 0; i < n; ++i) ends[i] = from_ends[i] + base;
}

}  // namespace fleetstatus
