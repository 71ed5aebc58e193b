#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/record_columns.hpp"
#include "readers/accepts.hpp"
#include "readers/arrow_column.hpp"
#include "readers/arrow_kernel.hpp"
#include "readers/arrow_text.hpp"
#include "readers/arrow_ticks.hpp"
#include "readers/arrow_value.hpp"
#include "readers/recent_texts.hpp"

namespace fleetstatus {

// Kernels for columns of scalars, one for each kind of column and each thing that is accepted. None
// is there where no value of that kind is accepted, so the column must be looked at value by value.

template <class Accepted>
using CellsOf = OptionalColumn<typename Accepted::type>;

/// Flags the rows that are wanted and not null.
inline void flag_rows(const ArrowColumn& column, ArrowRows rows, std::span<std::uint8_t> flags) {
  column.unpack_validity(rows.first, flags);
  if (rows.wanted == nullptr) return;
  for (std::size_t i = 0; i < rows.n; ++i) flags[i] &= rows.wanted[i];
}

[[nodiscard]] inline bool any(std::span<const std::uint8_t> flags) {
  std::uint8_t all = 0;
  for (const std::uint8_t flag : flags) all |= flag;
  return all != 0;
}

/// Fills cells with what each row is read as.
/// @param read_row  also asked of rows that are not set
template <class T, class ReadRow>
bool fill(OptionalColumn<T>& to, std::size_t n, ReadRow read_row) {
  using Stored = typename OptionalColumn<T>::Stored;
  Stored* const values = to.values(n).data();
  const std::uint8_t* const is_set = to.is_set(n).data();
  std::uint8_t is_refused = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const Outcome<T> outcome = read_row(i);
    values[i] = static_cast<Stored>(outcome.value);
    is_refused |= static_cast<std::uint8_t>(is_set[i] & (outcome.is_accepted ? 0U : 1U));
  }
  return is_refused == 0;
}

template <class T>
ArrowKernel null_kernel(const ArrowColumn& column, OptionalColumn<T>& to) {
  return [&](ArrowRows rows) {
    flag_rows(column, rows, to.is_set(rows.n));
    return !any(to.is_set(rows.n));
  };
}

template <class Accepted>
ArrowKernel boolean_kernel(const ArrowColumn& column, CellsOf<Accepted>& to) {
  if constexpr (Accepts<Accepted, bool>) {
    return [&](ArrowRows rows) {
      flag_rows(column, rows, to.is_set(rows.n));
      column.unpack_booleans(rows.first, to.values(rows.n));
      return true;
    };
  } else {
    return null_kernel(column, to);
  }
}

template <class Accepted, class Number>
Outcome<typename Accepted::type> from_number(Number number) {
  if constexpr (std::is_floating_point_v<Number>) {
    return Accepted::from(static_cast<double>(number));
  } else {
    const auto [value, is_accepted] = Accepted::from(static_cast<std::int64_t>(number));
    return {value, is_accepted && std::in_range<std::int64_t>(number)};
  }
}

template <class Accepted, class Number>
ArrowKernel number_kernel(const ArrowColumn& column, CellsOf<Accepted>& to) {
  return [&](ArrowRows rows) {
    const auto is_set = to.is_set(rows.n);
    const Number* const numbers = column.numbers<Number>(rows.first);
    flag_rows(column, rows, is_set);
    if constexpr (std::is_floating_point_v<Number>) {  // what is not a number is null
      for (std::size_t i = 0; i < rows.n; ++i) is_set[i] &= numbers[i] == numbers[i] ? 1U : 0U;
    }
    if constexpr (Accepts<Accepted, std::int64_t>) {
      return fill(to, rows.n, [&](std::size_t i) { return from_number<Accepted>(numbers[i]); });
    } else {
      return !any(is_set);
    }
  };
}

template <class Accepted>
ArrowKernel timestamp_kernel(const ArrowColumn& column, CellsOf<Accepted>& to) {
  if constexpr (Accepts<Accepted, Timestamp>) {
    if (!column.type().has_zone && !Accepts<Accepted, Scalar::LocalTime>) {
      return null_kernel(column, to);
    }
    return visit_unit(column.type().ticks_per_second, [&](auto unit) -> ArrowKernel {
      return [&](ArrowRows rows) {
        const std::int64_t* const ticks = column.numbers<std::int64_t>(rows.first);
        flag_rows(column, rows, to.is_set(rows.n));
        return fill(to, rows.n, [&](std::size_t i) { return time_from_ticks<unit()>(ticks[i]); });
      };
    });
  } else {
    return null_kernel(column, to);
  }
}

/// Fills cells from texts. Those of rows that are not set are not looked at: they may be anywhere.
template <class T, class ReadText>
bool fill_from_texts(OptionalColumn<T>& to, const ArrowColumn& column, ArrowRows rows,
                     ReadText read_text) {
  const auto is_set = to.is_set(rows.n);
  flag_rows(column, rows, is_set);
  return are_utf8(column.texts(), rows.first, rows.n) && fill(to, rows.n, [&](std::size_t i) {
           return is_set[i] != 0 ? read_text(column.texts(), rows.first + i) : Outcome<T>{};
         });
}

