#include "records/decode/arrow_column.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

#include "base/error.hpp"

namespace fleetstatus {
namespace {

/// Buffers that an array of that kind has; of views and other types it is not fixed.
std::int64_t buffers_of(ArrowKind kind) {
  switch (kind) {
    case ArrowKind::null: return 0;
    case ArrowKind::structure:
    case ArrowKind::fixed_list: return 1;
    case ArrowKind::utf8:
    case ArrowKind::large_utf8:
    case ArrowKind::list_view:
    case ArrowKind::large_list_view: return 3;
    default: return 2;
  }
}

/// Bytes of each number, offset or view in the second buffer; 0 where it holds none.
std::size_t value_size(ArrowKind kind) {
  switch (kind) {
    case ArrowKind::int16:
    case ArrowKind::uint16: return sizeof(std::int16_t);
    case ArrowKind::int32:
    case ArrowKind::uint32:
    case ArrowKind::float32:
    case ArrowKind::utf8:
    case ArrowKind::list:
    case ArrowKind::list_view:
    case ArrowKind::map: return sizeof(std::int32_t);
    case ArrowKind::int64:
    case ArrowKind::uint64:
    case ArrowKind::float64:
    case ArrowKind::large_utf8:
    case ArrowKind::timestamp:
    case ArrowKind::large_list:
    case ArrowKind::large_list_view: return sizeof(std::int64_t);
    case ArrowKind::utf8_view: return sizeof(TextChunk::View);
    default: return 0;
  }
}

bool has_offsets(ArrowKind kind) {
  return kind == ArrowKind::utf8 || kind == ArrowKind::large_utf8 || kind == ArrowKind::list ||
         kind == ArrowKind::large_list || kind == ArrowKind::map;
}

/// The flags that a byte of bits stands for.
constexpr auto flags_of_byte = [] {
  std::array<std::array<std::uint8_t, 8>, 256> flags{};
  for (std::size_t byte = 0; byte < flags.size(); ++byte) {
    for (std::size_t bit = 0; bit < 8; ++bit) flags[byte][bit] = (byte >> bit) & 1U;
  }
  return flags;
}();

void unpack_bits(const void* bits, std::size_t first, std::span<std::uint8_t> flags) {
  const auto* const bytes = static_cast<const std::uint8_t*>(bits);
  std::size_t done = 0;
  for (; done < flags.size() && (first + done) % 8 != 0; ++done) {
    flags[done] = bit_at(bits, first + done) ? 1 : 0;
  }
  for (; done + 8 <= flags.size(); done += 8) {
    std::memcpy(&flags[done], flags_of_byte[bytes[(first + done) / 8]].data(), 8);
  }
  for (; done < flags.size(); ++done) flags[done] = bit_at(bits, first + done) ? 1 : 0;
}

}  // namespace

ArrowColumn::ArrowColumn(const ArrowType& type, const ArrowArray& array,
                         std::shared_ptr<const void> owner)
    : type_(&type) {
  if (array.release == nullptr) fail("it was released");
  if (array.length < 0 || array.offset < 0 ||
      array.offset > std::numeric_limits<std::int64_t>::max() - array.length) {
    fail("its length or offset is negative");
  }
  offset_ = static_cast<std::size_t>(array.offset);
  size_ = static_cast<std::size_t>(array.length);
  if (type.kind == ArrowKind::other) {
    const bool has_nulls = !type.format.starts_with('+');  // unions and run ends mark none
    if (has_nulls && array.n_buffers > 0 && array.buffers != nullptr) validity_ = array.buffers[0];
    return;
  }
  take_buffers(array, owner);
  take_children(array, owner);
  if (type.dictionary) {
    if (array.dictionary == nullptr) fail("it has no dictionary");
    dictionary_ = std::make_unique<ArrowColumn>(*type.dictionary, *array.dictionary, owner);
  } else if (type.kind == ArrowKind::utf8_view) {
    take_views(array, owner);
  } else if (type.is_text()) {
    take_texts(array, owner);
  }
  check_elements();
}

void ArrowColumn::fail(std::string_view what) const {
  throw ArgumentError("the Arrow array" + of_column(*type_) + " is broken: " + std::string{what});
}

void ArrowColumn::take_buffers(const ArrowArray& array, const Owner& owner) {
  const std::int64_t least = type_->kind == ArrowKind::utf8_view ? 3 : buffers_of(type_->kind);
  if (array.n_buffers < least || (least > 0 && array.buffers == nullptr)) {
    fail("it has " + std::to_string(array.n_buffers) + " buffers instead of " +
         std::to_string(least));
  }
  if (least == 0) return;
  validity_ = array.buffers[0];
  if (least >= 2) values_ = {owner, array.buffers[1], 0};
  if (type_->kind == ArrowKind::list_view || type_->kind == ArrowKind::large_list_view) {
    sizes_ = {owner, array.buffers[2], 0};
    if (sizes_.data == nullptr && size_ > 0) fail("a buffer is missing");
  }
  if (least >= 2 && values_.data == nullptr && size_ > 0) fail("a buffer is missing");
  if (size_ == 0) return;
  if (!is_aligned(values_.data) || !is_aligned(sizes_.data)) copy_values();
  values_.size = n_bytes_of_values();
}

bool ArrowColumn::is_aligned(const void* data) const noexcept {
  const std::size_t size = std::min(value_size(type_->kind), alignof(std::int64_t));
  return size == 0 || reinterpret_cast<std::uintptr_t>(data) % size == 0;
}

std::size_t ArrowColumn::n_bytes_of_values() const noexcept {
  return (offset_ + size_ + (has_offsets(type_->kind) ? 1 : 0)) * value_size(type_->kind);
}

/// Replaces buffers by copies that begin where numbers may, without most of what stands before the
/// first row.
void ArrowColumn::copy_values() {
  const std::size_t skipped = offset_ / 8 * 8;  // whole bytes of bits
  offset_ -= skipped;
  if (validity_ != nullptr) validity_ = static_cast<const std::byte*>(validity_) + skipped / 8;
  for (Buffer* const buffer : {&values_, &sizes_}) {
    if (buffer->data == nullptr) continue;
    std::vector<std::int64_t> copy(n_bytes_of_values() / sizeof(std::int64_t) + 1);
    std::memcpy(copy.data(), buffer->as<std::byte>() + skipped * value_size(type_->kind),
                n_bytes_of_values());
    *buffer = Buffer::of(std::move(copy));
  }
}

void ArrowColumn::take_children(const ArrowArray& array, const Owner& owner) {
  const std::size_t n = type_->children.size();
  if (array.n_children != static_cast<std::int64_t>(n) || (n > 0 && array.children == nullptr)) {
    fail("it has " + std::to_string(array.n_children) + " children, its schema " +
         std::to_string(n));
  }
  children_.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (array.children[i] == nullptr) fail("a child is missing");
    children_.emplace_back(type_->children[i], *array.children[i], owner);
    if (type_->kind == ArrowKind::structure && children_.back().size() < offset_ + size_) {
      fail("a child is shorter than its struct");
    }
  }
}

