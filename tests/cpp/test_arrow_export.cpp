#include "table/arrow_export.hpp"

#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "columns.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

/// Releases a structure at the end of a test, if that has not.
template <class T>
struct Guard : T {
  Guard(T structure) : T(structure) {}
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  ~Guard() {
    if (this->release != nullptr) this->release(this);
  }
};
using Schema = Guard<ArrowSchema>;
using Array = Guard<ArrowArray>;
using Stream = Guard<ArrowArrayStream>;

template <class T>
bool is_released(const T& structure) {
  return structure.release == nullptr;
}

Column numbers(const std::vector<std::optional<std::int32_t>>& values) {
  return column_of(ColumnType::int32, values);
}

Column answers(const std::vector<std::optional<std::int8_t>>& codes) {
  static constexpr std::array<std::string_view, 3> labels{"yes", "not yet", "don\u2019t"};
  return column_of(ColumnType::code8, codes, as_labels(labels));
}

/// An array of texts, read as its consumer would.
Column read_texts(const ArrowArray& array, TextLayout layout) {
  TextChunk chunk;
  chunk.layout = layout;
  chunk.offset = static_cast<std::size_t>(array.offset);
  chunk.size = static_cast<std::size_t>(array.length);
  chunk.validity.data = array.buffers[0];
  chunk.values.data = array.buffers[1];
  const std::int64_t n_text = array.n_buffers - (layout == TextLayout::utf8_view ? 3 : 2);
  for (std::int64_t i = 0; i < n_text; ++i) chunk.text.push_back({{}, array.buffers[2 + i], 0});
  return Column{std::vector{chunk}};
}

TEST_CASE("each type has its format") {
  const auto format = [](const Column& column) {
    return std::string{Schema{arrow_schema("x", column)}.format};
  };
  CHECK(format(Column{ColumnType::int64, 0, {}, {}}) == "l");
  CHECK(format(Column{ColumnType::int32, 0, {}, {}}) == "i");
  CHECK(format(Column{ColumnType::uint16, 0, {}, {}}) == "S");
  CHECK(format(Column{ColumnType::float64, 0, {}, {}}) == "g");
  CHECK(format(Column{ColumnType::boolean, 0, {}, {}}) == "b");
  CHECK(format(Column{ColumnType::timestamp, 0, {}, {}}) == "tsm:UTC");
  CHECK(format(texts(TextLayout::utf8, {})) == "u");
  CHECK(format(texts(TextLayout::large_utf8, {})) == "U");
  CHECK(format(texts(TextLayout::utf8_view, {})) == "vu");
}

TEST_CASE("a field has its name, may be null, and has no metadata of labels without them") {
  const Schema schema{arrow_schema("progress", numbers({}))};
  CHECK(std::string{schema.name} == "progress");
  CHECK(schema.flags == ARROW_FLAG_NULLABLE);
  CHECK(schema.metadata == nullptr);
  CHECK(schema.dictionary == nullptr);
  CHECK(schema.n_children == 0);
}

TEST_CASE("closed lists of labels are dictionaries that say they are an enum") {
  const Schema schema{arrow_schema("answer", answers({}))};
  CHECK(std::string{schema.format} == "c");
  REQUIRE(schema.dictionary != nullptr);
  CHECK(std::string{schema.dictionary->format} == "u");
  // One pair; key and value each with its size before it, in 32 bits.
  const std::string key = "_PL_ENUM_VALUES2";
  const std::string value = "3;yes7;not yet7;don\u2019t";
  std::array<std::int32_t, 2> sizes{};
  std::memcpy(sizes.data(), schema.metadata, sizeof sizes);
  CHECK(sizes == std::array<std::int32_t, 2>{1, static_cast<std::int32_t>(key.size())});
  const char* const after = schema.metadata + sizeof sizes + key.size();
  CHECK(std::string(schema.metadata + sizeof sizes, after) == key);
  std::int32_t value_size = 0;
  std::memcpy(&value_size, after, sizeof value_size);
  CHECK(std::string(after + 4, static_cast<std::size_t>(value_size)) == value);
}

