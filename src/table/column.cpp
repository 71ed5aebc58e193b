#include "table/column.hpp"

#include <algorithm>

#include "base/column_memory.hpp"
#include "table/fill_column.hpp"
#include "table/text_builder.hpp"

namespace fleetstatus {
namespace {

bool are_zeros(const Buffer& bits, std::size_t first, std::size_t n) {
  for (std::size_t i = first; i < first + n; ++i) {
    const auto* const byte = bits.as<std::uint8_t>() + i / 8;
    if (i % 8 == 0 && *byte == 0) {
      i += 7;
    } else if (bit_at(bits.data, i)) {
      return false;
    }
  }
  return true;
}

}  // namespace

Column::Column(std::vector<TextChunk> chunks)
    : Column(std::make_shared<const ChunkedText>(std::move(chunks))) {}

Column::Column(std::shared_ptr<const ChunkedText> texts)
    : type_(type_of(texts->layout())), size_(texts->size()), texts_(std::move(texts)) {}

Column Column::nulls(ColumnType type, std::size_t size, std::shared_ptr<const Labels> labels) {
  if (const auto layout = layout_of(type)) return Column{{null_texts(*layout, size)}};
  return {type, size, zeros((size + 7) / 8), zeros(bytes_of(type, size)), std::move(labels)};
}

bool Column::is_null() const noexcept {
  const auto has_only_nulls = [](const Buffer& validity, std::size_t first, std::size_t n) {
    return validity.data != nullptr && are_zeros(validity, first, n);
  };
  if (size_ == 0) return false;
  if (!texts_) return has_only_nulls(validity_, 0, size_);
  return std::ranges::all_of(texts_->chunks(), [&](const TextChunk& chunk) {
    return has_only_nulls(chunk.validity, chunk.offset, chunk.size);
  });
}

std::int64_t Column::integer(std::size_t row) const noexcept {
  if (type_ == ColumnType::boolean) return boolean(row) ? 1 : 0;
  return visit_number_type(
      type_, [&](auto type) { return static_cast<std::int64_t>(value<decltype(type)>(row)); });
}

std::optional<std::string_view> Column::text(std::size_t row) const noexcept {
  if (texts_) return (*texts_)[row];
  if (!is_valid(row)) return std::nullopt;
  return (*labels_)[static_cast<std::size_t>(code(row))];
}

Column Column::take(std::span<const std::size_t> rows) const {
  if (is_null()) return nulls(type_, rows.size(), labels_);
  if (has_text()) {
    TextBuilder texts{texts_->layout()};
    texts.append(rows.size(), [&](std::size_t i) { return text(rows[i]); });
    return Column{{texts.finish()}};
  }
  const auto take_values = [&](auto value_at) {
    return fill_column(type_, rows.size(), labels_, [&](std::size_t i) {
      return is_valid(rows[i]) ? std::optional{value_at(rows[i])} : std::nullopt;
    });
  };
  if (type_ == ColumnType::boolean) {
    return take_values([&](std::size_t row) { return boolean(row); });
  }
  return visit_number_type(type_, [&](auto type) {
    return take_values([&](std::size_t row) { return value<decltype(type)>(row); });
  });
}

Column Column::compact() const {
  if (!has_text()) return *this;
  if (is_null()) return nulls(type_, size_);
  const std::vector<TextChunk>& chunks = texts_->chunks();
  if (chunks.size() == 1) return Column{{fleetstatus::compact(chunks.front())}};
  return Column{{copy_texts(chunks, texts_->layout())}};
}

}  // namespace fleetstatus