template <class Accepted>
ArrowKernel text_kernel(const ArrowColumn& column, CellsOf<Accepted>& to) {
  if constexpr (!Accepts<Accepted, std::string_view>) {
    return null_kernel(column, to);
  } else if constexpr (std::is_enum_v<typename Accepted::type>) {
    return [&, recent = RecentTexts<Accepted>{}](ArrowRows rows) mutable {
      return fill_from_texts(to, column, rows, [&](const TextChunk& texts, std::size_t row) {
        return recent.read(texts, row);
      });
    };
  } else {
    return [&](ArrowRows rows) {
      return fill_from_texts(to, column, rows, [](const TextChunk& texts, std::size_t row) {
        return Accepted::from(texts.text_at(row));
      });
    };
  }
}

/// What the values of a dictionary are read as, each of them once.
template <class Accepted>
class DictionaryKernel {
 public:
  DictionaryKernel(const ArrowColumn& codes, CellsOf<Accepted>& to) : codes_(&codes), to_(&to) {
    const std::size_t n_values = codes.dictionary()->size();
    entries_.reserve(n_values + 2);
    for (std::size_t i = 0; i < n_values; ++i) {
      entries_.push_back(read(ArrowValue{*codes.dictionary(), i}));
    }
    outside_ = entries_.size();
    entries_.push_back({{}, State::refused});
    entries_.push_back({{}, State::null});
  }

  bool operator()(ArrowRows rows) {
    flag_rows(*codes_, rows, to_->is_set(rows.n));
    switch (codes_->type().kind) {
      case ArrowKind::int8: return look_up<std::int8_t>(rows);
      case ArrowKind::uint8: return look_up<std::uint8_t>(rows);
      case ArrowKind::int16: return look_up<std::int16_t>(rows);
      case ArrowKind::uint16: return look_up<std::uint16_t>(rows);
      case ArrowKind::int32: return look_up<std::int32_t>(rows);
      case ArrowKind::uint32: return look_up<std::uint32_t>(rows);
      default: return look_up<std::uint64_t>(rows);  // below zero: outside too
    }
  }

 private:
  using Stored = typename CellsOf<Accepted>::Stored;

  enum class State : std::uint8_t { null, set, refused };

  struct Entry {
    Stored value;
    State state;
  };

  static Entry read(const ArrowValue& value) {
    const auto read = read_as<Accepted>(value);
    if (read.is_null) return {{}, State::null};
    if (!read.is_accepted) return {{}, State::refused};
    return {static_cast<Stored>(read.value), State::set};
  }

  template <class Code>
  bool look_up(ArrowRows rows) {
    const Code* const codes = codes_->numbers<Code>(rows.first);
    Stored* const values = to_->values(rows.n).data();
    std::uint8_t* const is_set = to_->is_set(rows.n).data();
    bool is_refused = false;
    for (std::size_t i = 0; i < rows.n; ++i) {
      const std::size_t known = std::min(static_cast<std::size_t>(codes[i]), outside_);
      const Entry& entry = entries_[is_set[i] != 0 ? known : outside_ + 1];
      values[i] = entry.value;
      is_set[i] = entry.state == State::set ? 1 : 0;
      is_refused |= entry.state == State::refused;
    }
    return !is_refused;
  }

  const ArrowColumn* codes_;
  CellsOf<Accepted>* to_;
  std::vector<Entry> entries_;  ///< by code, then what stands for any outside, then for null
  std::size_t outside_ = 0;
};

template <class Accepted>
ArrowKernel dictionary_kernel(const ArrowColumn& column, CellsOf<Accepted>& to) {
  const bool is_worth_it = column.dictionary()->size() <= column.size();
  return is_worth_it ? DictionaryKernel<Accepted>{column, to} : ArrowKernel{};
}

/// What reads scalars of a column into cells.
template <class Accepted>
ArrowKernel scalar_kernel(const ArrowColumn& column, CellsOf<Accepted>& to) {
  if (column.dictionary() != nullptr) return dictionary_kernel<Accepted>(column, to);
  switch (column.type().kind) {
    case ArrowKind::boolean: return boolean_kernel<Accepted>(column, to);
    case ArrowKind::int8: return number_kernel<Accepted, std::int8_t>(column, to);
    case ArrowKind::uint8: return number_kernel<Accepted, std::uint8_t>(column, to);
    case ArrowKind::int16: return number_kernel<Accepted, std::int16_t>(column, to);
    case ArrowKind::uint16: return number_kernel<Accepted, std::uint16_t>(column, to);
    case ArrowKind::int32: return number_kernel<Accepted, std::int32_t>(column, to);
    case ArrowKind::uint32: return number_kernel<Accepted, std::uint32_t>(column, to);
    case ArrowKind::int64: return number_kernel<Accepted, std::int64_t>(column, to);
    case ArrowKind::uint64: return number_kernel<Accepted, std::uint64_t>(column, to);
    case ArrowKind::float32: return number_kernel<Accepted, float>(column, to);
    case ArrowKind::float64: return number_kernel<Accepted, double>(column, to);
    case ArrowKind::utf8:
    case ArrowKind::large_utf8:
    case ArrowKind::utf8_view: return text_kernel<Accepted>(column, to);
    case ArrowKind::timestamp: return timestamp_kernel<Accepted>(column, to);
    default: return null_kernel(column, to);
  }
}

}  // namespace fleetstatus
