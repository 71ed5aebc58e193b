#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/column_memory.hpp"
#include "base/text_buffer.hpp"
#include "rules/read.hpp"
#include "table/column.hpp"

namespace fleetstatus {

/// New memory for the values of a column, and for a bit of validity for each.
class NewColumn {
 public:
  NewColumn(ColumnType type, std::size_t n_rows)
      : type_(type),
        n_rows_(n_rows),
        n_bytes_(bytes_of(type, n_rows)),
        memory_(column_memory(aligned(n_bytes_) + (n_rows + 7) / 8)) {}

  template <class T>
  [[nodiscard]] T* values() const noexcept {
    return reinterpret_cast<T*>(memory_.get());
  }

  /// Fills eight rows at a time, in their order.
  /// @param put  is told the first row and how many there are, puts the values of those that have
  ///             one, and returns a bit for each that has
  template <class Put>
  void fill(Put put) {
    auto* const validity = values<std::uint8_t>() + aligned(n_bytes_);
    const std::size_t n_whole = n_rows_ / 8 * 8;
    for (std::size_t first = 0; first < n_whole; first += 8) {
      const unsigned bits = put(first, std::size_t{8});
      validity[first / 8] = static_cast<std::uint8_t>(bits);
      has_nulls_ = has_nulls_ || bits != 0xFF;
    }
    const std::size_t n_rest = n_rows_ - n_whole;
    if (n_rest == 0) return;
    const unsigned bits = put(n_whole, n_rest);
    validity[n_whole / 8] = static_cast<std::uint8_t>(bits);
    has_nulls_ = has_nulls_ || bits != (1U << n_rest) - 1U;
  }

  [[nodiscard]] Column finish(std::shared_ptr<const Labels> labels) const {
    return {type_, n_rows_, validity(), buffer(), std::move(labels)};
  }

  [[nodiscard]] Column finish(TextBuffer text) const {
    const auto held = std::make_shared<const TextBuffer>(std::move(text));
    const Buffer texts{held, held->data(), held->size()};
    return Column{{TextChunk{*layout_of(type_), 0, n_rows_, validity(), buffer(), {texts}}}};
  }

 private:
  static std::size_t aligned(std::size_t n_bytes) noexcept {
    return (n_bytes + column_alignment - 1) / column_alignment * column_alignment;
  }

  [[nodiscard]] Buffer buffer() const { return {memory_, memory_.get(), n_bytes_}; }
  [[nodiscard]] Buffer validity() const {
    if (!has_nulls_) return {};
    return {memory_, memory_.get() + aligned(n_bytes_), (n_rows_ + 7) / 8};
  }

  ColumnType type_;
  std::size_t n_rows_;
  std::size_t n_bytes_;
  std::shared_ptr<std::byte> memory_;  ///< zeros where nothing is put
  bool has_nulls_ = false;
};

// An answer is an optional or a Read.

template <class T>
[[nodiscard]] bool has_value(const std::optional<T>& answer) noexcept {
  return answer.has_value();
}
template <class T>
[[nodiscard]] bool has_value(const Read<T>& answer) noexcept {
  return answer.is_set;
}

template <class T>
[[nodiscard]] auto value_or_zero(const std::optional<T>& answer) noexcept {
  return stored_value(answer.value_or(T{}));
}
template <class T>
[[nodiscard]] auto value_or_zero(const Read<T>& answer) noexcept {
  using Number = StoredAs<T>;
  return static_cast<Number>(stored_value(answer.value) & -static_cast<Number>(answer.is_set));
}

template <class T>
T answered(const std::optional<T>& answer);
template <class T>
T answered(const Read<T>& answer);
template <class Answer>
using Answered = decltype(answered(std::declval<Answer>()));

/// Makes a column of what `answer` returns for each row: of a type that fits the column.
template <class Answer>
[[nodiscard]] Column fill_column(ColumnType type, std::size_t n_rows,
                                 std::shared_ptr<const Labels> labels, Answer answer) {
  using Value = Answered<decltype(answer(std::size_t{}))>;
  NewColumn column{type, n_rows};
  if constexpr (std::is_same_v<Value, std::string_view>) {
    TextBuffer text;
    auto* const ends = column.template values<std::int32_t>() + 1;
    column.fill([&](std::size_t first, std::size_t n) {
      unsigned bits = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const auto found = answer(first + i);
        bits |= unsigned{has_value(found)} << i;
        if (found) text.append(*found);
        check_utf8_size(text.size());
        if (text.size() > 0) ends[first + i] = static_cast<std::int32_t>(text.size());
      }
      return bits;
    });
    return column.finish(std::move(text));
  } else {
    auto* const values = column.template values<StoredAs<Value>>();
    column.fill([&](std::size_t first, std::size_t n) {
      std::array<StoredAs<Value>, 8> block{};
      unsigned bits = 0;
      unsigned flags = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const auto found = answer(first + i);
        bits |= unsigned{has_value(found)} << i;
        if constexpr (std::is_same_v<Value, bool>) {
          flags |= unsigned{found.value_or(false)} << i;
        } else {
          block[i] = value_or_zero(found);
        }
      }
      if (bits == 0) return bits;  // memory that nothing is put into need not be touched
      if constexpr (std::is_same_v<Value, bool>) {
        values[first / 8] = static_cast<std::uint8_t>(flags);
      } else {
        std::copy_n(block.data(), n, values + first);
      }
      return bits;
    });
    return column.finish(std::move(labels));
  }
}

}  // namespace fleetstatus
