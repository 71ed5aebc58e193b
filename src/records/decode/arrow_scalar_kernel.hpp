#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/optional_column.hpp"
#include "records/accepts.hpp"
#include "records/decode/arrow_column.hpp"
#include "records/decode/arrow_kernel.hpp"
#include "records/decode/arrow_text.hpp"
#include "records/decode/arrow_value.hpp"
#include "records/decode/recent_texts.hpp"
#include "records/decode/visit_values.hpp"

namespace fleetstatus {

// Kernels for columns of scalars. `Accepted` says what is read; where it goes is said by a function
// that makes, for each block, what is called with a cell, a value and whether there is one.

/// Flags the rows that are wanted and not null.
inline void flag_rows(const ArrowColumn& column, const ArrowRows& rows,
                      std::vector<std::uint8_t>& flags) {
  flags.resize(rows.n);
  column.unpack_validity(rows.first, flags);
  if (rows.wanted == nullptr) return;
  for (std::size_t i = 0; i < rows.n; ++i) flags[i] &= rows.wanted[i];
}

[[nodiscard]] inline bool any(std::span<const std::uint8_t> flags) {
  std::uint8_t all = 0;
  for (const std::uint8_t flag : flags) all |= flag;
  return all != 0;
}

/// Puts values into a column. Holds the column's pointers, so that loops need not load them again.
template <class T>
auto putting_into(OptionalColumn<T>& to) {
  return [&to] {
    using Stored = typename OptionalColumn<T>::Stored;
    return [values = to.values(0).data(), is_set = to.is_set(0).data()](std::size_t cell, T value,
                                                                        bool has_value) {
      values[cell] = static_cast<Stored>(value);
      is_set[cell] = has_value ? 1 : 0;
    };
  };
}

/// Puts only values that are there, so that what stands in a cell stays where there is none.
template <class MakePut>
auto putting_over(MakePut make_put) {
  return [make_put] {
    return [put = make_put()](std::size_t cell, auto value, bool has_value) {
      if (has_value) put(cell, value, true);
    };
  };
}

/// Calls `visit` with each row, counted from the first, and its cell.
template <class Visit>
void for_each_cell(const ArrowRows& rows, Visit visit) {
  const std::uint32_t* const cells = rows.cells;
  const std::size_t n = rows.n;
  for (std::size_t i = 0; i < n; ++i) visit(i, cells == nullptr ? i : cells[i]);
}

template <class Accepted, class MakePut>
class ScalarKernel {
 public:
  ScalarKernel(const ArrowColumn& column, MakePut make_put)
      : column_(&column), make_put_(std::move(make_put)) {}

  bool operator()(const ArrowRows& rows) {
    flag_rows(*column_, rows, flags_);
    return visit_values(*column_, rows.first, [&](auto value_at) {
      using Kind = decltype(value_at(0).value);
      if constexpr (std::is_same_v<Kind, double>) drop_what_is_no_number(value_at);
      if constexpr (!Accepts<Accepted, Kind>) {
        return fill(rows, [](std::size_t) { return Outcome<Value>{}; });
      } else if constexpr (std::is_same_v<Kind, std::string_view>) {
        return are_utf8(column_->texts(), rows.first, rows.n) && fill(rows, [&](std::size_t i) {
                 return flags_[i] != 0 ? read_text(rows.first + i) : Outcome<Value>{};
               });
      } else if constexpr (std::is_same_v<Kind, bool>) {
        booleans_.resize(rows.n);
        column_->unpack_booleans(rows.first, booleans_);
        return fill(rows, [&](std::size_t i) { return Accepted::from(Kind{booleans_[i] != 0}); });
      } else {
        return fill(rows, [&](std::size_t i) -> Outcome<Value> {
          const auto [number, fits] = value_at(i);
          const auto [value, is_accepted] = Accepted::from(number);
          return {value, fits && is_accepted};
        });
      }
    });
  }

 private:
  using Value = typename Accepted::type;

