#include "table/column.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <limits>
#include <tuple>
#include <unordered_map>

#include "core/error.hpp"

namespace fleetstatus {
namespace {

struct TextHash : std::hash<std::string_view> {
  using is_transparent = void;
};

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

constexpr std::array text_types{ColumnType::utf8, ColumnType::large_utf8, ColumnType::utf8_view};

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

std::optional<TextLayout> layout_of(ColumnType type) {
  const auto place = std::ranges::find(text_types, type) - text_types.begin();
  if (place == std::ssize(text_types)) return std::nullopt;
  return static_cast<TextLayout>(place);
}

Column::Column(std::vector<TextChunk> chunks)
    : Column(std::make_shared<const ChunkedText>(std::move(chunks))) {}

Column::Column(std::shared_ptr<const ChunkedText> texts)
    : type_(text_types[static_cast<std::size_t>(texts->layout())]),
      size_(texts->size()),
      texts_(std::move(texts)) {}

std::int64_t Column::integer(std::size_t row) const noexcept {
  switch (type_) {
    case ColumnType::boolean: return boolean(row) ? 1 : 0;
    case ColumnType::int32: return value<std::int32_t>(row);
    case ColumnType::uint16: return value<std::uint16_t>(row);
    case ColumnType::float64: return static_cast<std::int64_t>(value<double>(row));
    case ColumnType::code8:
    case ColumnType::code32: return code(row);
    default: return value<std::int64_t>(row);
  }
}

std::optional<std::string_view> Column::text(std::size_t row) const noexcept {
  if (texts_) return (*texts_)[row];
  return is_valid(row)
             ? std::optional<std::string_view>{(*labels_)[static_cast<std::size_t>(code(row))]}
             : std::nullopt;
}

Column Column::take(std::span<const std::size_t> rows) const {
  switch (type_) {
    case ColumnType::int64:
    case ColumnType::timestamp: return take_numbers<std::int64_t>(*this, rows);
    case ColumnType::int32:
    case ColumnType::code32: return take_numbers<std::int32_t>(*this, rows);
    case ColumnType::uint16: return take_numbers<std::uint16_t>(*this, rows);
    case ColumnType::float64: return take_numbers<double>(*this, rows);
    case ColumnType::code8: return take_numbers<std::int8_t>(*this, rows);
    case ColumnType::boolean: return take_flags(*this, rows);
    default: return take_texts(*this, rows);
  }
}

Column Column::compact() const {
  if (!has_text()) return *this;
  TextBuilder texts{type_};
  for (std::size_t row = 0; row < size_; ++row) texts.push_back(text(row));
  return texts.finish();
}

void BitBuilder::append(std::span<const std::uint8_t> flags) {
  std::size_t done = 0;
  for (; size_ % 8 != 0 && done < flags.size(); ++done) push_back(flags[done] != 0);
  const std::size_t n_bytes = (flags.size() - done) / 8;
  const std::size_t start = bytes_.size();
  bytes_.resize(start + n_bytes);
  for (std::size_t i = 0; i < n_bytes; ++i) {
    const std::uint8_t* const flag = flags.data() + done + i * 8;
    unsigned byte = 0;
    for (unsigned bit = 0; bit < 8; ++bit) byte |= unsigned{flag[bit]} << bit;
    bytes_[start + i] = static_cast<std::uint8_t>(byte);
  }
  size_ += n_bytes * 8;
  for (done += n_bytes * 8; done < flags.size(); ++done) push_back(flags[done] != 0);
}

void BitBuilder::append(const void* bits, std::size_t offset, std::size_t size) {
  const auto* const bytes = static_cast<const std::uint8_t*>(bits);
  const std::size_t end = size_ + size;
  const auto push_until = [&](auto is_enough) {
    while (size_ < end && !is_enough()) push_back(bytes == nullptr || bit_at(bytes, offset++));
  };
  push_until([&] { return size_ % 8 == 0 && (bytes == nullptr || offset % 8 == 0); });
  const std::size_t n_bytes = (end - size_) / 8;
  if (bytes == nullptr) {
    bytes_.resize(bytes_.size() + n_bytes, std::uint8_t{0xFF});
  } else {
    bytes_.insert(bytes_.end(), bytes + offset / 8, bytes + offset / 8 + n_bytes);
  }
  offset += n_bytes * 8;
  size_ += n_bytes * 8;
  push_until([] { return false; });
}

void TextBuilder::append(const OptionalColumn<std::string_view>& column, std::size_t n_records) {
  const auto values = column.values(n_records);
  const auto is_set = column.is_set(n_records);
  std::size_t end = text_.size();
  const std::size_t first = ends_.size();
  ends_.resize(first + n_records);
  for (std::size_t i = 0; i < n_records; ++i) {
    end += is_set[i] != 0 ? values[i].size() : 0;
    ends_[first + i] = static_cast<std::int64_t>(end);
  }
  const std::size_t start = text_.size();
  text_.resize(end);
  char* to = text_.data() + start;
  for (std::size_t i = 0; i < n_records; ++i) {
    if (is_set[i] != 0) to = std::ranges::copy(values[i], to).out;
  }
  validity_.append(is_set);
}

template <class Offset>
void TextBuilder::append_run(const TextChunk& chunk) {
  const Offset* const offsets = chunk.values.as<Offset>() + chunk.offset;
  const std::int64_t shift = ends_.back() - offsets[0];
  for (std::size_t row = 1; row <= chunk.size; ++row) ends_.push_back(offsets[row] + shift);
  if (offsets[chunk.size] == offsets[0]) return;
  const char* const text = chunk.text.front().as<char>();
  text_.insert(text_.end(), text + offsets[0], text + offsets[chunk.size]);
}

void TextBuilder::append(const TextChunk& chunk) {
  switch (chunk.layout) {
    case TextLayout::utf8: append_run<std::int32_t>(chunk); break;
    case TextLayout::large_utf8: append_run<std::int64_t>(chunk); break;
    case TextLayout::utf8_view:
      for (std::size_t row = 0; row < chunk.size; ++row) push_back(chunk[row]);
      return;
  }
  validity_.append(chunk.validity.data, chunk.offset, chunk.size);
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
    if (ends_.back() > std::numeric_limits<std::int32_t>::max()) {
      throw ArgumentError("a text column holds more than 2 GiB; classify the records in parts");
    }
    chunk.values = Buffer::of(std::vector<std::int32_t>(ends_.begin(), ends_.end()));
  } else if (type_ == ColumnType::utf8_view) {
    std::tie(chunk.values, chunk.text) = views_of(ends_, chunk.text.front());
  } else {
    chunk.values = Buffer::of(std::move(ends_));
  }
  return Column{std::vector{std::move(chunk)}};
}

struct LabelBuilder::Index {
  std::unordered_map<std::string, std::int32_t, TextHash, std::equal_to<>> codes;
  Labels labels;
};

LabelBuilder::LabelBuilder() : index_(std::make_unique<Index>()) {}
LabelBuilder::~LabelBuilder() = default;

void LabelBuilder::push_back(std::optional<std::string_view> label) {
  if (!label) return codes_.push_back(std::nullopt);
  auto& [codes, labels] = *index_;
  auto found = codes.find(*label);
  if (found == codes.end()) {
    found = codes.emplace(*label, static_cast<std::int32_t>(labels.size())).first;
    labels.emplace_back(*label);
  }
  codes_.push_back(found->second);
}

Column LabelBuilder::finish() {
  return codes_.finish(std::make_shared<const Labels>(std::move(index_->labels)));
}

}  // namespace fleetstatus
