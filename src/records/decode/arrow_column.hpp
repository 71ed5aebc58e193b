#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/arrow_abi.hpp"
#include "base/buffer.hpp"
#include "base/text_chunk.hpp"
#include "records/decode/arrow_type.hpp"

namespace fleetstatus {

/// A validated Arrow array. Misaligned buffers of numbers were copied. Row 0 is the first row after
/// the array's offset. The array and its type must outlive this view.
class ArrowColumn {
 public:
  /// @param owner  keeps the array alive while its texts are in use
  /// @throws ArgumentError  if the array is invalid or does not match its type
  ArrowColumn(const ArrowType& type, const ArrowArray& array, std::shared_ptr<const void> owner);

  [[nodiscard]] const ArrowType& type() const noexcept { return *type_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] const ArrowColumn* dictionary() const noexcept { return dictionary_.get(); }
  [[nodiscard]] const ArrowColumn& child(std::size_t i) const noexcept { return children_[i]; }

  [[nodiscard]] bool is_valid(std::size_t row) const noexcept {
    if (validity_ == nullptr) return type_->kind != ArrowKind::null;
    return bit_at(validity_, offset_ + row);
  }
  [[nodiscard]] bool has_nulls() const noexcept {
    return validity_ != nullptr || type_->kind == ArrowKind::null;
  }

  [[nodiscard]] bool boolean(std::size_t row) const noexcept {
    return bit_at(values_.data, offset_ + row);
  }

  template <class T>
  [[nodiscard]] T number(std::size_t row) const noexcept {
    return *numbers<T>(row);
  }

  /// The integer in a row; values of uint64 above the range of int64 wrap.
  [[nodiscard]] std::int64_t integer(std::size_t row) const noexcept;

  /// All texts of a text column.
  [[nodiscard]] const TextChunk& texts() const noexcept { return texts_; }

  /// The row of the child columns that holds the members of a struct.
  [[nodiscard]] std::size_t row_of_members(std::size_t row) const noexcept { return offset_ + row; }

  struct Range {
    std::size_t begin = 0;
    std::size_t size = 0;
  };

  /// The rows of the child that hold the elements of a list or the pairs of a map.
  [[nodiscard]] Range elements(std::size_t row) const noexcept {
    if (type_->kind == ArrowKind::fixed_list) {
      return {(offset_ + row) * type_->list_size, type_->list_size};
    }
    const std::size_t begin = offset_at(values_, row);
    return {begin,
            type_->has_offsets ? offset_at(values_, row + 1) - begin : offset_at(sizes_, row)};
  }

  /// Unpack the validity bits, or the booleans, of some rows to one byte each.
  void unpack_validity(std::size_t first, std::span<std::uint8_t> flags) const;
  void unpack_booleans(std::size_t first, std::span<std::uint8_t> flags) const;

  /// The numbers from row `first`.
  template <class T>
  [[nodiscard]] const T* numbers(std::size_t first) const noexcept {
    return values_.as<T>() + offset_ + first;
  }

 private:
  using Owner = std::shared_ptr<const void>;

  [[noreturn]] void fail(std::string_view what) const;
  void take_buffers(const ArrowArray& array, const Owner& owner);
  [[nodiscard]] bool is_aligned(const void* data) const noexcept;
  [[nodiscard]] std::size_t n_bytes_of_values() const noexcept;
  void copy_values();
  void take_children(const ArrowArray& array, const Owner& owner);
  void take_texts(const ArrowArray& array, const Owner& owner);
  void take_viewed(const ArrowArray& array, const Owner& owner);
  template <class Offset>
  [[nodiscard]] std::size_t check_offsets() const;
  [[nodiscard]] std::size_t check_offsets() const;
  void check_views() const;
  void check_lists() const;

  /// Reads an offset or a size of a list, which has 32 or 64 bits.
  [[nodiscard]] std::size_t offset_at(const Buffer& buffer, std::size_t row) const noexcept {
    const std::size_t at = offset_ + row;
    return static_cast<std::size_t>(type_->value_size == sizeof(std::int32_t)
                                        ? buffer.as<std::int32_t>()[at]
                                        : buffer.as<std::int64_t>()[at]);
  }

  const ArrowType* type_;
  std::size_t offset_ = 0;
  std::size_t size_ = 0;
  const void* validity_ = nullptr;
  Buffer values_;  ///< numbers, offsets or views
  Buffer sizes_;   ///< sizes of list views
  TextChunk texts_;
  std::vector<ArrowColumn> children_;
  std::unique_ptr<ArrowColumn> dictionary_;
};

}  // namespace fleetstatus