  /// Fills cells with what each row is read as.
  /// @param read_row  also asked of rows that are not set
  template <class ReadRow>
  bool fill(const ArrowRows& rows, ReadRow read_row) {
    const auto put = make_put_();
    const std::uint8_t* const is_set = flags_.data();
    std::uint8_t is_refused = 0;
    for_each_cell(rows, [&](std::size_t i, std::size_t cell) {
      const Outcome<Value> outcome = read_row(i);
      put(cell, outcome.value, is_set[i] != 0);
      is_refused |= static_cast<std::uint8_t>(is_set[i] & (outcome.is_accepted ? 0U : 1U));
    });
    return is_refused == 0;
  }

  template <class ValueAt>
  void drop_what_is_no_number(ValueAt value_at) {
    for (std::size_t i = 0; i < flags_.size(); ++i) {
      const double number = value_at(i).value;
      if (number != number) flags_[i] = 0;
    }
  }

  Outcome<Value> read_text(std::size_t row) {
    if constexpr (std::is_enum_v<Value>) {
      return recent_.read(column_->texts().text_at(row));
    } else {
      return Accepted::from(column_->texts().text_at(row));
    }
  }

  struct Nothing {};

  const ArrowColumn* column_;
  MakePut make_put_;
  std::vector<std::uint8_t> flags_;
  std::vector<std::uint8_t> booleans_;  ///< unpacked
  std::conditional_t<std::is_enum_v<Value>, RecentTexts<Accepted>, Nothing> recent_;
};

/// What the values of a dictionary are read as, each of them once.
template <class Accepted, class MakePut>
class DictionaryKernel {
 public:
  DictionaryKernel(const ArrowColumn& codes, MakePut make_put)
      : codes_(&codes), make_put_(std::move(make_put)) {
    const std::size_t n_values = codes.dictionary()->size();
    entries_.reserve(n_values + 1);
    for (std::size_t i = 0; i < n_values; ++i) {
      entries_.push_back(read_as<Accepted>(ArrowValue{*codes.dictionary(), i}));
    }
    entries_.push_back({});  // in place of any outside: refused
  }

  bool operator()(const ArrowRows& rows) {
    flag_rows(*codes_, rows, flags_);
    return visit_values(*codes_, rows.first, [&](auto code_at) {
      if constexpr (std::is_same_v<decltype(code_at(0)), Outcome<std::int64_t>>) {
        return look_up(rows, code_at);
      } else {
        return false;  // codes are integers
      }
    });
  }

 private:
  template <class CodeAt>
  bool look_up(const ArrowRows& rows, CodeAt code_at) {
    const auto put = make_put_();
    const auto* const entries = entries_.data();
    const std::size_t outside = entries_.size() - 1;
    const std::uint8_t* const is_set = flags_.data();
    bool is_refused = false;
    for_each_cell(rows, [&](std::size_t i, std::size_t cell) {
      // A code below zero, or of 64 bits, is large.
      const std::size_t code = std::min(static_cast<std::size_t>(code_at(i).value), outside);
      const auto& entry = entries[is_set[i] != 0 ? code : outside];
      put(cell, entry.value, is_set[i] != 0 && !entry.is_null);
      is_refused |= is_set[i] != 0 && !entry.is_accepted;
    });
    return !is_refused;
  }

  const ArrowColumn* codes_;
  MakePut make_put_;
  std::vector<ReadAs<typename Accepted::type>> entries_;  ///< by code
  std::vector<std::uint8_t> flags_;
};

/// What reads scalars of a column. Empty if a dictionary is longer than its column: then its values
/// are read where they are asked for.
template <class Accepted, class MakePut>
ArrowKernel scalar_kernel(const ArrowColumn& column, MakePut make_put) {
  if (column.dictionary() == nullptr) return ScalarKernel<Accepted, MakePut>{column, make_put};
  if (column.dictionary()->size() > column.size()) return {};
  return DictionaryKernel<Accepted, MakePut>{column, make_put};
}

}  // namespace fleetstatus
