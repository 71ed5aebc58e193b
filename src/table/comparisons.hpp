#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/names.hpp"
#include "table/column.hpp"

namespace fleetstatus {

enum class ComparisonSign : std::uint8_t { less, less_equal, greater, greater_equal, equal };

inline constexpr auto comparison_signs = names_of<ComparisonSign>({
    {ComparisonSign::less, "<"},
    {ComparisonSign::less_equal, "<="},
    {ComparisonSign::greater, ">"},
    {ComparisonSign::greater_equal, ">="},
    {ComparisonSign::equal, "=="},
});

// Predicates on each number or timestamp of a column: true, false, or null if a value is null.
// Whole numbers and fractions are compared exactly; nothing compares with a NaN.

/// Compares each value with a number; timestamps are milliseconds since 1970.
/// @throws ArgumentError  if the column holds neither numbers nor timestamps
[[nodiscard]] Column compare(const Column& column, ComparisonSign comparison, std::int64_t number);
[[nodiscard]] Column compare(const Column& column, ComparisonSign comparison, double number);

/// Compares each value with that of the same row of another column.
/// @throws ArgumentError  also if only one holds timestamps, or they differ in length
[[nodiscard]] Column compare(const Column& left, ComparisonSign comparison, const Column& right);

/// Whether each value is null; never null itself.
[[nodiscard]] Column is_null(const Column& column);

struct SortKey {
  Column column;
  bool descending = false;
};

/// The rows in the order of the keys, the first one first. Stable. Nulls come last in both
/// directions; NaN is more than all numbers. 8-bit codes are in the order of their labels; other
/// codes and texts are compared by their bytes.
/// @param keys  columns of equal length, at least one
[[nodiscard]] std::vector<std::size_t> sorted_rows(std::span<const SortKey> keys);

}  // namespace fleetstatus
