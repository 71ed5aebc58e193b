#include "records/decode/arrow_reader.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <thread>

#include "arrow_support.hpp"
#include "base/error.hpp"
#include "classify/classifier.hpp"
#include "hand_made_stream.hpp"
#include "random_columns.hpp"
#include "records/record_error.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

StatusTable read_stream(HandMadeStream& made, const ReadOptions& options = lenient()) {
  Classifier classifier{options, {}};
  ArrowStream stream{made.stream};
  classifier.read_arrow(stream);
  return classifier.finish(noon);
}

StatusTable read_batches(std::vector<Made> batches, const ReadOptions& options = lenient()) {
  HandMadeStream made{std::move(batches)};
  return read_stream(made, options);
}

std::string refusal(const Made& batch) {
  return error_of<ArgumentError>([&] { (void)read_batches({batch}); }).what();
}

/// Devices of which one column is known.
Made rows(const std::string& name, const Made& column) {
  const std::int64_t n = column->array.length;
  return structs(n, {named(name, column), named("is_active", made("n", n, {}))});
}

bool has_gap(const StatusTable& table, std::string_view field) {
  return table.info().gaps && std::ranges::count(*table.info().gaps, field, &Gap::field) == 1;
}

TEST_CASE("columns are read by their names") {
  const Made batch = structs(2, {named("id", integers({5, 6})), named("note", integers({1, 2})),
                                 named("is frozen", numbers<std::int8_t>("c", {1, 0}))});
  const StatusTable table = read_batches({batch});
  CHECK(cells(table, ColumnId::id) == "5|6");
  CHECK(cell(table, ColumnId::status) == "Frozen");
}

TEST_CASE("an offset of the batch is added to those of its columns") {
  const Made batch = rows("id", slice(integers({1, 2, 3, 4, 5}), 1, 4));
  CHECK(cells(read_batches({slice(batch, 1, 2)}), ColumnId::id) == "3|4");
}

