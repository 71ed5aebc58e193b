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

/// The eight flags of each byte of a bitmap.
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
    const bool has_nulls = !type.format.starts_with('+');  // unions, run ends: no validity bitmap
    if (has_nulls && array.n_buffers > 0 && array.buffers != nullptr) validity_ = array.buffers[0];
    return;
  }
  take_buffers(array, owner);
  take_children(array, owner);
  if (type.dictionary) {
    if (array.dictionary == nullptr) fail("it has no dictionary");
    dictionary_ = std::make_unique<ArrowColumn>(*type.dictionary, *array.dictionary, owner);
  } else if (type.is_text()) {
    take_texts(array, owner);
  } else if (type.is_list() || type.kind == ArrowKind::map) {
    check_lists();
  }
}

void ArrowColumn::fail(std::string_view what) const {
  throw ArgumentError("the Arrow array" + of_column(*type_) + " is broken: " + std::string{what});
}

void ArrowColumn::take_buffers(const ArrowArray& array, const Owner& owner) {
  const std::int64_t n = type_->n_buffers;
  if (array.n_buffers < n || (n > 0 && array.buffers == nullptr)) {
    fail("it has " + std::to_string(array.n_buffers) + " buffers instead of " + std::to_string(n));
  }
  if (n == 0) return;
  validity_ = array.buffers[0];
  if (n >= 2) values_ = {owner, array.buffers[1], 0};
  const bool has_sizes = type_->is_list() && n == 3;
  if (has_sizes) sizes_ = {owner, array.buffers[2], 0};
  if (size_ == 0) return;
  if ((n >= 2 && values_.data == nullptr) || (has_sizes && sizes_.data == nullptr)) {
    fail("a buffer is missing");
  }
  if (!is_aligned(values_.data) || !is_aligned(sizes_.data)) copy_values();
  values_.size = n_bytes_of_values();
}

bool ArrowColumn::is_aligned(const void* data) const noexcept {
  const std::size_t size = std::min(type_->value_size, alignof(std::int64_t));
  return size == 0 || reinterpret_cast<std::uintptr_t>(data) % size == 0;
}

std::size_t ArrowColumn::n_bytes_of_values() const noexcept {
  return (offset_ + size_ + (type_->has_offsets ? 1 : 0)) * type_->value_size;
}

/// Replaces the buffers of values and sizes with aligned copies that start at most 7 rows before
/// the first row.
void ArrowColumn::copy_values() {
  const std::size_t skipped = offset_ / 8 * 8;  // whole bytes of the validity bitmap
  offset_ -= skipped;
  if (validity_ != nullptr) validity_ = static_cast<const std::byte*>(validity_) + skipped / 8;
  for (Buffer* const buffer : {&values_, &sizes_}) {
    if (buffer->data == nullptr) continue;
    std::vector<std::int64_t> copy(n_bytes_of_values() / sizeof(std::int64_t) + 1);
    std::memcpy(copy.data(), buffer->as<std::byte>() + skipped * type_->value_size,
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
  using Unsigned = std::make_unsigned_t<Offset>;
  const Offset* const offsets = numbers<Offset>(0);
  auto below_zero = static_cast<Unsigned>(offsets[0]);  // in the sign bit
  for (std::size_t i = 0; i < size_; ++i) {
    const auto next = static_cast<Unsigned>(offsets[i + 1]);
    below_zero |= next | (next - static_cast<Unsigned>(offsets[i]));
  }
  if (static_cast<Offset>(below_zero) < 0) fail("its offsets go back");
  return static_cast<std::size_t>(offsets[size_]);
}

/// @return the last offset
std::size_t ArrowColumn::check_offsets() const {
  if (size_ == 0) return 0;
  return type_->value_size == sizeof(std::int32_t) ? check_offsets<std::int32_t>()
                                                   : check_offsets<std::int64_t>();
}

void ArrowColumn::take_texts(const ArrowArray& array, const Owner& owner) {
  const std::size_t n_bits = validity_ == nullptr ? 0 : offset_ + size_;
  texts_ = {
      TextLayout::utf8_view, offset_, size_, {owner, validity_, (n_bits + 7) / 8}, values_, {}};
  if (type_->kind == ArrowKind::utf8_view) return take_viewed(array, owner);
  texts_.layout = type_->kind == ArrowKind::utf8 ? TextLayout::utf8 : TextLayout::large_utf8;
  const std::size_t end = check_offsets();
  if (array.buffers[2] == nullptr && end > 0) fail("a buffer is missing");
  texts_.text.push_back({owner, array.buffers[2], end});
}

/// Takes the buffers that the views point into.
void ArrowColumn::take_viewed(const ArrowArray& array, const Owner& owner) {
  const std::int64_t n_texts = array.n_buffers - type_->n_buffers;
  const auto* const sizes = static_cast<const std::byte*>(array.buffers[array.n_buffers - 1]);
  if (n_texts > 0 && sizes == nullptr) fail("a buffer is missing");
  for (std::int64_t i = 0; i < n_texts; ++i) {
    std::int64_t size = 0;
    std::memcpy(&size, sizes + i * std::int64_t{sizeof size}, sizeof size);
    if (size < 0) fail("a buffer has a negative size");
    texts_.text.push_back({owner, array.buffers[2 + i], static_cast<std::size_t>(size)});
  }
  check_views();
}

/// Reads validity bits only if some view lies outside of its buffer: the view of a null row may
/// hold anything.
void ArrowColumn::check_views() const {
  bool is_outside = false;
  for (std::size_t row = 0; row < size_; ++row) is_outside |= !texts_.has_view(row);
  for (std::size_t row = 0; is_outside && row < size_; ++row) {
    if (!texts_.has_view(row) && is_valid(row)) fail("a text lies outside of its buffer");
  }
}

void ArrowColumn::check_lists() const {
  const std::size_t limit = children_.front().size();
  bool is_outside = false;
  if (type_->has_offsets) {
    is_outside = check_offsets() > limit;
  } else if (type_->kind == ArrowKind::fixed_list) {
    is_outside = type_->list_size > 0 && offset_ + size_ > limit / type_->list_size;
  } else {  // a negative number wraps to a large one
    for (std::size_t row = 0; row < size_; ++row) {
      const auto [begin, size] = elements(row);
      is_outside |= is_valid(row) && (begin > limit || size > limit - begin);
    }
  }
  if (is_outside) fail("a list lies outside of its elements");
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
