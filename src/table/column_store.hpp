#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/optional_column.hpp"
#include "base/text_buffer.hpp"
#include "rules/timestamp.hpp"
#include "table/column.hpp"
#include "table/label_index.hpp"

namespace fleetstatus {

/// Columns of equal length, filled side by side, and then read as `Column`s that share them. All
/// that has a fixed width lies in one piece of memory, so that a table of one row costs little too.
/// Where a value is null, zero stands; what holds nothing but nulls is never touched.
class ColumnStore {
 public:
  /// @param types  of the columns; texts are large_utf8, and codes of 32 bits make their own labels
  explicit ColumnStore(std::span<const ColumnType> types);

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// Stores for so many rows each, side by side in one piece of memory: filled at the same time,
  /// then joined without a copy of what has a fixed width.
  /// @param sizes  multiples of 8 but for the last
  [[nodiscard]] static std::vector<ColumnStore> side_by_side(std::span<const ColumnType> types,
                                                             std::span<const std::size_t> sizes);

  /// Takes the rows of other stores of the same columns, one store after another, if they lie side
  /// by side and are full; then each column is to be joined.
  /// @return false if they must be copied
  bool adopt(std::span<ColumnStore* const> stores);

  /// Joins a column of stores that were adopted; columns may be joined at the same time.
  void join(std::size_t column, std::span<ColumnStore* const> stores);

  /// Makes room for so many rows in all, for whoever knows how many will come.
  void reserve(std::size_t n_rows);

  /// Adds rows, whose values are yet to be put, in every column.
  /// @return the first of them
  std::size_t add_rows(std::size_t n_rows);

  // Rows are put in their order.

  /// Puts the values of a batch; flags are 0 where none is set.
  template <class T>
  void put(std::size_t column, std::size_t first, const OptionalColumn<T>& from, std::size_t n) {
    Stored& to = columns_[column];
    const auto values = from.values(n);
    const auto is_set = from.is_set(n);
    if (!has_value(is_set, 1)) return put_nulls(to, first, n);
    to.has_values = true;
    if constexpr (std::is_same_v<T, std::string_view>) {
      put_texts(to, first, values, is_set);
    } else if constexpr (std::is_same_v<T, bool>) {
      put_flags(to, first, values);
    } else {
      put_numbers(to, first, values, is_set);
    }
    put_validity(to, first, is_set);
  }

  /// Puts nulls.
  void put_nulls(std::size_t column, std::size_t first, std::size_t n) {
    put_nulls(columns_[column], first, n);
  }

  /// Puts all rows of another column of that type.
  void copy(std::size_t column, std::size_t first, const Column& from);

  /// Puts the given rows of another column of that type, and all its labels, into an empty column.
  void take(std::size_t column, const Column& from, std::span<const std::size_t> rows);

  /// The values of a column of numbers, to be read or written in place.
  template <class T>
  [[nodiscard]] std::span<T> values(std::size_t column) noexcept {
    columns_[column].has_values = true;
    return {reinterpret_cast<T*>(columns_[column].values), size_};
  }
  template <class T>
  [[nodiscard]] std::span<const T> values(std::size_t column) const noexcept {
    return {reinterpret_cast<const T*>(columns_[column].values), size_};
  }

  /// A bit for each row of a column; null if none is null.
  [[nodiscard]] const std::uint8_t* validity(std::size_t column) const noexcept {
    return columns_[column].has_nulls ? columns_[column].validity : nullptr;
  }

  /// Whether all rows of a column are null.
  [[nodiscard]] bool is_null(std::size_t column) const noexcept {
    return columns_[column].has_nulls && !columns_[column].has_values;
  }

  /// A column as it is read.
  /// @param owner   keeps the store alive
  /// @param labels  of codes of 8 bits
  [[nodiscard]] Column column(std::size_t column, const std::shared_ptr<const void>& owner,
                              std::shared_ptr<const Labels> labels = {}) const;

 private:
  struct Stored {
    ColumnType type;
    bool has_nulls = false;   ///< only then validity is written
    bool has_values = false;  ///< only then values are
    std::byte* values = nullptr;
    std::uint8_t* validity = nullptr;
    TextBuffer text;
    std::unique_ptr<LabelIndex> labels;

    template <class T>
    [[nodiscard]] T* as() const noexcept {
      return reinterpret_cast<T*>(values);
    }
  };

  /// Where columns stand in memory, one store of them after another.
  struct Place {
    std::size_t values;
    std::size_t validity;
  };
  static std::size_t lay_out(std::span<const Stored> columns, std::size_t n_rows,
                             std::size_t n_stores, std::vector<Place>& places);

  static void put_validity(Stored& to, std::size_t first, std::span<const std::uint8_t> is_set);
  static void copy_validity(Stored& to, std::size_t first, const Buffer& validity,
                            std::size_t offset, std::size_t n);
  static void begin_nulls(Stored& to, std::size_t first);
  static void put_all_valid(Stored& to, std::size_t first, std::size_t n);
  static void put_nulls(Stored& to, std::size_t first, std::size_t n);
  static void put_flags(Stored& to, std::size_t first, std::span<const std::uint8_t> flags);
  static void put_texts(Stored& to, std::size_t first, std::span<const std::string_view> texts,
                        std::span<const std::uint8_t> is_set);
  static void put_labels(Stored& to, std::size_t first, std::span<const std::string_view> texts,
                         std::span<const std::uint8_t> is_set);
  static void copy_texts(Stored& to, std::size_t first, const Column& from);
  static void join_texts(Stored& to, std::size_t first, const Stored& from, std::size_t n);
  static void recode(Stored& to, std::size_t first, const std::int32_t* old_codes, std::size_t n,
                     const Labels& labels, const void* validity);

  template <class T>
  static void put_numbers(Stored& to, std::size_t first, std::span<const T> from,
                          std::span<const std::uint8_t> is_set) {
    using Number = StoredAs<T>;
    Number* const __restrict values = to.as<Number>() + first;
    for (std::size_t i = 0; i < from.size(); ++i) {
      if constexpr (std::is_floating_point_v<Number>) {
        values[i] = is_set[i] != 0 ? from[i] : Number{0};
      } else {
        const auto if_set = static_cast<Number>(-static_cast<Number>(is_set[i]));
        values[i] = static_cast<Number>(stored_value(from[i]) & if_set);
      }
    }
  }

  static bool has_value(std::span<const std::uint8_t> is_set, std::uint8_t value) noexcept {
    return !is_set.empty() && std::memchr(is_set.data(), value, is_set.size()) != nullptr;
  }

  std::vector<Stored> columns_;
  std::shared_ptr<std::byte> memory_;
  std::size_t first_ = 0;  ///< rows before this store's in the memory
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

}  // namespace fleetstatus
