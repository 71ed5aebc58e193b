#include "table/join_columns.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

#include "base/bits.hpp"
#include "base/column_memory.hpp"
#include "table/label_index.hpp"
#include "table/text_builder.hpp"

namespace fleetstatus {
namespace {

std::size_t size_of(std::span<const Column> parts) {
  std::size_t size = 0;
  for (const Column& part : parts) size += part.size();
  return size;
}

Column join_texts(std::span<const Column> parts) {
  std::vector<TextChunk> chunks;
  for (const Column& part : parts) {
    const std::vector<TextChunk>& more = part.texts()->chunks();
    chunks.insert(chunks.end(), more.begin(), more.end());
  }
  return texts_of(std::move(chunks));
}

Buffer join_validity(std::span<const Column> parts) {
  const auto has_none = [](const Column& part) { return part.validity().data == nullptr; };
  if (std::ranges::all_of(parts, has_none)) return {};
  std::vector<std::uint8_t> bits((size_of(parts) + 7) / 8);
  std::size_t first = 0;
  for (const Column& part : parts) {
    if (has_none(part)) {
      fill_bits(bits.data(), first, part.size(), true);
    } else {
      copy_bits(bits.data(), first, part.validity().as<std::uint8_t>(), 0, part.size());
    }
    first += part.size();
  }
  return Buffer::of(std::move(bits));
}

/// Whether the values of `next` follow those of `part` in the same memory, without a gap.
bool are_adjacent(const Column& part, const Column& next) {
  const std::size_t n_bytes = bytes_of(part.type(), part.size());
  return part.values().owner == next.values().owner &&
         part.values().as<std::byte>() + n_bytes == next.values().data &&
         (part.type() != ColumnType::boolean || part.size() % 8 == 0);
}

Buffer join_values(std::span<const Column> parts) {
  const ColumnType type = parts.front().type();
  const Buffer& first_values = parts.front().values();
  const std::size_t n_bytes = bytes_of(type, size_of(parts));
  if (std::ranges::adjacent_find(parts, std::not_fn(are_adjacent)) == parts.end()) {
    return {first_values.owner, first_values.data, n_bytes};
  }
  const auto memory = column_memory(n_bytes);
  std::size_t first = 0;
  for (const Column& part : parts) {
    if (!part.is_null() && type == ColumnType::boolean) {
      copy_bits(reinterpret_cast<std::uint8_t*>(memory.get()), first,
                part.values().as<std::uint8_t>(), 0, part.size());
    } else if (!part.is_null() && part.size() > 0) {
      std::memcpy(memory.get() + bytes_of(type, first), part.values().data,
                  bytes_of(type, part.size()));
    }
    first += part.size();
  }
  return {memory, memory.get(), n_bytes};
}

Column join_codes(std::span<const Column> parts) {
  LabelIndex index;
  const std::size_t n_rows = size_of(parts);
  const auto memory = column_memory(n_rows * sizeof(std::int32_t));
  auto* codes = reinterpret_cast<std::int32_t*>(memory.get());
  for (const Column& part : parts) {
    std::vector<std::int32_t> code_by_old;
    for (const std::string& label : *part.labels()) code_by_old.push_back(index.code_of(label));
    const auto* const old_codes = part.values().as<std::int32_t>();
    const ValidBits is_valid{part.validity().data};
    for (std::size_t row = 0; row < part.size() && !code_by_old.empty(); ++row) {
      const auto if_valid = -static_cast<std::int32_t>(is_valid[row]);
      codes[row] = code_by_old[static_cast<std::size_t>(old_codes[row])] & if_valid;
    }
    codes += part.size();
  }
  return {ColumnType::code32, n_rows, join_validity(parts),
          Buffer{memory, memory.get(), n_rows * sizeof(std::int32_t)},
          std::make_shared<const Labels>(index.take())};
}

}  // namespace

Column texts_of(std::vector<TextChunk> chunks) {
  const auto is_empty = [](const TextChunk& chunk) { return chunk.size == 0; };
  if (!std::ranges::all_of(chunks, is_empty)) std::erase_if(chunks, is_empty);
  const auto is_like_first = [&](const TextChunk& chunk) {
    return chunk.layout == chunks.front().layout;
  };
  if (std::ranges::all_of(chunks, is_like_first)) return Column{std::move(chunks)};
  return Column{{copy_texts(chunks, TextLayout::large_utf8)}};
}

Column join_columns(std::span<const Column> parts) {
  const Column& first = parts.front();
  if (parts.size() == 1) return first;
  if (first.has_text()) return join_texts(parts);
  if (first.type() == ColumnType::code32) return join_codes(parts);
  return {first.type(), size_of(parts), join_validity(parts), join_values(parts), first.labels()};
}

}  // namespace fleetstatus