TEST_CASE("open lists of labels are dictionaries of large text, and no enum") {
  const Column column = labels({"acme/pumps"});
  const Schema schema{arrow_schema("fleet", column)};
  CHECK(std::string{schema.format} == "i");
  CHECK(std::string{schema.dictionary->format} == "U");
  CHECK(schema.metadata == nullptr);
}

TEST_CASE("an array shares the column's data and keeps it alive") {
  auto column = std::make_unique<Column>(numbers({7, std::nullopt, 9}));
  const void* const data = column->values().data;
  const Array array{arrow_array(*column)};
  column.reset();
  CHECK(array.length == 3);
  CHECK(array.n_buffers == 2);
  CHECK(array.buffers[1] == data);
  CHECK(static_cast<const std::int32_t*>(array.buffers[1])[2] == 9);
  CHECK(*static_cast<const std::uint8_t*>(array.buffers[0]) == 0b101);
}

TEST_CASE("what an array holds is let go when it is released, once") {
  const auto owner = std::make_shared<const std::vector<std::int32_t>>(3);
  const Buffer buffer{owner, owner->data(), 12};
  ArrowArray array = arrow_array(Column{ColumnType::int32, 3, buffer, buffer});
  ArrowArray moved = array;
  array.release = nullptr;
  const auto with_buffer = owner.use_count();
  moved.release(&moved);
  CHECK(is_released(moved));
  CHECK(owner.use_count() < with_buffer);
  CHECK(owner.use_count() == 2);  // the test's own and that of `buffer`
}

TEST_CASE("all labels stand in the dictionary, in order, used or not") {
  const Array array{arrow_array(answers({2, std::nullopt}))};
  REQUIRE(array.dictionary != nullptr);
  CHECK(cells(read_texts(*array.dictionary, TextLayout::utf8)) == "yes|not yet|don\u2019t");
  CHECK(static_cast<const std::int8_t*>(array.buffers[1])[0] == 2);
}

TEST_CASE("children and dictionaries that were moved out outlive their parent") {
  const std::vector<NamedColumn> columns{{"answer", answers({0})},
                                         {"name", texts(TextLayout::utf8, {"a"})}};
  ArrowArray table = arrow_array(columns);
  const Array name{*table.children[1]};
  table.children[1]->release = nullptr;
  const Array labels{*table.children[0]->dictionary};
  table.children[0]->dictionary->release = nullptr;
  table.release(&table);
  CHECK(cells(read_texts(name, TextLayout::utf8)) == "a");
  CHECK(cells(read_texts(labels, TextLayout::utf8)) == "yes|not yet|don\u2019t");

  ArrowSchema schema = arrow_schema(columns);
  CHECK(schema.n_children == 2);
  const Schema field{*schema.children[0]};
  schema.children[0]->release = nullptr;
  schema.release(&schema);
  CHECK(std::string{field.name} == "answer");
  CHECK(std::string{field.dictionary->format} == "u");
}

TEST_CASE("texts of several chunks are joined in an array") {
  for (const TextLayout layout :
       {TextLayout::utf8, TextLayout::large_utf8, TextLayout::utf8_view}) {
    const Column words = texts(layout, {"a", "b, which is a longer text", std::nullopt});
    TextChunk chunk = words.texts()->chunks().front();
    chunk.offset = 1;
    chunk.size = 2;
    const Array one{arrow_array(Column{{chunk}})};
    CHECK(one.offset == 1);
    CHECK(one.buffers[1] == chunk.values.data);
    CHECK(cells(read_texts(one, chunk.layout)) == "b, which is a longer text|null");
    const Array joined{arrow_array(Column{{chunk, chunk}})};
    CHECK(joined.offset == 0);
    CHECK(cells(read_texts(joined, chunk.layout)) ==
          "b, which is a longer text|null|b, which is a longer text|null");
  }
}

TEST_CASE("an array without validity says that none is null") {
  TextChunk chunk = texts(TextLayout::utf8, {"a", std::nullopt}).texts()->chunks().front();
  CHECK(Array{arrow_array(Column{{chunk}})}.null_count == -1);
  chunk.validity = {};
  CHECK(Array{arrow_array(Column{{chunk}})}.null_count == 0);
}

