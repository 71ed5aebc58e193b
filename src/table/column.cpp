#include "table/column.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <tuple>

#include "base/error.hpp"

namespace fleetstatus {
namespace {

template <class T>
Column take_numbers(const Column& column, std::span<const std::size_t> rows) {
  NumberBuilder<T> taken{column.type()};
  for (const std::size_t row : rows) {
    taken.push_back(column.is_valid(row) ? std::optional{column.value<T>(row)} : std::nullopt);
  }
  return taken.finish(column.labels());
}

Column take_flags(const Column& column, std::span<const std::size_t> rows) {
  BooleanBuilder taken;
  for (const std::size_t row : rows) {
    taken.push_back(column.is_valid(row) ? std::optional{column.boolean(row)} : std::nullopt);
  }
  return taken.finish();
}

Column take_texts(const Column& column, std::span<const std::size_t> rows) {
  TextBuilder taken{column.type()};
  for (const std::size_t row : rows) taken.push_back(column.text(row));
  return taken.finish();
}

/// A text as utf8_view has it: its size, then itself, or its start and where it stands.
using View = std::array<std::int32_t, 4>;

/// Views of texts that stand one after another, with the buffers that they point into: parts of the
/// text, since a view counts in 32 bits.
std::pair<Buffer, std::vector<Buffer>> views_of(const std::vector<std::int64_t>& ends,
                                                const Buffer& text) {
  constexpr std::size_t longest_inline = 12;
  constexpr std::int64_t longest_buffer = std::numeric_limits<std::int32_t>::max();
  std::vector<View> views(ends.size() - 1);
  std::vector<Buffer> buffers;
  std::int64_t base = 0;
  for (std::size_t row = 0; row < views.size(); ++row) {
    const char* const place = text.as<char>() + ends[row];
    const auto size = static_cast<std::size_t>(ends[row + 1] - ends[row]);
    View& view = views[row];
    view[0] = static_cast<std::int32_t>(size);
    if (size <= longest_inline) {
      if (size > 0) std::memcpy(&view[1], place, size);
      continue;
    }
    if (buffers.empty() || ends[row + 1] - base > longest_buffer) {
      base = ends[row];
      buffers.push_back({text.owner, place, 0});
    }
    buffers.back().size = static_cast<std::size_t>(ends[row + 1] - base);
    std::memcpy(&view[1], place, sizeof view[1]);
    view[2] = static_cast<std::int32_t>(buffers.size() - 1);
    view[3] = static_cast<std::int32_t>(ends[row] - base);
  }
  return {Buffer::of(std::move(views)), std::move(buffers)};
}

}  // namespace

void check_utf8_size(std::size_t n_bytes) {
  if (n_bytes > std::size_t{std::numeric_limits<std::int32_t>::max()}) {
    throw ArgumentError("a text column holds more than 2 GiB; classify the records in parts");
  }
}

Column::Column(std::vector<TextChunk> chunks)
    : Column(std::make_shared<const ChunkedText>(std::move(chunks))) {}

Column::Column(std::shared_ptr<const ChunkedText> texts)
    : type_(type_of(texts->layout())), size_(texts->size()), texts_(std::move(texts)) {}

std::int64_t Column::integer(std::size_t row) const noexcept {
  if (type_ == ColumnType::boolean) return boolean(row) ? 1 : 0;
  return visit_number_type(
      type_, [&](auto type) { return static_cast<std::int64_t>(value<decltype(type)>(row)); });
}

std::optional<std::string_view> Column::text(std::size_t row) const noexcept {
  if (texts_) return (*texts_)[row];
  return is_valid(row)
             ? std::optional<std::string_view>{(*labels_)[static_cast<std::size_t>(code(row))]}
             : std::nullopt;
}

Column Column::take(std::span<const std::size_t> rows) const {
  if (has_text()) return take_texts(*this, rows);
  if (type_ == ColumnType::boolean) return take_flags(*this, rows);
  return visit_number_type(type_,
                           [&](auto type) { return take_numbers<decltype(type)>(*this, rows); });
}

Column Column::compact() const {
  if (!has_text()) return *this;
  TextBuilder texts{type_};
  for (std::size_t row = 0; row < size_; ++row) texts.push_back(text(row));
  return texts.finish();
}

void TextBuilder::push_back(std::optional<std::string_view> text) {
  if (text) text_.insert(text_.end(), text->begin(), text->end());
  ends_.push_back(static_cast<std::int64_t>(text_.size()));
  validity_.push_back(text.has_value());
}

Column TextBuilder::finish() {
  TextChunk chunk;
  chunk.layout = layout_of(type_).value();
  chunk.size = validity_.size();
  chunk.validity = validity_.finish();
  chunk.text = {Buffer::of(std::move(text_))};
  if (type_ == ColumnType::utf8) {
    check_utf8_size(static_cast<std::size_t>(ends_.back()));
    chunk.values = Buffer::of(std::vector<std::int32_t>(ends_.begin(), ends_.end()));
  } else if (type_ == ColumnType::utf8_view) {
    std::tie(chunk.values, chunk.text) = views_of(ends_, chunk.text.front());
  } else {
    chunk.values = Buffer::of(std::move(ends_));
  }
  return Column{std::vector{std::move(chunk)}};
}

}  // namespace fleetstatus
