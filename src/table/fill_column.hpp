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

#include "base/bits.hpp"
#include "base/column_memory.hpp"
#include "rules/read.hpp"
#include "table/column.hpp"
#include "table/text_builder.hpp"

namespace fleetstatus {

template <class T>
[[nodiscard]] Read<T> as_read(const Read<T>& answer) noexcept {
  return answer;
}
template <class T>
[[nodiscard]] Read<T> as_read(const std::optional<T>& answer) noexcept {
  return {answer.value_or(T{}), answer.has_value()};
}

/// The value type of an answer, which is an optional or a Read.
template <class Answer>
using Answered = decltype(as_read(std::declval<Answer>()).value);

/// Makes a column of what `answer` returns for each row, called in order of rows; its type must fit
/// the column. Values are not written in blocks of 8 nulls.
template <class Answer>
[[nodiscard]] Column fill_column(ColumnType type, std::size_t n_rows,
                                 std::shared_ptr<const Labels> labels, Answer answer) {
  using Value = Answered<decltype(answer(std::size_t{}))>;
  if constexpr (std::is_same_v<Value, std::string_view>) {
    TextBuilder texts{*layout_of(type)};
    texts.append(n_rows, answer);
    return Column{{texts.finish()}};
  } else {
    using Stored = StoredAs<Value>;
    const std::size_t n_bytes = bytes_of(type, n_rows);
    const std::size_t n_validity_bytes = (n_rows + 7) / 8;
    const std::size_t validity_at =
        (n_bytes + column_alignment - 1) / column_alignment * column_alignment;
    const auto memory = column_memory(validity_at + n_validity_bytes);
    auto* const values = reinterpret_cast<Stored*>(memory.get());
    auto* const validity = reinterpret_cast<std::uint8_t*>(memory.get() + validity_at);
    bool has_nulls = false;
    const auto fill_byte = [&](std::size_t first, std::size_t n) {
      std::array<Stored, 8> block{};
      unsigned bits = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const auto read = as_read(answer(first + i));
        bits |= static_cast<unsigned>(read.is_set) << i;
        block[i] = read.is_set ? static_cast<Stored>(stored_value(read.value)) : Stored{};
      }
      validity[first / 8] = static_cast<std::uint8_t>(bits);
      has_nulls = has_nulls || bits != (1U << n) - 1U;
      if (bits == 0) return;
      if constexpr (std::is_same_v<Value, bool>) {
        pack_bits(values, first, block.data(), n);
      } else {
        std::copy_n(block.data(), n, values + first);
      }
    };
    const std::size_t n_rest = n_rows % 8;
    for (std::size_t first = 0; first < n_rows - n_rest; first += 8) fill_byte(first, 8);
    if (n_rest > 0) fill_byte(n_rows - n_rest, n_rest);
    const Buffer bits{memory, validity, n_validity_bytes};
    return {
        type, n_rows, has_nulls ? bits : Buffer{}, {memory, values, n_bytes}, std::move(labels)};
  }
}

}  // namespace fleetstatus
