#include "readers/arrow_column.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

#include "core/error.hpp"

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
  take_buffers(array);
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

void ArrowColumn::take_buffers(const ArrowArray& array) {
  const std::int64_t least = type_->kind == ArrowKind::utf8_view ? 3 : buffers_of(type_->kind);
  if (array.n_buffers < least || (least > 0 && array.buffers == nullptr)) {
    fail("it has " + std::to_string(array.n_buffers) + " buffers instead of " +
         std::to_string(least));
  }
  if (least == 0) return;
  validity_ = array.buffers[0];
  if (least >= 2) values_ = array.buffers[1];
  if (type_->kind == ArrowKind::list_view || type_->kind == ArrowKind::large_list_view) {
    sizes_ = array.buffers[2];
    if (sizes_ == nullptr && size_ > 0) fail("a buffer is missing");
  }
  if (least >= 2 && values_ == nullptr && size_ > 0) fail("a buffer is missing");
}

void ArrowColumn::take_children(const ArrowArray& array, const std::shared_ptr<const void>& owner) {
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

void ArrowColumn::take_texts(const ArrowArray& array, const std::shared_ptr<const void>& owner) {
  const bool is_large = type_->kind == ArrowKind::large_utf8;
  const std::size_t end = is_large ? check_offsets<std::int64_t>() : check_offsets<std::int32_t>();
  if (array.buffers[2] == nullptr && end > 0) fail("a buffer is missing");
  const std::size_t offset_size = is_large ? sizeof(std::int64_t) : sizeof(std::int32_t);
  const std::size_t rows = offset_ + size_;
  texts_ = {is_large ? TextLayout::large_utf8 : TextLayout::utf8,
            offset_,
            size_,
            {owner, validity_, validity_ == nullptr ? 0 : (rows + 7) / 8},
            {owner, values_, size_ == 0 ? 0 : (rows + 1) * offset_size},
            {{owner, array.buffers[2], end}}};
}

void ArrowColumn::take_views(const ArrowArray& array, const std::shared_ptr<const void>& owner) {
  constexpr std::size_t view_size = 16;
  constexpr std::int64_t fixed_buffers = 3;  // validity, views, sizes of the others
  const std::int64_t n_texts = array.n_buffers - fixed_buffers;
  const auto* const sizes = static_cast<const std::int64_t*>(array.buffers[array.n_buffers - 1]);
  if (n_texts > 0 && sizes == nullptr) fail("a buffer is missing");
  const std::size_t rows = offset_ + size_;
  texts_ = {TextLayout::utf8_view,
            offset_,
            size_,
            {owner, validity_, validity_ == nullptr ? 0 : (rows + 7) / 8},
            {owner, values_, rows * view_size},
            {}};
  for (std::int64_t i = 0; i < n_texts; ++i) {
    if (sizes[i] < 0) fail("a buffer has a negative size");
    texts_.text.push_back({owner, array.buffers[2 + i], static_cast<std::size_t>(sizes[i])});
  }
  for (std::size_t row = 0; row < size_; ++row) {
    if (!texts_.has_view(row) && is_valid(row)) fail("a text lies outside of its buffer");
  }
}

template <class Offset>
void ArrowColumn::check_list_views() const {
  for (std::size_t row = 0; row < size_; ++row) {
    if (!is_valid(row)) continue;
    const auto begin = static_cast<std::int64_t>(number<Offset>(row));
    const auto size = static_cast<std::int64_t>(static_cast<const Offset*>(sizes_)[offset_ + row]);
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
    case ArrowKind::list_view:
      return viewed(number<std::int32_t>(row), static_cast<const std::int32_t*>(sizes_));
    case ArrowKind::large_list_view:
      return viewed(number<std::int64_t>(row), static_cast<const std::int64_t*>(sizes_));
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
  unpack_bits(values_, offset_ + first, flags);
}

}  // namespace fleetstatus
