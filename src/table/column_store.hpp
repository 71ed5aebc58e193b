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

/// Columns of equal length that grow by batches of rows. Values of fixed width share one block of
/// memory, so that a table of one row is cheap too; nulls are stored as zero. The values of a
/// column that holds only nulls are never written.
class ColumnStore {
 public:
  /// @param types  of the columns; texts must be large_utf8, and 32-bit codes get labels of their
  ///               own
  explicit ColumnStore(std::span<const ColumnType> types);

  /// Stores that share one block of memory, so that `join_columns` need not copy the values. Each
  /// may be filled by a different thread.
  /// @param sizes  rows of each store; multiples of 8 except the last
  [[nodiscard]] static std::vector<ColumnStore> side_by_side(std::span<const ColumnType> types,
                                                             std::span<const std::size_t> sizes);

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// Makes room for `n_rows` rows in total, if their number is known beforehand.
  void reserve(std::size_t n_rows);

  /// Adds rows to every column, whose values must be put next.
  /// @return index of the first new row
  std::size_t add_rows(std::size_t n_rows);

  /// Writes the values of the rows added last. Precondition: a flag that is not set is 0.
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

  /// Makes the rows added last null, in a column without text.
  void put_nulls(std::size_t column, std::size_t first, std::size_t n);

  /// Appends a chunk to a text column, zero-copy.
  void put(std::size_t column, const TextChunk& chunk);

  /// The values of a column of numbers or codes, which may be read or written.
  template <class T>
  [[nodiscard]] std::span<T> values(std::size_t column) noexcept {
    columns_[column].has_values = true;
    return {columns_[column].as<T>(), size_};
  }

  /// Completes the columns: no more rows may be added.
  void complete();

  /// A column of a complete store, whose memory it shares.
  [[nodiscard]] Column column(std::size_t index) const;

 private:
  struct Stored {
    ColumnType type;
    bool has_nulls = false;   ///< whether `validity` is written
    bool has_values = false;  ///< whether `values` are written
    std::byte* values = nullptr;
    std::uint8_t* validity = nullptr;
    std::vector<TextChunk> chunks;       ///< complete chunks of a text column
    std::shared_ptr<TextBuilder> texts;  ///< texts after the chunks
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
