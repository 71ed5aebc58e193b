#include "table/masks.hpp"

#include <array>

#include "base/error.hpp"
#include "columns.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

using Flag = std::optional<bool>;
using Rows = std::vector<std::size_t>;

constexpr Flag unknown = std::nullopt;

Column texts(const Texts& values) { return testing::texts(TextLayout::large_utf8, values); }

template <class Operation>
std::string outcome(Operation operation, Flag left, Flag right) {
  return cells(operation(flags({left}), flags({right})));
}

struct TruthRow {
  Flag left;
  Flag right;
  std::string_view both;
  std::string_view either;
};

TEST_CASE("and and or are those of Kleene's logic") {
  const std::array<TruthRow, 9> table{{{true, true, "true", "true"},
                                       {true, false, "false", "true"},
                                       {true, unknown, "null", "true"},
                                       {false, true, "false", "true"},
                                       {false, false, "false", "false"},
                                       {false, unknown, "false", "null"},
                                       {unknown, true, "null", "true"},
                                       {unknown, false, "false", "null"},
                                       {unknown, unknown, "null", "null"}}};
  for (const auto& [left, right, expected_both, expected_either] : table) {
    CHECK(outcome(both, left, right) == expected_both);
    CHECK(outcome(either, left, right) == expected_either);
  }
}

TEST_CASE("not leaves null as it is") {
  CHECK(cells(invert(flags({true, false, unknown}))) == "false|true|null");
}

TEST_CASE("only true is taken by a filter") {
  CHECK(true_rows(flags({true, false, unknown, true})) == Rows{0, 3});
  CHECK(true_rows(flags({})).empty());
}

TEST_CASE("masks of different length do not go together") {
  CHECK_THROWS_AS((void)both(flags({true}), flags({true, true})), ArgumentError);
  CHECK_THROWS_AS((void)either(flags({}), flags({true})), ArgumentError);
}

TEST_CASE("what is no column of flags has no logic") {
  const Column number = column_of<std::int32_t>(ColumnType::int32, {1});
  CHECK_THROWS_AS((void)invert(number), ArgumentError);
  CHECK_THROWS_AS((void)both(flags({true}), number), ArgumentError);
  CHECK_THROWS_AS((void)both(number, flags({true})), ArgumentError);
  CHECK_THROWS_AS((void)true_rows(number), ArgumentError);
}

TEST_CASE("membership of null is null") {
  const Column column = texts({"a", "b", "", std::nullopt});
  CHECK(cells(is_in_texts(column, {"b", ""})) == "false|true|true|null");
  CHECK(cells(is_in_texts(column, {})) == "false|false|false|null");
}

TEST_CASE("labels are compared as texts") {
  CHECK(cells(is_in_texts(labels({"x", "y", "x"}), {"x", "z"})) == "true|false|true");
}

TEST_CASE("numbers, flags and times are compared as whole numbers") {
  const Column numbers = column_of<std::int64_t>(ColumnType::int64, {5, std::nullopt});
  CHECK(cells(is_in_integers(numbers, {4, 5})) == "true|null");
  CHECK(cells(is_in_integers(flags({true, false}), {1})) == "true|false");
  const Column times = column_of<Timestamp>(ColumnType::timestamp, {noon});
  CHECK(cells(is_in_integers(times, {noon.time_since_epoch().count()})) == "true");
}

TEST_CASE("all of the bits must be set") {
  const Column column =
      column_of<std::uint16_t>(ColumnType::uint16, {0b011, 0b111, 0b000, std::nullopt});
  CHECK(cells(has_bits(column, 0b101)) == "false|true|false|null");
  CHECK(cells(has_bits(column, 0)) == "true|true|true|null");
}

TEST_CASE("a duration is compared to the millisecond and is never negative") {
  const Column since = column_of<Timestamp>(
      ColumnType::timestamp,
      {noon - Milliseconds{1000}, noon - Milliseconds{999}, noon + Milliseconds{5}, std::nullopt});
  CHECK(cells(has_lasted(since, noon, Milliseconds{1000})) == "true|false|false|null");
  CHECK(cells(has_lasted(since, noon, Milliseconds{0})) == "true|true|true|null");
}

/// Whether a text fits a pattern.
std::string fit(std::string_view text, const std::string& pattern) {
  return cells(matches(texts({text}), {pattern}));
}

TEST_CASE("a star matches any letters and a question mark one") {
  for (const std::string_view text : {"", "a", "ab", "aab", "abab", "a\nb", "k\u00fcb"}) {
    CAPTURE(text);
    CHECK(fit(text, "*") == "true");
    CHECK(fit(text, std::string{text}) == "true");
    CHECK(fit(text, std::string{text} + "*") == "true");
    CHECK(fit(text, "?" + std::string{text}) == "false");
  }
  CHECK(fit("quiet-river", "q*t-?iver") == "true");
  CHECK(fit("quiet-river", "*r") == "true");
  CHECK(fit("quiet-river", "*i*i*") == "true");
  CHECK(fit("quiet-river", "*i*i*i*") == "false");
  CHECK(fit("quiet-river", "quiet") == "false");
  CHECK(fit("abab", "*ab") == "true");
  CHECK(fit("aab", "a*ab") == "true");
  CHECK(fit("ab", "a*ab") == "false");
  CHECK(fit("a*", "a\\*") == "false");
}

TEST_CASE("a letter of several bytes is one letter to a pattern") {
  CHECK(fit("k\u00fcb", "k?b") == "true");
  CHECK(fit("k\u00fcb", "k??b") == "false");
  CHECK(fit("\U0001f600", "?") == "true");
  CHECK(fit("\u00fc\u00fc", "*\u00fc") == "true");
}

TEST_CASE("one of several patterns will do, and null fits none") {
  CHECK(cells(matches(texts({"a", "b", std::nullopt, "c"}), {"a", "?*b", "c*"})) ==
        "true|false|null|true");
  const auto table = read_table(list_of({device(R"("belongs_to__application":{"slug":"org/a"})"),
                                         device(R"("belongs_to__application":{"slug":"org/b"})")}),
                                lenient());
  CHECK(cells(matches(table.column(ColumnId::fleet), {"*b"})) == "false|true");
}

}  // namespace
