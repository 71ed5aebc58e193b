#include "table/text_builder.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>

#include "base/bits.hpp"
#include "base/column_memory.hpp"
#include "base/error.hpp"
#include "table/column_type.hpp"

namespace fleetstatus {
namespace {

constexpr std::int64_t largest_offset = std::numeric_limits<std::int32_t>::max();

/// A view of utf8_view: the size, then the text itself, or its first bytes, buffer and offset.
using View = std::array<std::int32_t, 4>;

/// Views of contiguous texts, and the buffers that they point into: parts of `text`, since a view's
/// offset has 32 bits.
std::pair<Buffer, std::vector<Buffer>> views_of(const std::vector<std::int64_t>& ends,
                                                const Buffer& text) {
  constexpr std::size_t longest_inline = 12;
  std::vector<View> views(ends.size() - 1);
  std::vector<Buffer> buffers;
  std::int64_t base = 0;
  for (std::size_t row = 0; row < views.size(); ++row) {
    const char* const begin = text.as<char>() + ends[row];
    const auto size = static_cast<std::size_t>(ends[row + 1] - ends[row]);
    View& view = views[row];
    view[0] = static_cast<std::int32_t>(size);
    if (size <= longest_inline) {
      if (size > 0) std::memcpy(&view[1], begin, size);
      continue;
    }
    if (buffers.empty() || ends[row + 1] - base > largest_offset) {
      base = ends[row];
      buffers.push_back({text.owner, begin, 0});
    }
    buffers.back().size = static_cast<std::size_t>(ends[row + 1] - base);
    std::memcpy(&view[1], begin, sizeof view[1]);
    view[2] = static_cast<std::int32_t>(buffers.size() - 1);
    view[3] = static_cast<std::int32_t>(ends[row] - base);
  }
  return {Buffer::of(std::move(views)), std::move(buffers)};
}

/// Whether a chunk's buffers hold only its texts.
bool fills_its_buffers(const TextChunk& chunk) {
  if (chunk.layout == TextLayout::utf8_view || chunk.offset != 0) return false;
  const auto is_filled = [&](auto offset) {
    const auto* const offsets = chunk.offsets<decltype(offset)>();
    return offsets[0] == 0 && static_cast<std::size_t>(offsets[chunk.size]) == chunk.text[0].size;
  };
  return chunk.layout == TextLayout::utf8 ? is_filled(std::int32_t{}) : is_filled(std::int64_t{});
}

}  // namespace

TextChunk null_texts(TextLayout layout, std::size_t n_rows) {
  TextChunk chunk{layout, 0, n_rows, {}, {}, {}};
  chunk.validity = zeros((n_rows + 7) / 8);
  chunk.values = zeros(bytes_of(type_of(layout), n_rows));
  if (layout != TextLayout::utf8_view) chunk.text.emplace_back();
  return chunk;
}

/// Extends the offsets and the validity bitmap by `n_rows` rows.
/// @param has_nulls  whether any of these rows, or of those before, is null
void TextBuilder::extend(std::size_t n_rows, bool has_nulls) {
  const std::size_t n_with_ends = ends_.size() - 1;
  ends_.resize(size_ + 1, ends_.back());
  ends_.resize(size_ + 1 + n_rows);
  if (!has_nulls && validity_.empty()) return;
  const bool is_first_null = validity_.empty();
  validity_.resize((size_ + n_rows + 7) / 8);
  if (is_first_null) fill_bits(validity_.data(), 0, n_with_ends, true);
}

void TextBuilder::push_back(std::optional<std::string_view> text) {
  if (text) {
    extend(1, n_texts_ < size_);
    text_.append(*text);
    ends_.back() = static_cast<std::int64_t>(text_.size());
    if (!validity_.empty()) write_bit(validity_.data(), size_, true);
    ++n_texts_;
  }
  ++size_;
}

void TextBuilder::append(std::span<const std::string_view> texts,
                         std::span<const std::uint8_t> is_set) {
  const auto n_texts = static_cast<std::size_t>(std::ranges::count(is_set, 1));
  if (n_texts > 0) {
    extend(texts.size(), n_texts_ < size_ || n_texts < texts.size());
    std::int64_t* const ends = ends_.data() + size_ + 1;
    const std::size_t begin = text_.size();
    std::size_t end = begin;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      end += is_set[i] != 0 ? texts[i].size() : 0;
      ends[i] = static_cast<std::int64_t>(end);
    }
    char* to = text_.extend(end - begin);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (is_set[i] != 0) to = copy_text(texts[i], to);
    }
    if (!validity_.empty()) pack_bits(validity_.data(), size_, is_set.data(), is_set.size());
  }
  size_ += texts.size();
  n_texts_ += n_texts;
}

Buffer TextBuilder::finish_values(std::vector<Buffer>& text) {
  if (layout_ == TextLayout::large_utf8) return Buffer::of(std::move(ends_));
  if (layout_ == TextLayout::utf8) {
    return Buffer::of(std::vector<std::int32_t>(ends_.begin(), ends_.end()));
  }
  auto [views, buffers] = views_of(ends_, text.front());
  text = std::move(buffers);
  return views;
}

TextChunk TextBuilder::finish() {
  if (layout_ == TextLayout::utf8 && ends_.back() > largest_offset) {
    throw ArgumentError("a text column holds more than 2 GiB; classify the records in parts");
  }
  TextBuilder built = std::exchange(*this, TextBuilder{layout_});
  if (built.n_texts_ == 0 && built.size_ > 0) return null_texts(layout_, built.size_);
  built.extend(0, built.n_texts_ < built.size_);
  TextChunk chunk{layout_, 0, built.size_, {}, {}, {}};
  if (built.n_texts_ < built.size_) chunk.validity = Buffer::of(std::move(built.validity_));
  const auto held = std::make_shared<const TextBuffer>(std::move(built.text_));
  chunk.text = {Buffer{held, held->data(), held->size()}};
  chunk.values = built.finish_values(chunk.text);
  return chunk;
}

void TextBuilder::complete() {
  if (n_texts_ > 0) extend(0, n_texts_ < size_);
}

TextChunk TextBuilder::chunk_of(const std::shared_ptr<const TextBuilder>& texts) {
  if (texts->n_texts_ == 0 && texts->size_ > 0) return null_texts(texts->layout_, texts->size_);
  const auto buffer_of = [&](const auto& values) {
    return Buffer{texts, values.data(), values.size() * sizeof(*values.data())};
  };
  TextChunk chunk{texts->layout_, 0, texts->size_, {}, buffer_of(texts->ends_), {}};
  if (texts->n_texts_ < texts->size_) chunk.validity = buffer_of(texts->validity_);
  chunk.text.push_back(buffer_of(texts->text_));
  return chunk;
}

TextChunk compact(const TextChunk& chunk) {
  return fills_its_buffers(chunk) ? chunk : copy_texts({&chunk, 1}, chunk.layout);
}

TextChunk copy_texts(std::span<const TextChunk> chunks, TextLayout layout) {
  TextBuilder texts{layout};
  for (const TextChunk& chunk : chunks) {
    texts.append(chunk.size, [&](std::size_t row) { return chunk[row]; });
  }
  return texts.finish();
}

}  // namespace fleetstatus
