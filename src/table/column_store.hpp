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
#include "base/text_chunk.hpp"
#include "table/column.hpp"
#include "table/column_type.hpp"
#include "table/label_index.hpp"
#include "table/text_builder.hpp"

namespace fleetstatus {

/// Columns of equal length that grow by batches of rows. Values of a fixed width lie in one block
/// of memory, so that a table of one row costs little too; zero where the value is null. The values
/// of a column that holds only nulls are never touched.
class ColumnStore {
 public:
  /// @param types  of the columns; texts are large_utf8, and codes of 32 bits make their own labels
  explicit ColumnStore(std::span<const ColumnType> types);

  /// Stores of so many rows each that share one block of memory, so that `joined` need not copy the
  /// values. Each may be filled by another thread.
  /// @param sizes  multiples of 8 but for the last
  [[nodiscard]] static std::vector<ColumnStore> side_by_side(std::span<const ColumnType> types,
                                                             std::span<const std::size_t> sizes);

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// Makes room for so many rows in all, if their number is known beforehand.
  void reserve(std::size_t n_rows);

  /// Adds rows to every column, whose values must be put next.
  /// @return the first of them
  std::size_t add_rows(std::size_t n_rows);

  /// Puts the values of the rows that were added last; flags are 0 where none is set.
  template <class T>
  void put(std::size_t column, std::size_t first, const OptionalColumn<T>& from, std::size_t n) {
    Stored& to = columns_[column];
    const auto values = from.values(n);
    const auto is_set = from.is_set(n);
    if constexpr (std::is_same_v<T, std::string_view>) {
      if (to.texts) return to.texts->append(values, is_set);
    }
    put_validity(to, first, is_set);
    if (!contains(is_set, 1)) return;
    to.has_values = true;
    if constexpr (std::is_same_v<T, std::string_view>) {
      put_labels(to, first, values, is_set);
    } else if constexpr (std::is_same_v<T, bool>) {
      put_flags(to, first, values);
    } else {
      put_numbers(to, first, values, is_set);
    }
  }

  /// The same of a text column, without a copy.
  void put(std::size_t column, const TextChunk& chunk);

  /// The values of a column of numbers or codes, to be read or written in place.
  template <class T>
  [[nodiscard]] std::span<T> values(std::size_t column) noexcept {
    columns_[column].has_values = true;
    return {columns_[column].as<T>(), size_};
  }

  /// Ends the columns: no more rows come.
  void complete();

  /// A column of a complete store, which it shares.
  [[nodiscard]] Column column(std::size_t index) const;

 private:
  struct Stored {
    ColumnType type;
    bool has_nulls = false;   ///< only then `validity` is written
    bool has_values = false;  ///< only then `values` are
    std::byte* values = nullptr;
    std::uint8_t* validity = nullptr;
    std::vector<TextChunk> chunks;       ///< of texts
    std::shared_ptr<TextBuilder> texts;  ///< behind the chunks
    std::shared_ptr<LabelIndex> labels;

    template <class T>
    [[nodiscard]] T* as() const noexcept {
      return reinterpret_cast<T*>(values);
    }
  };

  template <class Visit>
  static std::size_t lay_out(std::span<Stored> columns, std::size_t n_rows, Visit visit);
  static void put_validity(Stored& to, std::size_t first, std::span<const std::uint8_t> is_set);
  static void put_flags(Stored& to, std::size_t first, std::span<const std::uint8_t> flags);
  static void put_labels(Stored& to, std::size_t first, std::span<const std::string_view> texts,
                         std::span<const std::uint8_t> is_set);

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

  static bool contains(std::span<const std::uint8_t> flags, std::uint8_t flag) noexcept {
    return !flags.empty() && std::memchr(flags.data(), flag, flags.size()) != nullptr;
  }

  std::vector<Stored> columns_;
  std::shared_ptr<std::byte> memory_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

}  // namespace fleetstatus
