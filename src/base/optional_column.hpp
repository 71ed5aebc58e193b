#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

namespace fleetstatus {

/// Zeroed memory, whose pages are not touched before they are used: most batches fill few columns.
class ZeroedMemory {
 public:
  ZeroedMemory() = default;
  explicit ZeroedMemory(std::size_t n_bytes)
      : bytes_(static_cast<std::byte*>(std::calloc(n_bytes, 1))) {
    if (!bytes_) throw std::bad_alloc{};
  }

  [[nodiscard]] std::byte* data() noexcept { return bytes_.get(); }

 private:
  struct Free {
    void operator()(std::byte* bytes) const noexcept { std::free(bytes); }
  };
  std::unique_ptr<std::byte, Free> bytes_;
};

/// An optional value for each record, in the column's own memory or in that of a batch.
template <class T>
class OptionalColumn {
 public:
  using Value = T;
  /// Flags are stored as bytes, so that columns are plain arrays.
  using Stored = std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>;
  static_assert(std::is_trivially_copyable_v<Stored> && alignof(Stored) <= sizeof(std::size_t));

  /// Bytes for `capacity` records, rounded up to a multiple of any column's alignment.
  [[nodiscard]] static constexpr std::size_t bytes_for(std::size_t capacity) noexcept {
    constexpr std::size_t step = sizeof(std::size_t);
    return (capacity * (sizeof(Stored) + 1) + step - 1) / step * step;
  }

  /// Makes room for `n_records` records in the column's own memory.
  void resize(std::size_t n_records) {
    if (n_records <= capacity_) return;
    ZeroedMemory memory{bytes_for(n_records)};
    move_to(memory.data(), capacity_, n_records);
    own_ = std::move(memory);
  }

  /// Moves the first `n_records` records to new memory, which must be zeroed.
  void move_to(std::byte* memory, std::size_t n_records, std::size_t capacity) {
    auto* const values = reinterpret_cast<Stored*>(memory);
    auto* const is_set = reinterpret_cast<std::uint8_t*>(memory + capacity * sizeof(Stored));
    std::copy_n(values_, n_records, values);
    std::copy_n(is_set_, n_records, is_set);
    values_ = values;
    is_set_ = is_set;
    capacity_ = capacity;
  }

  void clear(std::size_t n_records) { std::fill_n(is_set_, n_records, std::uint8_t{0}); }

  void set(std::size_t record, T value) {
    values_[record] = static_cast<Stored>(value);
    is_set_[record] = 1;
  }

  void put(std::size_t record, T value, bool is_set) {
    values_[record] = static_cast<Stored>(value);
    is_set_[record] = is_set ? 1 : 0;
  }

  void put(std::size_t record, std::optional<T> value) {
    put(record, value.value_or(T{}), value.has_value());
  }

  void reset(std::size_t record) { is_set_[record] = 0; }

  [[nodiscard]] bool has(std::size_t record) const { return is_set_[record] != 0; }

  [[nodiscard]] std::optional<T> operator[](std::size_t record) const {
    if (!has(record)) return std::nullopt;
    return static_cast<T>(values_[record]);
  }

  [[nodiscard]] bool has_any(std::size_t n_records) const {
    return n_records > 0 && std::memchr(is_set_, 1, n_records) != nullptr;
  }

  /// The stored value of a record; meaningless if it is not set.
  [[nodiscard]] const Stored& stored(std::size_t record) const { return values_[record]; }

  /// The first `n_records` values; meaningless where they are not set.
  [[nodiscard]] std::span<const Stored> values(std::size_t n_records) const {
    return {values_, n_records};
  }
  [[nodiscard]] std::span<Stored> values(std::size_t n_records) { return {values_, n_records}; }

  /// 1 where the value is set, else 0.
  [[nodiscard]] std::span<const std::uint8_t> is_set(std::size_t n_records) const {
    return {is_set_, n_records};
  }
  [[nodiscard]] std::span<std::uint8_t> is_set(std::size_t n_records) {
    return {is_set_, n_records};
  }

 private:
  Stored* values_ = nullptr;
  std::uint8_t* is_set_ = nullptr;
  std::size_t capacity_ = 0;
  ZeroedMemory own_;
};

/// One block of memory for all columns of a batch, so that a batch of one record is cheap too.
class BatchMemory {
 public:
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

  /// Makes room for `capacity` records in each column, if needed; keeps all values.
  /// @param columns  has `for_each_column`, which calls a visitor with every column
  template <class Columns>
  void make_room(Columns& columns, std::size_t capacity) {
    if (capacity <= capacity_) return;
    std::size_t size = 0;
    columns.for_each_column([&](auto& column) { size += column.bytes_for(capacity); });
    ZeroedMemory memory{size};
    std::byte* next = memory.data();
    columns.for_each_column([&](auto& column) {
      column.move_to(next, capacity_, capacity);
      next += column.bytes_for(capacity);
    });
    memory_ = std::move(memory);
    capacity_ = capacity;
  }

 private:
  ZeroedMemory memory_;
  std::size_t capacity_ = 0;
};

}  // namespace fleetstatus