TEST_CASE("a struct that is null is no record") {
  const Made batch = structs(
      9,
      {named("id", integers({1, 2, 3, 4, 5, 6, 7, 8, 9})), named("is_active", made("n", 9, {})),
       named("uuid", texts({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, "abcdefghi"))},
      bytes_of<std::uint8_t>({0b1111'1101, 0b0}));
  const StatusTable table = read_batches({slice(batch, 1, 8)}, keeping());
  CHECK(cells(table, ColumnId::id) == "null|3|4|5|6|7|8|null");
  CHECK(cells(table, ColumnId::uuid) == "null|c|d|e|f|g|h|null");
  CHECK(cell(table, ColumnId::error) == "record 0 is null, expected an object");
  const auto error = error_of<NotDevicesError>(
      [&] { (void)read_batches({structs(1, {}, bytes_of<std::uint8_t>({0}))}); });
  CHECK(error.value == "null");
}

TEST_CASE("a column that only shares an older name is no field, also beside a null struct") {
  for (const auto valid : {std::uint8_t{0b11}, std::uint8_t{0b01}}) {
    const Made batch = structs(
        2, {named("is_active", made("n", 2, {})), named("name", numbers<std::int8_t>("c", {1, 2}))},
        bytes_of<std::uint8_t>({valid}));
    CHECK(has_gap(read_batches({batch}, keeping()), "device_name"));
  }
}

TEST_CASE("records are counted over batches and blocks") {
  const std::vector<double> many(5000, 1.0);
  const auto held = std::make_shared<const std::vector<double>>(many);
  const std::vector<Made> batches{rows("id", made("g", 5000, {nullptr, Bytes{held, held->data()}})),
                                  rows("id", numbers<double>("g", {})),
                                  rows("id", numbers<double>("g", {2.0, 0.5}))};
  CHECK(error_of<RecordError>([&] { (void)read_batches(batches); }).index == 5001);
}

TEST_CASE("a batch that does not fit its schema is refused") {
  constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  const auto changed = [](auto change) {
    const Made batch = rows("id", integers({1, 2}));
    change(batch->array);
    return refusal(batch);
  };
  const std::string short_column =
      "the Arrow array of column 'id' is broken: it is shorter than its batch";
  CHECK(changed([](auto& array) { array.length = 3; }) == short_column);
  CHECK(changed([](auto& array) { array.offset = 1; }) == short_column);
  CHECK(changed([](auto& array) { array.length = largest; }) == short_column);
  CHECK(changed([](auto& array) { array.offset = largest; }) == short_column);
  CHECK(changed([](auto& array) { array.children[0] = nullptr; }) == short_column);
  const std::string no_length = "the Arrow batch is broken: it has no length or no buffers";
  CHECK(changed([](auto& array) { array.length = -1; }) == no_length);
  CHECK(changed([](auto& array) { array.offset = -1; }) == no_length);
  CHECK(changed([](auto& array) { array.n_buffers = 0; }) == no_length);
  CHECK(changed([](auto& array) { array.buffers = nullptr; }) == no_length);
  CHECK(changed([](auto& array) { array.children = nullptr; }) ==
        "an Arrow batch has 2 columns, its schema 2");
  CHECK(changed([](auto& array) { array.n_children = 3; }) ==
        "an Arrow batch has 3 columns, its schema 2");
  CHECK(refusal(integers({1})) ==
        "an Arrow source has columns, named like the fields; this is an "
        "array of the Arrow type 'l'");
}

TEST_CASE("batches and stream are released once, whatever happens") {
  const auto n_released = [](const Made& second, const ReadOptions& options) {
    HandMadeStream made{{rows("id", integers({1})), second}};
    try {
      (void)read_stream(made, options);
    } catch (const Error&) {
    }
    CHECK(made.n_released == 1);
    CHECK(made.batches[0]->n_released == 2);  // array and schema
    return made.batches[1]->n_released;
  };
  CHECK(n_released(rows("id", integers({2})), lenient()) == 1);
  CHECK(n_released(rows("id", slice(integers({2}), -1, 1)), lenient()) == 1);
  CHECK(n_released(structs(1, {}), lenient()) == 1);
  CHECK(n_released(rows("id", integers({2})), {}) == 1);  // missing fields
  CHECK(n_released(structs(1, {named("id", integers({2}))}, bytes_of<std::uint8_t>({0})),
                   lenient()) == 1);
}

TEST_CASE("texts are passed on where they are, and keep their batch") {
  const Made column = texts({0, 1, 3}, "abc");
  HandMadeStream made{{rows("uuid", column)}};
  {
    const StatusTable table = read_stream(made);
    CHECK(made.n_released == 1);
    CHECK(made.batches[0]->n_released == 1);  // the schema
    CHECK(table.column(ColumnId::uuid).type() == ColumnType::utf8);
    CHECK(table.column(ColumnId::uuid).texts()->chunks().front().values.data ==
          column->held[1].get());
    CHECK(cells(table, ColumnId::uuid) == "a|bc");
  }
  CHECK(made.batches[0]->n_released == 2);
}

TEST_CASE("what stands under a null is never looked at") {
  struct View {
    std::int32_t size, prefix, buffer, offset;
  };
  const Made column =
      made("vu", 2,
           {bytes_of<std::uint8_t>({0b10}), bytes_of({View{99, 0, 9, 99}, View{1, 'a', 0, 0}}),
            bytes_of(std::initializer_list<std::int64_t>{})});
  const StatusTable table = read_batches({rows("device_name", column)});
  const Column& names = table.column(ColumnId::device_name);
  CHECK(names.type() == ColumnType::utf8_view);
  CHECK(cells(names) == "null|a");
  CHECK(cells(names.compact()) == "null|a");
  CHECK(cells(names.take(std::vector<std::size_t>{1, 0})) == "a|null");
}

TEST_CASE("of two columns of one field the last counts, passed on or not") {
  const auto names = [](const Made& first, const Made& last) {
    const Made batch = structs(
        1, {named("uuid", first), named("is_active", made("n", 1, {})), named("uuid", last)});
    return cells(read_batches({batch}, keeping()), ColumnId::uuid);
  };
  CHECK(names(texts({0, 1}, "a"), texts({0, 1}, "b")) == "b");
  CHECK(names(integers({1}), texts({0, 1}, "b")) == "b");
  CHECK(names(texts({0, 1}, "a"), integers({1})) == "null");
  CHECK(names(texts({0, 1}, "a"), coded(integers({0}), texts({0, 1}, "b"))) == "b");
  CHECK(names(coded(integers({0}), texts({0, 1}, "a")), texts({0, 1}, "b")) == "b");
  CHECK(names(texts({0, 1}, "a"), made("n", 1, {})) == "null");
  CHECK(names(texts({0, 1}, "\xff"), texts({0, 1}, "b")) == "b");
}

TEST_CASE("texts of many blocks are one chunk again") {
  std::vector<std::int32_t> offsets;
  for (int i = 0; i <= 9000; ++i) offsets.push_back(i);
  const auto held = std::make_shared<const std::vector<std::int32_t>>(offsets);
  const Made column =
      made("u", 9000, {nullptr, Bytes{held, held->data()}, bytes_of(std::string(9000, 'x'))});
  const StatusTable table = read_batches({rows("uuid", column)});
  CHECK(table.column(ColumnId::uuid).texts()->chunks().size() == 1);
  CHECK(table.size() == 9000);
}

TEST_CASE("parts of a batch can be read at once") {
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 10'000; ++i) ids.push_back(i);
  const Made batch =
      slice(rows("id", made("l", 10'000, {nullptr, bytes_of(std::vector<std::int64_t>{ids})})), 100,
            9900);
  const ArrowType type = arrow_type(batch->schema);
  const SharedArrowArray array{&batch->array, [](const ArrowArray*) {}};
  const ArrowBatch shared{type, array, FieldReader{{}, {}}.keys()};
  std::vector<std::int64_t> read(shared.size());
  const auto read_part = [&](std::size_t begin, std::size_t end) {
    std::size_t at = begin;
    RecordBuilder builder{
        lenient(), [&](const RecordColumns& block) {
          for (const std::int64_t id : block.at<Field::id>().values(block.n_records)) {
            read[at++] = id;
          }
        }};
    ColumnReader columns{builder};
    ArrowReader{columns}.read(shared, begin, end);
  };
  std::thread other{read_part, 0, 4500};
  read_part(4500, shared.size());
  other.join();
  CHECK(read == std::vector<std::int64_t>(ids.begin() + 100, ids.end()));
}

TEST_CASE("values of a dictionary are read once") {
  const auto progress = [](const Made& codes) {
    const Made values = numbers<double>("g", {7.0, 0.5});
    const Made batch = rows("download_progress", coded(codes, values));
    return cells(read_batches({batch}, keeping()), ColumnId::error);
  };
  CHECK(progress(numbers<std::int8_t>("c", {0, 0, 0})) == "null|null|null");
  const std::string bad = progress(numbers<std::int8_t>("c", {0, 1, 1, -1}));
  CHECK(bad.starts_with("null|record 1: download_progress is 0.5"));
  CHECK(bad.find("|record 2: download_progress is 0.5") != std::string::npos);
  CHECK(bad.find("|record 3: download_progress is a code that") != std::string::npos);
}

TEST_CASE("nested text is JSON, and is forgotten where it breaks") {
  const std::string good = R"({"slug":"org/a"})";
  const std::string bad = R"({"slug":"org/b",})";
  const auto end = [](const std::string& text) { return static_cast<std::int32_t>(text.size()); };
  const Made column = texts({0, end(good), end(good + bad)}, good + bad);
  const StatusTable table = read_batches({rows("belongs to-application", column)}, keeping());
  CHECK(cells(table, ColumnId::fleet) == "org/a|null");
  CHECK(cell(table, ColumnId::error, 1).starts_with("record 1: belongs_to__application"));
}

}  // namespace
