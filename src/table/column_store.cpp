#include "table/column_store.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/bits.hpp"
#include "base/column_memory.hpp"

namespace fleetstatus {
namespace {

/// Places pieces in memory one after another; large ones begin where Arrow recommends.
class Layout {
 public:
  /// @return where a piece begins
  std::size_t place(std::size_t n_bytes) noexcept {
    const std::size_t step = n_bytes < column_alignment ? sizeof(std::int64_t) : column_alignment;
    const std::size_t begin = (end_ + step - 1) / step * step;
    end_ = begin + n_bytes;
    return begin;
  }

  [[nodiscard]] std::size_t size() const noexcept { return end_; }

 private:
  std::size_t end_ = 0;
};

bool are_all_set(const std::uint8_t* bits, std::size_t place, std::size_t n) {
  std::size_t i = 0;
  for (; i < n && (place + i) % 8 != 0; ++i) {
    if (!bit_at(bits, place + i)) return false;
  }
  for (; i + 8 <= n; i += 8) {
    if (bits[(place + i) / 8] != 0xFF) return false;
  }
  for (; i < n; ++i) {
    if (!bit_at(bits, place + i)) return false;
  }
  return true;
}

void take_bits(const void* from, std::span<const std::size_t> rows, std::uint8_t* to) {
  for (std::size_t i = 0; i < rows.size(); ++i) write_bit(to, i, bit_at(from, rows[i]));
}

template <class T>
void take_values(const Column& from, std::span<const std::size_t> rows, std::byte* to) {
  const T* const values = from.values().as<T>();
  T* const taken = reinterpret_cast<T*>(to);
  for (std::size_t i = 0; i < rows.size(); ++i) taken[i] = values[rows[i]];
}

}  // namespace

ColumnStore::ColumnStore(std::span<const ColumnType> types) {
  columns_.reserve(types.size());
  for (const ColumnType type : types) {
    Stored& column = columns_.emplace_back();
    column.type = type;
    if (type == ColumnType::code32) column.labels = std::make_unique<LabelIndex>();
  }
}

/// @return bytes in all
std::size_t ColumnStore::lay_out(std::span<const Stored> columns, std::size_t n_rows,
                                 std::size_t n_stores, std::vector<Place>& places) {
  Layout layout;
  places.reserve(columns.size());
  for (const Stored& column : columns) {
    const std::size_t more_ends = bytes_of(column.type, 0) * (n_stores - 1);
    const std::size_t values = layout.place(bytes_of(column.type, n_rows) + more_ends);
    places.push_back({values, layout.place((n_rows + 7) / 8)});
  }
  return layout.size();
}

void ColumnStore::reserve(std::size_t n_rows) {
  if (n_rows <= capacity_ && memory_) return;
  n_rows = std::max(n_rows, capacity_ * 2);
  std::vector<Place> places;
  auto memory = column_memory(lay_out(columns_, n_rows, 1, places));
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    Stored& column = columns_[i];
    std::byte* const values = memory.get() + places[i].values;
    auto* const validity = reinterpret_cast<std::uint8_t*>(memory.get() + places[i].validity);
    if (column.has_values) std::memcpy(values, column.values, bytes_of(column.type, size_));
    if (column.has_nulls) std::memcpy(validity, column.validity, (size_ + 7) / 8);
    column.values = values;
    column.validity = validity;
  }
  memory_ = std::move(memory);
  first_ = 0;
  capacity_ = n_rows;
}

std::size_t ColumnStore::add_rows(std::size_t n_rows) {
  const std::size_t first = size_;
  if (!memory_ || first + n_rows > capacity_) reserve(first + n_rows);
  size_ += n_rows;
  return first;
}

/// From here on some rows are null; none were before `first`.
void ColumnStore::begin_nulls(Stored& to, std::size_t first) {
  if (!to.has_nulls) fill_bits(to.validity, 0, first, true);
  to.has_nulls = true;
}

void ColumnStore::put_nulls(Stored& to, std::size_t first, std::size_t n) {
  if (n == 0) return;
  begin_nulls(to, first);
  if (to.type == ColumnType::large_utf8 && to.has_values) {
    auto* const ends = to.as<std::int64_t>() + first;
    std::fill_n(ends + 1, n, *ends);
  }
}

void ColumnStore::put_all_valid(Stored& to, std::size_t first, std::size_t n) {
  if (to.has_nulls) fill_bits(to.validity, first, n, true);
}

void ColumnStore::put_validity(Stored& to, std::size_t first,
                               std::span<const std::uint8_t> is_set) {
  if (has_value(is_set, 0)) {
    begin_nulls(to, first);
    pack_bits(to.validity, first, is_set.data(), is_set.size());
  } else {
    put_all_valid(to, first, is_set.size());
  }
}

void ColumnStore::put_flags(Stored& to, std::size_t first, std::span<const std::uint8_t> flags) {
  pack_bits(to.as<std::uint8_t>(), first, flags.data(), flags.size());
}

void ColumnStore::put_texts(Stored& to, std::size_t first, std::span<const std::string_view> texts,
                            std::span<const std::uint8_t> is_set) {
  if (to.type == ColumnType::code32) return put_labels(to, first, texts, is_set);
  auto* const ends = to.as<std::int64_t>() + first + 1;
  const std::size_t begin = to.text.size();
  std::size_t end = begin;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    end += is_set[i] != 0 ? texts[i].size() : 0;
    ends[i] = static_cast<std::int64_t>(end);
  }
  char* place = to.text.extend(end - begin);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (is_set[i] != 0) place = copy_text(texts[i], place);
  }
}