template <class Offset>
std::size_t ArrowColumn::check_offsets() const {
  if (size_ == 0) return 0;
  using Unsigned = std::make_unsigned_t<Offset>;
  const Offset* const offsets = numbers<Offset>(0);
  auto below_zero = static_cast<Unsigned>(offsets[0]);  // in its first bit
  for (std::size_t i = 0; i < size_; ++i) {
    const auto next = static_cast<Unsigned>(offsets[i + 1]);
    below_zero |= next | (next - static_cast<Unsigned>(offsets[i]));
  }
  if (static_cast<Offset>(below_zero) < 0) fail("its offsets go back");
  return static_cast<std::size_t>(offsets[size_]);
}

void ArrowColumn::take_texts(const ArrowArray& array, const Owner& owner) {
  const bool is_large = type_->kind == ArrowKind::large_utf8;
  const std::size_t end = is_large ? check_offsets<std::int64_t>() : check_offsets<std::int32_t>();
  if (array.buffers[2] == nullptr && end > 0) fail("a buffer is missing");
  const std::size_t rows = offset_ + size_;
  texts_ = {is_large ? TextLayout::large_utf8 : TextLayout::utf8,
            offset_,
            size_,
            {owner, validity_, validity_ == nullptr ? 0 : (rows + 7) / 8},
            values_,
            {{owner, array.buffers[2], end}}};
}

