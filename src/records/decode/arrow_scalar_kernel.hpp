#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
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

/// Reads columns of scalars or of dictionary codes; each value of a dictionary is read once.
template <class Accepted>
class ScalarKernel {
 public:
  using Value = typename Accepted::type;

  ScalarKernel(const ArrowColumn& column, OptionalColumn<Value>& to) : column_(&column), to_(&to) {
    if (column.dictionary() == nullptr) return;
    for (std::size_t i = 0; i < column.dictionary()->size(); ++i) {
      entries_.push_back(read_as<Accepted>(ArrowValue{*column.dictionary(), i}));
    }
    entries_.push_back({});  // for codes outside of the dictionary, which are refused
  }

  bool operator()(const ArrowRows& rows) {
    const Cells to{to_->values(rows.n).data(), to_->is_set(rows.n)};
    column_->unpack_validity(rows.first, to.is_set);
    return visit_values(*column_, rows.first, [&](auto value_at) {
      using Kind = decltype(value_at(0).value);
      constexpr bool is_integer = std::is_same_v<Kind, std::int64_t>;
      if (!entries_.empty()) return is_integer && look_up(to, value_at);
      if constexpr (std::is_same_v<Kind, double>) {
        for (std::size_t i = 0; i < rows.n; ++i) {
          if (std::isnan(value_at(i).value)) to.is_set[i] = 0;
        }
      }
      if constexpr (!Accepts<Accepted, Kind>) {
        return std::ranges::find(to.is_set, 1) == to.is_set.end();
      } else {
        return read(rows, to, value_at);
      }
    });
  }

 private:
  using Stored = typename OptionalColumn<Value>::Stored;

  struct Cells {
    Stored* values;
    std::span<std::uint8_t> is_set;
  };

  template <class ValueAt>
  bool read(const ArrowRows& rows, const Cells& to, ValueAt value_at) {
    using Kind = decltype(value_at(0).value);
    if constexpr (std::is_same_v<Kind, std::string_view>) {
      if (!are_utf8(column_->texts(), rows.first, rows.n)) return false;
      return fill(to, [&, is_set = to.is_set.data()](std::size_t i) {
        return is_set[i] != 0 ? read_text(rows.first + i) : Outcome<Value>{};
      });
    } else if constexpr (std::is_same_v<Kind, bool> && std::is_same_v<Value, bool>) {
      column_->unpack_booleans(rows.first, {to.values, rows.n});
      return true;
    } else {
      return fill(to, [&](std::size_t i) -> Outcome<Value> {
        const auto [number, fits] = value_at(i);
        const auto [value, is_accepted] = Accepted::from(number);
        return {value, fits && is_accepted};
      });
    }
  }

  Outcome<Value> read_text(std::size_t row) {
    if constexpr (std::is_enum_v<Value>) {
      return recent_.read(column_->texts().text_at(row));
    } else {
      return Accepted::from(column_->texts().text_at(row));
    }
  }

  /// @param read_row  also called for null rows, whose outcome is ignored
  template <class ReadRow>
  static bool fill(const Cells& to, ReadRow read_row) {
    const auto put = [values = to.values](std::size_t i, Value value) {
      values[i] = static_cast<Stored>(value);
    };
    const std::uint8_t* const is_set = to.is_set.data();
    std::uint8_t is_refused = 0;
    for (std::size_t i = 0, n = to.is_set.size(); i < n; ++i) {
      const Outcome<Value> outcome = read_row(i);
      put(i, outcome.value);
      is_refused |= static_cast<std::uint8_t>(is_set[i] & (outcome.is_accepted ? 0U : 1U));
    }
    return is_refused == 0;
  }

  template <class CodeAt>
  bool look_up(const Cells& to, CodeAt code_at) const {
    if constexpr (std::is_same_v<decltype(code_at(0)), Outcome<std::int64_t>>) {
      const std::size_t outside = entries_.size() - 1;
      const auto* const entries = entries_.data();
      Stored* const values = to.values;
      std::uint8_t* const is_set = to.is_set.data();
      bool is_refused = false;
      for (std::size_t i = 0, n = to.is_set.size(); i < n; ++i) {
        // A negative code wraps to a large one, so that it is outside too.
        const std::size_t code = std::min(static_cast<std::size_t>(code_at(i).value), outside);
        const auto& entry = entries[is_set[i] != 0 ? code : outside];
        values[i] = static_cast<Stored>(entry.value);
        is_refused |= is_set[i] != 0 && !entry.is_accepted;
        is_set[i] &= static_cast<std::uint8_t>(entry.is_null ? 0 : 1);
      }
      return !is_refused;
    }
    return false;
  }

  struct Nothing {};

  const ArrowColumn* column_;
  OptionalColumn<Value>* to_;
  std::conditional_t<std::is_enum_v<Value>, RecentTexts<Accepted>, Nothing> recent_;
  std::vector<ReadAs<Value>> entries_;  ///< values of the dictionary, by code
};

/// Makes the kernel for a column of scalars. Empty if a dictionary is longer than its column: then
/// it is cheaper to read only the values in use.
template <class Accepted>
ArrowKernel scalar_kernel(const ArrowColumn& column, OptionalColumn<typename Accepted::type>& to) {
  if (column.dictionary() != nullptr && column.dictionary()->size() > column.size()) return {};
  return ScalarKernel<Accepted>{column, to};
}

}  // namespace fleetstatus
