#include "table/column.hpp"

#include <array>

#include "support.hpp"
#include "table/codes.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

using Texts = std::vector<std::optional<std::string_view>>;

template <class T>
Column numbers(ColumnType type, const std::vector<std::optional<T>>& values) {
  NumberBuilder<T> builder{type};
  for (const auto& value : values) builder.push_back(value);
  return builder.finish();
}

Column texts(ColumnType type, const Texts& values) {
  TextBuilder builder{type};
  for (const auto& value : values) builder.push_back(value);
  return builder.finish();
}

Column flags(const std::vector<std::optional<bool>>& values) {
  BooleanBuilder builder;
  for (const auto& value : values) builder.push_back(value);
  return builder.finish();
}

Column labels(const Texts& values) {
  LabelBuilder builder;
  for (const auto& value : values) builder.push_back(value);
  return builder.finish();
}

/// Checks a column of three, the second of them null, and what is taken from it.
void check_taken(const Column& column, const std::string& first, const std::string& third) {
  CHECK(cells(column) == first + "|null|" + third);
  constexpr std::array<std::size_t, 4> rows{2, 1, 2, 0};
  const Column taken = column.take(rows);
  CHECK(cells(taken) == joined({third, "null", third, first}, "|"));
  CHECK(taken.type() == column.type());
  CHECK(column.take({}).size() == 0);
}

TEST_CASE("numbers of each width are kept and taken") {
  check_taken(numbers<std::int64_t>(ColumnType::int64, {1LL << 40, std::nullopt, -1}),
              "1099511627776", "-1");
  check_taken(numbers<std::int32_t>(ColumnType::int32, {1 << 30, std::nullopt, -1}), "1073741824",
              "-1");
  check_taken(numbers<std::uint16_t>(ColumnType::uint16, {0x1FFF, std::nullopt, 0}), "8191", "0");
}

TEST_CASE("flags are kept and taken") {
  check_taken(flags({true, std::nullopt, false}), "true", "false");
}

TEST_CASE("texts are kept and taken, the empty one too") {
  for (const ColumnType type : {ColumnType::utf8, ColumnType::large_utf8}) {
    check_taken(texts(type, {"abc", std::nullopt, ""}), "abc", "");
  }
}

TEST_CASE("timestamps are kept and taken") {
  TimestampBuilder builder;
  builder.push_back(noon);
  builder.push_back(std::nullopt);
  builder.push_back(earliest_timestamp);
  const Column column = builder.finish();
  check_taken(column, "2026-11-01T12:00:00Z", "0001-01-01T00:00:00Z");
  CHECK(column.timestamp(0) == noon);
  CHECK_FALSE(column.timestamp(1));
  CHECK(column.value<std::int64_t>(0) == noon.time_since_epoch().count());
}

TEST_CASE("labels that recur share a code, and codes count from the first") {
  const Column column = labels({"b", std::nullopt, "a", "b", ""});
  CHECK(cells(column) == "b|null|a|b|");
  CHECK(*column.labels() == Labels{"b", "a", ""});
  CHECK(column.code(3) == 0);
  CHECK(column.code(4) == 2);
  check_taken(labels({"b", std::nullopt, "a"}), "b", "a");
}

TEST_CASE("what is taken from codes keeps all labels") {
  const Column column = labels({"b", "a"});
  constexpr std::array<std::size_t, 1> rows{1};
  CHECK(*column.take(rows).labels() == Labels{"b", "a"});
  CHECK(column.take(rows).code(0) == 1);
}

TEST_CASE("codes of one byte have the labels they are given") {
  NumberBuilder<std::int8_t> builder{ColumnType::code8};
  builder.push_back(1);
  builder.push_back(std::nullopt);
  const std::array<std::string_view, 2> names{"no", "yes"};
  const Column column = builder.finish(as_labels(names));
  CHECK(cells(column) == "yes|null");
  CHECK(column.has_codes());
  CHECK_FALSE(column.has_text());
}

TEST_CASE("any number is a whole number") {
  CHECK(numbers<std::int32_t>(ColumnType::int32, {-5}).integer(0) == -5);
  CHECK(numbers<std::uint16_t>(ColumnType::uint16, {65535}).integer(0) == 65535);
  CHECK(numbers<std::int8_t>(ColumnType::code8, {7}).integer(0) == 7);
  CHECK(numbers<std::int64_t>(ColumnType::timestamp, {9}).integer(0) == 9);
  CHECK(flags({true}).integer(0) == 1);
}

TEST_CASE("bits are packed as Arrow packs them, least significant first") {
  // Rows 0, 3 and 8 are set: 0b0000'1001 and 0b1.
  BitBuilder bits;
  for (int row = 0; row < 9; ++row) bits.push_back(row == 0 || row == 3 || row == 8);
  CHECK(bits.size() == 9);
  const Buffer buffer = bits.finish();
  REQUIRE(buffer.size == 2);
  CHECK(buffer.as<std::uint8_t>()[0] == 0b0000'1001);
  CHECK(buffer.as<std::uint8_t>()[1] == 0b0000'0001);
}

TEST_CASE("nulls are told from values in every byte of the bits") {
  std::vector<std::optional<std::int32_t>> values;
  for (int row = 0; row < 100; ++row) {
    values.push_back(row % 3 == 0 ? std::nullopt : std::optional{row});
  }
  const Column column = numbers<std::int32_t>(ColumnType::int32, values);
  for (std::size_t row = 0; row < values.size(); ++row) {
    CHECK(column.is_valid(row) == values[row].has_value());
  }
}

TEST_CASE("text offsets are as wide as their type says") {
  const Column narrow = texts(ColumnType::utf8, {"ab", "c"});
  CHECK(narrow.values().size == 3 * sizeof(std::int32_t));
  CHECK(narrow.value<std::int32_t>(2) == 3);
  const Column wide = texts(ColumnType::large_utf8, {"ab", "c"});
  CHECK(wide.values().size == 3 * sizeof(std::int64_t));
  CHECK(wide.value<std::int64_t>(2) == 3);
  CHECK(wide.text_data().size == 3);
}

TEST_CASE("a column of nothing has the buffers that Arrow wants") {
  CHECK(texts(ColumnType::utf8, {}).values().size == sizeof(std::int32_t));
  CHECK(texts(ColumnType::utf8, {}).size() == 0);
  CHECK(flags({}).size() == 0);
  CHECK(labels({}).labels()->empty());
}

TEST_CASE("copies share the data") {
  const Column column = texts(ColumnType::utf8, {"ab"});
  const Column copy = column;
  CHECK(copy.values().data == column.values().data);
  CHECK(copy.text(0)->data() == column.text(0)->data());
}

}  // namespace