void ArrowColumn::take_views(const ArrowArray& array, const Owner& owner) {
  constexpr std::int64_t fixed_buffers = 3;  // validity, views, sizes of the others
  const std::int64_t n_texts = array.n_buffers - fixed_buffers;
  const auto* const sizes = static_cast<const std::byte*>(array.buffers[array.n_buffers - 1]);
  if (n_texts > 0 && sizes == nullptr) fail("a buffer is missing");
  const std::size_t rows = offset_ + size_;
  texts_ = {TextLayout::utf8_view,
            offset_,
            size_,
            {owner, validity_, validity_ == nullptr ? 0 : (rows + 7) / 8},
            values_,
            {}};
  for (std::int64_t i = 0; i < n_texts; ++i) {
    std::int64_t size = 0;
    std::memcpy(&size, sizes + i * std::int64_t{sizeof size}, sizeof size);
    if (size < 0) fail("a buffer has a negative size");
    texts_.text.push_back({owner, array.buffers[2 + i], static_cast<std::size_t>(size)});
  }
  if (are_views_inside()) return;
  for (std::size_t row = 0; row < size_; ++row) {
    if (!texts_.has_view(row) && is_valid(row)) fail("a text lies outside of its buffer");
  }
}

/// Whether all views lie inside of their buffers, those of nulls too.
bool ArrowColumn::are_views_inside() const noexcept {
  bool is_outside = false;
  for (std::size_t row = 0; row < size_; ++row) is_outside |= !texts_.has_view(row);
  return !is_outside;
}

template <class Offset>
void ArrowColumn::check_list_views() const {
  for (std::size_t row = 0; row < size_; ++row) {
    if (!is_valid(row)) continue;
    const auto begin = static_cast<std::int64_t>(number<Offset>(row));
    const auto size = static_cast<std::int64_t>(sizes_.as<Offset>()[offset_ + row]);
    const auto limit = static_cast<std::int64_t>(children_.front().size());
    if (begin < 0 || size < 0 || begin > limit || size > limit - begin) {
      fail("a list lies outside of its elements");
    }
  }
}

void ArrowColumn::check_elements() const {
  switch (type_->kind) {
    case ArrowKind::list:
    case ArrowKind::map:
      if (check_offsets<std::int32_t>() > children_.front().size()) {
        fail("a list lies outside of its elements");
      }
      break;
    case ArrowKind::large_list:
      if (check_offsets<std::int64_t>() > children_.front().size()) {
        fail("a list lies outside of its elements");
      }
      break;
    case ArrowKind::list_view: check_list_views<std::int32_t>(); break;
    case ArrowKind::large_list_view: check_list_views<std::int64_t>(); break;
    case ArrowKind::fixed_list:
      if (type_->list_size > 0 && (offset_ + size_) > children_.front().size() / type_->list_size) {
        fail("a list lies outside of its elements");
      }
      break;
    default: break;
  }
}

std::int64_t ArrowColumn::integer(std::size_t row) const noexcept {
  switch (type_->kind) {
    case ArrowKind::int8: return number<std::int8_t>(row);
    case ArrowKind::uint8: return number<std::uint8_t>(row);
    case ArrowKind::int16: return number<std::int16_t>(row);
    case ArrowKind::uint16: return number<std::uint16_t>(row);
    case ArrowKind::int32: return number<std::int32_t>(row);
    case ArrowKind::uint32: return number<std::uint32_t>(row);
    default: return number<std::int64_t>(row);
  }
}

ArrowColumn::Range ArrowColumn::elements(std::size_t row) const noexcept {
  const auto between = [](auto begin, auto end) {
    return Range{static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)};
  };
  const auto viewed = [&](auto begin, const auto* sizes) {
    return Range{static_cast<std::size_t>(begin), static_cast<std::size_t>(sizes[offset_ + row])};
  };
  switch (type_->kind) {
    case ArrowKind::list:
    case ArrowKind::map: return between(number<std::int32_t>(row), number<std::int32_t>(row + 1));
    case ArrowKind::large_list:
      return between(number<std::int64_t>(row), number<std::int64_t>(row + 1));
    case ArrowKind::list_view: return viewed(number<std::int32_t>(row), sizes_.as<std::int32_t>());
    case ArrowKind::large_list_view:
      return viewed(number<std::int64_t>(row), sizes_.as<std::int64_t>());
    case ArrowKind::fixed_list: return {(offset_ + row) * type_->list_size, type_->list_size};
    default: return {};
  }
}

void ArrowColumn::unpack_validity(std::size_t first, std::span<std::uint8_t> flags) const {
  if (validity_ != nullptr) {
    unpack_bits(validity_, offset_ + first, flags);
  } else {
    std::ranges::fill(flags, type_->kind == ArrowKind::null ? std::uint8_t{0} : std::uint8_t{1});
  }
}

void ArrowColumn::unpack_booleans(std::size_t first, std::span<std::uint8_t> flags) const {
  unpack_bits(values_.data, offset_ + first, flags);
}

}  // namespace fleetstatus
