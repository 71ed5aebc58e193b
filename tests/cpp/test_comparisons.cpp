#include "table/comparisons.hpp"

#include <limits>
#include <vector>

#include "base/error.hpp"
#include "columns.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

using Rows = std::vector<std::size_t>;

Column numbers(const std::vector<std::optional<std::int64_t>>& values) {
  return column_of<std::int64_t>(ColumnType::int64, values);
}
Column fractions(const std::vector<std::optional<double>>& values) {
  return column_of<double>(ColumnType::float64, values);
}

TEST_CASE("numbers are compared with a number, and null with nothing") {
  const Column column = numbers({1, 2, 3, std::nullopt});
  const std::int64_t two = 2;
  CHECK(cells(compare(column, ComparisonSign::less, two)) == "true|false|false|null");
  CHECK(cells(compare(column, ComparisonSign::less_equal, two)) == "true|true|false|null");
  CHECK(cells(compare(column, ComparisonSign::greater, two)) == "false|false|true|null");
  CHECK(cells(compare(column, ComparisonSign::greater_equal, two)) == "false|true|true|null");
  CHECK(cells(compare(column, ComparisonSign::equal, two)) == "false|true|false|null");
}

TEST_CASE("whole numbers and fractions are compared exactly") {
  const std::int64_t large = (std::int64_t{1} << 53) + 1;  // no double has this value
  const Column column = numbers({large, -large, 2, -2});
  CHECK(cells(compare(column, ComparisonSign::greater, 9007199254740992.0)) ==
        "true|false|false|false");
  CHECK(cells(compare(column, ComparisonSign::less, -9007199254740992.0)) ==
        "false|true|false|false");
  CHECK(cells(compare(column, ComparisonSign::less, 2.5)) == "false|true|true|true");
  CHECK(cells(compare(column, ComparisonSign::less, -1.5)) == "false|true|false|true");
  CHECK(cells(compare(fractions({9007199254740992.0, 2.5, -1.5}), ComparisonSign::less, large)) ==
        "true|true|true");
}

TEST_CASE("numbers beyond 64 bits, infinities and NaN have their place") {
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
  const Column ends =
      numbers({std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()});
  CHECK(cells(compare(ends, ComparisonSign::less, infinity)) == "true|true");
  CHECK(cells(compare(ends, ComparisonSign::greater, -infinity)) == "true|true");
  CHECK(cells(compare(ends, ComparisonSign::less, 9223372036854775808.0)) == "true|true");
  CHECK(cells(compare(ends, ComparisonSign::equal, -9223372036854775808.0)) == "true|false");
  for (const ComparisonSign comparison :
       {ComparisonSign::less, ComparisonSign::less_equal, ComparisonSign::greater,
        ComparisonSign::greater_equal, ComparisonSign::equal}) {
    CHECK(cells(compare(ends, comparison, nan)) == "false|false");
    CHECK(cells(compare(fractions({nan}), comparison, 0.0)) == "false");
  }
}

TEST_CASE("columns are compared row by row") {
  const Column left = numbers({1, 5, std::nullopt, 4});
  const Column right = fractions({1.5, 4.5, 1.0, std::nullopt});
  CHECK(cells(compare(left, ComparisonSign::less, right)) == "true|false|null|null");
  const Column early = column_of<Timestamp>(ColumnType::timestamp, {noon});
  const Column late = column_of<Timestamp>(ColumnType::timestamp, {noon + Milliseconds{1}});
  CHECK(cells(compare(early, ComparisonSign::less, late)) == "true");
}

TEST_CASE("what has no order, or another kind or length, is not compared") {
  const Column number = numbers({1});
  const Column time = column_of<Timestamp>(ColumnType::timestamp, {noon});
  CHECK_THROWS_AS((void)compare(flags({true}), ComparisonSign::less, 1.0), ArgumentError);
  CHECK_THROWS_AS((void)compare(labels({"a"}), ComparisonSign::less, 1.0), ArgumentError);
  CHECK_THROWS_AS((void)compare(number, ComparisonSign::less, time), ArgumentError);
  CHECK_THROWS_AS((void)compare(time, ComparisonSign::less, number), ArgumentError);
  CHECK_THROWS_AS((void)compare(number, ComparisonSign::less, numbers({1, 2})), ArgumentError);
}

TEST_CASE("whether a value is null is never null") {
  CHECK(cells(is_null(numbers({1, std::nullopt}))) == "false|true");
  CHECK(cells(is_null(texts(TextLayout::utf8, {"", std::nullopt}))) == "false|true");
}

Rows sorted(const Column& column, bool descending = false) {
  const std::vector<SortKey> keys{{column, descending}};
  return sorted_rows(keys);
}

TEST_CASE("rows are sorted stably, nulls last in both directions") {
  const Column column = numbers({3, std::nullopt, 1, 3, std::nullopt, 2});
  CHECK(sorted(column) == Rows{2, 5, 0, 3, 1, 4});
  CHECK(sorted(column, true) == Rows{0, 3, 5, 2, 1, 4});
}

TEST_CASE("8-bit codes are sorted by their labels' order, other labels and texts by their bytes") {
  const auto order = std::make_shared<const Labels>(Labels{"worst", "bad", "good"});
  CHECK(sorted(column_of<std::int8_t>(ColumnType::code8, {2, 0, 1}, order)) == Rows{1, 2, 0});
  CHECK(sorted(labels({"b", "c", "a", std::nullopt})) == Rows{2, 0, 1, 3});
  CHECK(sorted(texts(TextLayout::utf8_view, {"b", std::nullopt, "", "B"})) == Rows{2, 3, 0, 1});
}

TEST_CASE("flags, fractions and times are sorted, NaN after all numbers") {
  constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(sorted(flags({true, std::nullopt, false})) == Rows{2, 0, 1});
  CHECK(sorted(fractions({nan, 1.0, std::nullopt, -1.0})) == Rows{3, 1, 0, 2});
  CHECK(sorted(column_of<Timestamp>(ColumnType::timestamp, {noon + Milliseconds{1}, noon})) ==
        Rows{1, 0});
}

TEST_CASE("the first key decides, then the next") {
  const std::vector<SortKey> keys{{numbers({1, 0, 1, 0}), true}, {numbers({5, 6, 4, 6}), false}};
  CHECK(sorted_rows(keys) == Rows{2, 0, 1, 3});
}

}  // namespace
