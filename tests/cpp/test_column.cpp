#include "table/column.hpp"

#include <array>

#include "columns.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

constexpr std::array layouts{TextLayout::utf8, TextLayout::large_utf8, TextLayout::utf8_view};

template <class T>
Column numbers(ColumnType type, const std::vector<std::optional<T>>& values) {
  return column_of(type, values);
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
  for (const TextLayout layout : layouts) {
    check_taken(texts(layout, {"abc", std::nullopt, ""}), "abc", "");
  }
}

TEST_CASE("timestamps are kept and taken") {
  const Column column =
      column_of<Timestamp>(ColumnType::timestamp, {noon, std::nullopt, earliest_timestamp});
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
  const std::array<std::string_view, 2> names{"no", "yes"};
  const Column column =
      column_of<std::int8_t>(ColumnType::code8, {1, std::nullopt}, as_labels(names));
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

TEST_CASE("flags are packed as Arrow packs them, least significant first") {
  // Rows 0, 3 and 8 are set: 0b0000'1001 and 0b1.
  std::vector<std::optional<bool>> values;
  for (int row = 0; row < 9; ++row) values.emplace_back(row == 0 || row == 3 || row == 8);
  const Buffer buffer = flags(values).values();
  REQUIRE(buffer.size == 2);
  CHECK(buffer.as<std::uint8_t>()[0] == 0b0000'1001);
  CHECK(buffer.as<std::uint8_t>()[1] == 0b0000'0001);
}

TEST_CASE("a column of nulls alone is told from others, wherever its chunks begin") {
  for (const std::size_t n : {1, 7, 8, 9, 100}) {
    std::vector<std::optional<std::int32_t>> values(n);
    CHECK(numbers(ColumnType::int32, values).is_null());
    values.back() = 0;
    CHECK_FALSE(numbers(ColumnType::int32, values).is_null());
    for (const TextLayout layout : layouts) {
      Texts words(n + 3);
      CHECK(texts(layout, words).is_null());
      words[2] = "a";
      const Column column = texts(layout, words);
      CHECK_FALSE(column.is_null());
      CHECK(Column{{column.texts()->chunks().front().slice(3, n)}}.is_null());
      words[n + 2] = "";
      CHECK_FALSE(Column{{texts(layout, words).texts()->chunks().front().slice(3, n)}}.is_null());
    }
  }
  CHECK_FALSE(flags({}).is_null());
  CHECK_FALSE(flags({true}).is_null());
}

TEST_CASE("nulls are made and taken of every type") {
  for (const ColumnTypeEntry& entry : column_types) {
    const Column column = Column::nulls(entry.type, 3);
    CHECK(column.type() == entry.type);
    CHECK(column.is_null());
    constexpr std::array<std::size_t, 2> rows{2, 0};
    CHECK(cells(column.take(rows)) == "null|null");
    CHECK(column.take(rows).type() == entry.type);
  }
}

TEST_CASE("a chunk that fills its buffers is compact, a part of it is copied") {
  for (const TextLayout layout : layouts) {
    const Column words = texts(layout, {"left out, and long", "a word that is long", std::nullopt});
    const Column part{{words.texts()->chunks().front().slice(1, 2)}};
    CHECK(cells(part.compact()) == "a word that is long|null");
    CHECK(part.compact().text(0)->data() != words.text(1)->data());
    if (layout != TextLayout::utf8_view) {
      CHECK(words.compact().text(1)->data() == words.text(1)->data());
      const Column first{{words.texts()->chunks().front().slice(0, 1)}};
      CHECK(first.compact().text(0)->data() != words.text(0)->data());
    }
  }
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

const TextChunk& only_chunk(const Column& column) {
  REQUIRE(column.texts()->chunks().size() == 1);
  return column.texts()->chunks().front();
}

/// Rows of a chunk of texts.
TextChunk part(const Column& column, std::size_t first, std::size_t size) {
  TextChunk chunk = only_chunk(column);
  chunk.offset += first;
  chunk.size = size;
  return chunk;
}

TEST_CASE("text offsets are as wide as their type says") {
  const Column narrow = texts(TextLayout::utf8, {"ab", "c"});
  CHECK(only_chunk(narrow).values.size == 3 * sizeof(std::int32_t));
  CHECK(only_chunk(narrow).values.as<std::int32_t>()[2] == 3);
  const Column wide = texts(TextLayout::large_utf8, {"ab", "c"});
  CHECK(only_chunk(wide).values.size == 3 * sizeof(std::int64_t));
  CHECK(only_chunk(wide).values.as<std::int64_t>()[2] == 3);
  CHECK(only_chunk(wide).text.front().size == 3);
}

TEST_CASE("views hold up to twelve bytes themselves and point to more") {
  const Column column =
      texts(TextLayout::utf8_view, {"twelve bytes", "thirteen byte", "", "13 or more: yes"});
  CHECK(cells(column) == "twelve bytes|thirteen byte||13 or more: yes");
  const TextChunk& chunk = only_chunk(column);
  CHECK(chunk.values.size == 4 * 16);
  REQUIRE(chunk.text.size() == 1);
  CHECK(chunk.text.front().size == 28);  // 13 + 15: the two that are not in their views
  CHECK(only_chunk(texts(TextLayout::utf8_view, {"short"})).text.empty());
}

TEST_CASE("a column of nothing has the buffers that Arrow wants") {
  for (const TextLayout layout : layouts) {
    const Column column = texts(layout, {});
    CHECK(column.size() == 0);
    CHECK(column.type() == type_of(layout));
    CHECK(only_chunk(column).values.data != nullptr);
  }
  CHECK(flags({}).size() == 0);
  CHECK(labels({}).labels()->empty());
}

TEST_CASE("chunks of texts are kept as they are") {
  for (const TextLayout layout : layouts) {
    const Column words = texts(layout, {"left out", "a word that is long", std::nullopt, "", "x"});
    const Column more = texts(layout, {"further words of length", "y"});
    const Column column{{part(words, 1, 4), part(more, 0, 0), part(more, 0, 2), part(words, 4, 1)}};
    CHECK(column.type() == type_of(layout));
    CHECK(cells(column) == "a word that is long|null||x|further words of length|y|x");
    CHECK(column.texts()->starts() == std::vector<std::size_t>{0, 4, 6, 7});
    CHECK(column.text(0)->data() == words.text(1)->data());
    constexpr std::array<std::size_t, 4> rows{6, 4, 1, 0};
    const Column taken = column.take(rows);
    CHECK(cells(taken) == "x|further words of length|null|a word that is long");
    CHECK(taken.type() == type_of(layout));
  }
}

TEST_CASE("chunks without nulls need no validity") {
  TextChunk chunk = part(texts(TextLayout::utf8, {"a", "b", "c"}), 1, 2);
  chunk.validity = {};
  const Column column{{chunk}};
  CHECK(column.is_valid(1));
  CHECK(cells(column) == "b|c");
}

TEST_CASE("chunks that continue one another become one") {
  const Column words = texts(TextLayout::large_utf8, {"a", "b", "c", "d"});
  const Column others = texts(TextLayout::large_utf8, {"a", "b", "c", "d"});
  const Column joined{{part(words, 0, 1), part(words, 1, 2), part(words, 3, 0), part(words, 3, 1)}};
  CHECK(only_chunk(joined).size == 4);
  CHECK(cells(joined) == "a|b|c|d");
  const Column apart{{part(words, 0, 1), part(others, 1, 1), part(words, 2, 1), part(words, 1, 1)}};
  CHECK(apart.texts()->chunks().size() == 4);
  CHECK(cells(apart) == "a|b|c|b");
}

TEST_CASE("no chunks make an empty column, empty ones keep their layout") {
  CHECK(Column{std::vector<TextChunk>{}}.type() == ColumnType::large_utf8);
  const Column words = texts(TextLayout::utf8_view, {"a"});
  const Column column{{part(words, 0, 0), part(words, 1, 0)}};
  CHECK(column.size() == 0);
  CHECK(column.type() == ColumnType::utf8_view);
}

TEST_CASE("floats are kept and taken") {
  const Column column = numbers<double>(ColumnType::float64, {0.5, std::nullopt});
  constexpr std::array<std::size_t, 2> rows{1, 0};
  const Column taken = column.take(rows);
  CHECK(taken.type() == ColumnType::float64);
  CHECK_FALSE(taken.is_valid(0));
  CHECK(taken.value<double>(1) == 0.5);
}

TEST_CASE("copies share the data") {
  const Column column = texts(TextLayout::utf8, {"ab"});
  const Column copy = column;
  CHECK(copy.text(0)->data() == column.text(0)->data());
  const Column counts = numbers<std::int32_t>(ColumnType::int32, {1});
  const Column same = counts;
  CHECK(same.values().data == counts.values().data);
}

}  // namespace
