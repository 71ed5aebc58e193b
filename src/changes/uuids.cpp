#include "changes/uuids.hpp"

#include <algorithm>

#include "base/text_hash.hpp"

namespace fleetstatus {
namespace {

template <class Offset>
bool has_empty_text(const TextChunk& chunk) {
  const Offset* const offsets = chunk.offsets<Offset>();
  unsigned n_empty = 0;
  for (std::size_t row = 0; row < chunk.size; ++row) {
    n_empty += static_cast<unsigned>(offsets[row] == offsets[row + 1]);
  }
  return n_empty > 0;
}

bool has_empty_view(const TextChunk& chunk) {
  for (std::size_t row = 0; row < chunk.size; ++row) {
    if (chunk.text_at(row).empty()) return true;
  }
  return false;
}

/// A bitmap counts as nulls, since few columns have one without a null.
bool has_empty_in(const TextChunk& chunk) {
  if (chunk.size == 0) return false;
  if (chunk.validity.data != nullptr) return true;
  switch (chunk.layout) {
    case TextLayout::utf8: return has_empty_text<std::int32_t>(chunk);
    case TextLayout::large_utf8: return has_empty_text<std::int64_t>(chunk);
    case TextLayout::utf8_view: return has_empty_view(chunk);
  }
  return true;
}

template <class TextAt>
void hash_texts(const TextChunk& chunk, const TextHash& hash, std::uint64_t* hashes,
                TextAt text_at) {
  for (std::size_t row = 0; row < chunk.size; ++row) {
    hashes[row] = hash(chunk.is_valid(row) ? text_at(row) : std::string_view{});
  }
}

}  // namespace

Uuids::Uuids(const Column& column)
    : texts_(column.texts()),
      may_have_empty_(std::ranges::any_of(texts_->chunks(), has_empty_in)) {}

std::vector<std::uint64_t> hashes_of(const Uuids& uuids) {
  const TextHash hash;
  std::vector<std::uint64_t> hashes(uuids.size());
  std::uint64_t* next = hashes.data();
  for (const TextChunk& chunk : uuids.texts().chunks()) {
    switch (chunk.layout) {
      case TextLayout::utf8:
        hash_texts(chunk, hash, next,
                   [&](std::size_t row) { return chunk.text_between<std::int32_t>(row); });
        break;
      case TextLayout::large_utf8:
        hash_texts(chunk, hash, next,
                   [&](std::size_t row) { return chunk.text_between<std::int64_t>(row); });
        break;
      case TextLayout::utf8_view:
        hash_texts(chunk, hash, next, [&](std::size_t row) { return chunk.viewed(row); });
        break;
    }
    next += chunk.size;
  }
  return hashes;
}

}  // namespace fleetstatus
