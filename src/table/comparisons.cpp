#include "table/comparisons.hpp"

#include <algorithm>
#include <cmath>
#include <compare>
#include <numeric>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "table/fill_column.hpp"

namespace fleetstatus {
namespace {

using Flag = std::optional<bool>;

constexpr double two_to_63 = 9223372036854775808.0;

std::partial_ordering order(std::int64_t left, std::int64_t right) noexcept {
  return left <=> right;
}
std::partial_ordering order(double left, double right) noexcept { return left <=> right; }

/// Exact also where a double cannot hold the whole number.
std::partial_ordering order(std::int64_t left, double right) noexcept {
  if (std::isnan(right)) return std::partial_ordering::unordered;
  if (right >= two_to_63) return std::partial_ordering::less;
  if (right < -two_to_63) return std::partial_ordering::greater;
  const double whole = std::floor(right);
  const auto as_integer = static_cast<std::int64_t>(whole);
  if (left != as_integer) return left <=> as_integer;
  return whole < right ? std::partial_ordering::less : std::partial_ordering::equivalent;
}
std::partial_ordering order(double left, std::int64_t right) noexcept {
  return 0 <=> order(right, left);
}

bool holds(ComparisonSign comparison, std::partial_ordering order) noexcept {
  switch (comparison) {
    case ComparisonSign::less: return order < 0;
    case ComparisonSign::less_equal: return order <= 0;
    case ComparisonSign::greater: return order > 0;
    case ComparisonSign::greater_equal: return order >= 0;
    case ComparisonSign::equal: break;
  }
  return order == 0;
}

void check_has_order(const Column& column) {
  if (column.has_text() || column.has_codes() || column.type() == ColumnType::boolean) {
    throw ArgumentError("expected a column of numbers or times, not of " +
                        std::string{entry_of(column.type()).name});
  }
}

/// Calls `visit` with a function that gives the number of a row, a double or an int64.
template <class Visitor>
Column with_numbers(const Column& column, Visitor visit) {
  check_has_order(column);
  if (column.type() == ColumnType::float64) {
    return visit([&](std::size_t row) { return column.value<double>(row); });
  }
  return visit([&](std::size_t row) { return column.integer(row); });
}

template <class Number>
Column compare_each(const Column& column, ComparisonSign comparison, Number number) {
  return with_numbers(column, [&](auto number_at) {
    return fill_column(ColumnType::boolean, column.size(), {}, [&](std::size_t row) {
      return column.is_valid(row) ? Flag{holds(comparison, order(number_at(row), number))}
                                  : std::nullopt;
    });
  });
}

void check_same_kind(const Column& left, const Column& right) {
  const bool is_time = left.type() == ColumnType::timestamp;
  if (is_time != (right.type() == ColumnType::timestamp)) {
    throw ArgumentError("a column of times is compared with a column of times");
  }
  if (left.size() != right.size()) {
    throw ArgumentError("columns of different length: " + std::to_string(left.size()) + " and " +
                        std::to_string(right.size()));
  }
}

/// Sorts rows by a key that has a strict weak order; `key_of` is called for valid rows alone.
template <class KeyOf>
void sort_by(std::vector<std::size_t>& rows, const SortKey& key, KeyOf key_of) {
  const auto nulls = std::ranges::stable_partition(
      rows, [&](std::size_t row) { return key.column.is_valid(row); });
  std::stable_sort(rows.begin(), nulls.begin(), [&](std::size_t left, std::size_t right) {
    return key.descending ? key_of(right) < key_of(left) : key_of(left) < key_of(right);
  });
}

/// For each label its rank in the order of texts.
std::vector<std::size_t> ranks_of(const Labels& labels) {
  std::vector<std::size_t> by_text(labels.size());
  std::iota(by_text.begin(), by_text.end(), std::size_t{0});
  std::ranges::sort(by_text, {},
                    [&](std::size_t label) { return std::string_view{labels[label]}; });
  std::vector<std::size_t> ranks(labels.size());
  for (std::size_t rank = 0; rank < by_text.size(); ++rank) ranks[by_text[rank]] = rank;
  return ranks;
}

void sort_by_key(std::vector<std::size_t>& rows, const SortKey& key) {
  const Column& column = key.column;
  if (column.type() == ColumnType::code32) {
    const std::vector<std::size_t> ranks = ranks_of(*column.labels());
    sort_by(rows, key,
            [&](std::size_t row) { return ranks[static_cast<std::size_t>(column.code(row))]; });
  } else if (column.has_text()) {
    sort_by(rows, key, [&](std::size_t row) { return *column.text(row); });
  } else if (column.type() == ColumnType::float64) {
    // As pairs, NaNs have an order.
    sort_by(rows, key, [&](std::size_t row) {
      const double number = column.value<double>(row);
      return std::isnan(number) ? std::pair{true, 0.0} : std::pair{false, number};
    });
  } else {
    sort_by(rows, key, [&](std::size_t row) { return column.integer(row); });
  }
}

}  // namespace

Column compare(const Column& column, ComparisonSign comparison, std::int64_t number) {
  return compare_each(column, comparison, number);
}

Column compare(const Column& column, ComparisonSign comparison, double number) {
  return compare_each(column, comparison, number);
}

Column compare(const Column& left, ComparisonSign comparison, const Column& right) {
  check_same_kind(left, right);
  return with_numbers(left, [&](auto left_at) {
    return with_numbers(right, [&](auto right_at) {
      return fill_column(ColumnType::boolean, left.size(), {}, [&](std::size_t row) {
        const bool is_known = left.is_valid(row) && right.is_valid(row);
        return is_known ? Flag{holds(comparison, order(left_at(row), right_at(row)))}
                        : std::nullopt;
      });
    });
  });
}

Column is_null(const Column& column) {
  return fill_column(ColumnType::boolean, column.size(), {},
                     [&](std::size_t row) { return Flag{!column.is_valid(row)}; });
}

std::vector<std::size_t> sorted_rows(std::span<const SortKey> keys) {
  std::vector<std::size_t> rows(keys.front().column.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  for (const SortKey& key : std::views::reverse(keys)) sort_by_key(rows, key);
  return rows;
}

}  // namespace fleetstatus