TEST_CASE("views say how large the buffers are that they point into") {
  const Array array{arrow_array(texts(TextLayout::utf8_view, {"more than twelve bytes"}))};
  REQUIRE(array.n_buffers == 4);
  CHECK(*static_cast<const std::int64_t*>(array.buffers[3]) == 22);
}

TEST_CASE("a stream ends a batch where a column begins another chunk, and copies nothing") {
  const Column words = texts(TextLayout::utf8, {"a", "b", "c", "d", "e"});
  const auto part = [&](std::size_t first, std::size_t size) {
    TextChunk chunk = words.texts()->chunks().front();
    chunk.offset = first;
    chunk.size = size;
    return chunk;
  };
  // Chunks end after 2 rows, after 3, and both after 5.
  const std::vector<NamedColumn> columns{{"x", Column{{part(0, 2), part(1, 3)}}},
                                         {"y", Column{{part(2, 3), part(0, 2)}}},
                                         {"n", numbers({0, 1, 2, 3, 4})}};
  const void* const values = words.texts()->chunks().front().values.data;
  Stream stream{arrow_stream(columns)};
  std::string x;
  std::string y;
  std::vector<std::int64_t> lengths;
  while (true) {
    ArrowArray out{};
    REQUIRE(stream.get_next(&stream, &out) == 0);
    if (is_released(out)) break;
    const Array batch{out};
    lengths.push_back(batch.length);
    for (int child = 0; child < 3; ++child) CHECK(batch.children[child]->length == batch.length);
    CHECK(batch.children[0]->buffers[1] == values);
    x += cells(read_texts(*batch.children[0], TextLayout::utf8)) + ";";
    y += cells(read_texts(*batch.children[1], TextLayout::utf8)) + ";";
    CHECK(batch.children[2]->buffers[1] == columns[2].second.values().data);
  }
  CHECK(lengths == std::vector<std::int64_t>{2, 1, 2});
  CHECK(x == "a|b;b;c|d;");
  CHECK(y == "c|d;e;a|b;");
}

TEST_CASE("a stream outlives the table, its batches and schemas outlive the stream") {
  auto table = std::make_unique<StatusTable>(read_table(list_of({device(), device()})));
  ArrowArrayStream stream = arrow_stream(table->columns());
  table.reset();
  ArrowSchema schema{};
  REQUIRE(stream.get_schema(&stream, &schema) == 0);
  ArrowSchema again{};
  REQUIRE(stream.get_schema(&stream, &again) == 0);
  ArrowArray batch{};
  REQUIRE(stream.get_next(&stream, &batch) == 0);
  stream.release(&stream);
  CHECK(is_released(stream));
  const Schema first{schema};
  const Schema second{again};
  const Array rows{batch};
  CHECK(first.n_children == std::ssize(column_names));
  CHECK(std::string{second.children[0]->name} == "id");
  CHECK(rows.length == 2);
  CHECK(static_cast<const std::int64_t*>(rows.children[0]->buffers[1])[1] == 7);
}

TEST_CASE("a table without rows has its schema, a batch, and all labels") {
  const StatusTable table = read_table("[]");
  Stream stream{arrow_stream(table.columns())};
  ArrowSchema out{};
  REQUIRE(stream.get_schema(&stream, &out) == 0);
  const Schema schema{out};
  CHECK(schema.n_children == std::ssize(table.columns()));
  ArrowArray first{};
  REQUIRE(stream.get_next(&stream, &first) == 0);
  REQUIRE_FALSE(is_released(first));
  const Array batch{first};
  CHECK(batch.length == 0);
  const ArrowArray& status = *batch.children[static_cast<int>(ColumnId::status)];
  CHECK(status.dictionary->length == 8);
  ArrowArray end{};
  for (int again = 0; again < 2; ++again) {
    REQUIRE(stream.get_next(&stream, &end) == 0);
    CHECK(is_released(end));
  }
}

TEST_CASE("a stream that is not read to its end is released") {
  const StatusTable table = read_table(list_of({device()}));
  const Stream untouched{arrow_stream(table.columns())};
  CHECK_FALSE(is_released(untouched));
}

}  // namespace