void ColumnStore::put_labels(Stored& to, std::size_t first, std::span<const std::string_view> texts,
                             std::span<const std::uint8_t> is_set) {
  auto* const codes = to.as<std::int32_t>() + first;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    codes[i] = is_set[i] != 0 ? to.labels->code_of(texts[i]) : 0;
  }
}

void ColumnStore::copy(std::size_t column, std::size_t first, const Column& from) {
  Stored& to = columns_[column];
  const std::size_t n = from.size();
  if (n == 0) return;
  to.has_values = true;
  if (from.has_text()) return copy_texts(to, first, from);
  if (to.type == ColumnType::boolean) {
    copy_bits(to.as<std::uint8_t>(), first, from.values().as<std::uint8_t>(), 0, n);
  } else if (to.type == ColumnType::code32) {
    recode(to, first, from.values().as<std::int32_t>(), n, *from.labels(), from.validity().data);
  } else {
    std::memcpy(to.values + bytes_of(to.type, first), from.values().data, bytes_of(to.type, n));
  }
  copy_validity(to, first, from.validity(), 0, n);
}

void ColumnStore::copy_validity(Stored& to, std::size_t first, const Buffer& validity,
                                std::size_t offset, std::size_t n) {
  const auto* const bits = validity.as<std::uint8_t>();
  if (bits != nullptr && !are_all_set(bits, offset, n)) {
    begin_nulls(to, first);
    copy_bits(to.validity, first, bits, offset, n);
  } else {
    put_all_valid(to, first, n);
  }
}

void ColumnStore::copy_texts(Stored& to, std::size_t first, const Column& from) {
  for (const TextChunk& chunk : from.texts()->chunks()) {
    copy_validity(to, first, chunk.validity, chunk.offset, chunk.size);
    auto* const ends = to.as<std::int64_t>() + first + 1;
    if (chunk.layout == TextLayout::large_utf8 && chunk.validity.data == nullptr) {
      const std::int64_t* const from_ends = chunk.offsets<std::int64_t>() + 1;
      const auto begin = static_cast<std::size_t>(from_ends[-1]);
      const auto shift = static_cast<std::int64_t>(to.text.size() - begin);
      for (std::size_t i = 0; i < chunk.size; ++i) ends[i] = from_ends[i] + shift;
      const std::size_t n_bytes = static_cast<std::size_t>(from_ends[chunk.size - 1]) - begin;
      to.text.append({chunk.text.front().as<char>() + begin, n_bytes});
    } else {
      for (std::size_t i = 0; i < chunk.size; ++i) {
        if (chunk.is_valid(i)) to.text.append(chunk.text_at(i));
        ends[i] = static_cast<std::int64_t>(to.text.size());
      }
    }
    first += chunk.size;
  }
}

/// Puts codes of other labels, which may stand where they are put.
void ColumnStore::recode(Stored& to, std::size_t first, const std::int32_t* old_codes,
                         std::size_t n, const Labels& labels, const void* validity) {
  std::vector<std::int32_t> code_by_old;
  code_by_old.reserve(labels.size() + 1);
  for (const std::string& label : labels) code_by_old.push_back(to.labels->code_of(label));
  if (code_by_old.empty()) code_by_old.push_back(0);  // of null
  auto* const codes = to.as<std::int32_t>() + first;
  const ValidBits is_valid{validity};
  for (std::size_t i = 0; i < n; ++i) {
    const auto if_valid = -static_cast<std::int32_t>(is_valid[i]);
    codes[i] = code_by_old[static_cast<std::size_t>(old_codes[i])] & if_valid;
  }
}

void ColumnStore::take(std::size_t column, const Column& from, std::span<const std::size_t> rows) {
  Stored& to = columns_[column];
  if (from.has_text()) return copy(column, 0, from.take(rows));
  to.has_values = true;
  if (to.type == ColumnType::boolean) {
    take_bits(from.values().data, rows, to.as<std::uint8_t>());
  } else {
    visit_number_type(to.type,
                      [&](auto type) { take_values<decltype(type)>(from, rows, to.values); });
  }
  if (to.labels) {
    for (const std::string& label : *from.labels()) (void)to.labels->code_of(label);
  }
  if (from.validity().data == nullptr) return;
  std::vector<std::uint8_t> taken((rows.size() + 7) / 8);
  take_bits(from.validity().data, rows, taken.data());
  copy_validity(to, 0, {{}, taken.data(), taken.size()}, 0, rows.size());
}

Column ColumnStore::column(std::size_t column, const std::shared_ptr<const void>& owner,
                           std::shared_ptr<const Labels> labels) const {
  const Stored& from = columns_[column];
  const std::size_t n_bytes = from.values == nullptr ? 0 : bytes_of(from.type, size_);
  const Buffer values{owner, from.values, n_bytes};
  const Buffer validity = from.has_nulls ? Buffer{owner, from.validity, (size_ + 7) / 8} : Buffer{};
  if (const auto layout = layout_of(from.type)) {
    const Buffer text{owner, from.text.data(), from.text.size()};
    return Column{{TextChunk{*layout, 0, size_, validity, values, {text}}}};
  }
  if (from.labels) labels = {owner, &from.labels->labels()};
  return {from.type, size_, validity, values, std::move(labels)};
}

}  // namespace fleetstatus
