#include "table/chunked_text.hpp"

#include <algorithm>
#include <utility>

namespace fleetstatus {
namespace {

bool is_same(const Buffer& left, const Buffer& right) { return left.data == right.data; }

bool continues(const TextChunk& before, const TextChunk& chunk) {
  return chunk.offset == before.offset + before.size && is_same(before.values, chunk.values) &&
         is_same(before.validity, chunk.validity) &&
         std::ranges::equal(before.text, chunk.text, is_same);
}

/// Appends a chunk that continues another, whose buffers may be said to end with its rows.
void extend(TextChunk& before, const TextChunk& chunk) {
  const auto take_longer = [](Buffer& buffer, const Buffer& other) {
    buffer.size = std::max(buffer.size, other.size);
  };
  take_longer(before.values, chunk.values);
  take_longer(before.validity, chunk.validity);
  for (std::size_t i = 0; i < chunk.text.size(); ++i) take_longer(before.text[i], chunk.text[i]);
  before.size += chunk.size;
}

/// A chunk without rows, but with the offset that Arrow requires.
TextChunk empty_chunk(TextLayout layout) {
  TextChunk chunk;
  chunk.layout = layout;
  chunk.values = Buffer::of(std::vector<std::int64_t>{0});
  if (layout != TextLayout::utf8_view) chunk.text.emplace_back();
  return chunk;
}

}  // namespace

ChunkedText::ChunkedText(std::vector<TextChunk> chunks) {
  const TextLayout layout = chunks.empty() ? TextLayout::large_utf8 : chunks.front().layout;
  for (TextChunk& chunk : chunks) {
    if (chunk.size == 0) continue;
    if (!chunks_.empty() && continues(chunks_.back(), chunk)) {
      extend(chunks_.back(), chunk);
      starts_.back() += chunk.size;
    } else {
      starts_.push_back(starts_.back() + chunk.size);
      chunks_.push_back(std::move(chunk));
    }
  }
  if (chunks_.empty()) {
    chunks_.push_back(empty_chunk(layout));
    starts_.push_back(0);
  }
}

std::size_t ChunkedText::search(std::size_t row) const noexcept {
  const auto after = std::ranges::upper_bound(starts_, row);
  return static_cast<std::size_t>(after - starts_.begin()) - 1;
}

}  // namespace fleetstatus
