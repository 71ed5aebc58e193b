#include "records/decode/arrow_column.hpp"

#include <limits>

#include "arrow_support.hpp"
#include "base/error.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

std::string refusal(const Made& array) {
  return error_of<ArgumentError>([&] { const Looked looked{array}; }).what();
}

/// What is said of a column after `change` had its way with it.
template <class Change>
std::string refusal(const Made& array, Change change) {
  change(array->array);
  return refusal(array);
}

std::string joined_texts(const ArrowColumn& column) {
  std::string all;
  for (std::size_t row = 0; row < column.size(); ++row) {
    all.append(row == 0 ? "" : "|").append(column.texts()[row].value_or("null"));
  }
  return all;
}

using View = TextChunk::View;

Made list(std::initializer_list<std::int32_t> offsets, Made elements) {
  return made("+l", static_cast<std::int64_t>(offsets.size()) - 1, {nullptr, bytes_of(offsets)},
              {std::move(elements)});
}

Made list_view(std::initializer_list<std::int32_t> begins,
               std::initializer_list<std::int32_t> sizes, Made elements, Bytes validity = nullptr) {
  return made("+vl", static_cast<std::int64_t>(begins.size()),
              {std::move(validity), bytes_of(begins), bytes_of(sizes)}, {std::move(elements)});
}

TEST_CASE("rows count from the offset") {
  const Looked looked{slice(integers({1, 2, 3, 4}), 1, 2)};
  CHECK(looked.column.size() == 2);
  CHECK(looked.column.integer(0) == 2);
  CHECK(looked.column.integer(1) == 3);
  const Looked flags{slice(
      made("b", 0,
           {bytes_of<std::uint8_t>({0b0000'0111, 1}), bytes_of<std::uint8_t>({0b0000'0101, 1})}),
      1, 8)};
  CHECK(flags.column.is_valid(1));
  CHECK(flags.column.boolean(1));
  CHECK_FALSE(flags.column.boolean(0));
  CHECK_FALSE(flags.column.is_valid(2));
  CHECK(flags.column.is_valid(7));
}

TEST_CASE("arrays of nothing need no buffers") {
  const std::vector<Bytes> none{nullptr, nullptr, nullptr};
  for (const std::string format : {"b", "l", "g", "u", "U", "tsu:UTC", "n", "z"}) {
    CAPTURE(format);
    CHECK(Looked{made(format, 0, none)}.column.size() == 0);
  }
  for (const std::string format : {"+l", "+L", "+vl", "+vL", "+w:3", "+s"}) {
    CAPTURE(format);
    CHECK(Looked{made(format, 0, none, {integers({})})}.column.size() == 0);
  }
  CHECK(Looked{made("vu", 0, none)}.column.size() == 0);
  CHECK(Looked{coded(made("c", 0, none), made("u", 0, none))}.column.dictionary()->size() == 0);
}

TEST_CASE("a column of nulls has no buffers") {
  const Looked looked{made("n", 3, {})};
  CHECK(looked.column.size() == 3);
  CHECK_FALSE(looked.column.is_valid(2));
}

TEST_CASE("a column that no field is read from knows its nulls, if its type marks them") {
  const Looked dates{made("tdD", 2, {bytes_of<std::uint8_t>({0b01}), nullptr})};
  CHECK(dates.column.is_valid(0));
  CHECK_FALSE(dates.column.is_valid(1));
  CHECK(Looked{made("+us:0", 1, {bytes_of<std::int8_t>({0})}, {integers({})})}.column.is_valid(0));
  const Made run_ends = made("+r", 9, {}, {integers({9}), integers({1})});
  run_ends->array.buffers = nullptr;
  CHECK(Looked{run_ends}.column.is_valid(8));
}

TEST_CASE("lengths and offsets are sane") {
  const auto number = [] { return named("id", integers({1, 2})); };
  CHECK(refusal(number(), [](ArrowArray& array) { array.length = -1; }) ==
        "the Arrow array of column 'id' is broken: its length or offset is negative");
  for (const std::int64_t offset : {std::int64_t{-1}, largest, largest - 1}) {
    CHECK(refusal(number(), [&](ArrowArray& array) {
            array.offset = offset;
          }).ends_with("its length or offset is negative"));
  }
  CHECK(refusal(number(), [](ArrowArray& array) {
          array.release = nullptr;
        }).ends_with("it was released"));
}

TEST_CASE("buffers are there") {
  for (const Made& array :
       {integers({1}), texts({0, 1}, "a"), views({{1, 0, 0, 0}}, ""), list({0, 0}, integers({})),
        list_view({0}, {0}, integers({})), structs(1, {})}) {
    CAPTURE(array->format);
    const std::int64_t n_buffers = array->array.n_buffers;
    array->array.n_buffers = 0;
    CHECK(refusal(array).find("it has 0 buffers instead of") != std::string::npos);
    array->array.n_buffers = n_buffers;
    array->array.buffers = nullptr;
    CHECK(refusal(array).find("buffers instead of") != std::string::npos);
  }
  for (const Made& array : {integers({1}), texts({0, 1}, "a"), views({{1, 0, 0, 0}}, ""),
                            list({0, 0}, integers({})), list_view({0}, {0}, integers({}))}) {
    CAPTURE(array->format);
    array->array.buffers[1] = nullptr;
    CHECK(refusal(array).ends_with("a buffer is missing"));
  }
  CHECK(refusal(texts({0, 1}, "a"), [](auto& array) {
          array.buffers[2] = nullptr;
        }).ends_with("a buffer is missing"));
  CHECK(refusal(list_view({0}, {0}, integers({})), [](auto& array) {
          array.buffers[2] = nullptr;
        }).ends_with("a buffer is missing"));
  CHECK(refusal(views({{1, 0, 0, 0}}, ""), [](auto& array) {
          array.buffers[3] = nullptr;
        }).ends_with("a buffer is missing"));
}

TEST_CASE("children are there, as many as the schema has, and no shorter than their struct") {
  const auto object = [] { return structs(2, {named("x", integers({1, 2}))}); };
  CHECK(Looked{object()}.column.child(0).size() == 2);
  CHECK(refusal(object(), [](auto& array) {
          array.n_children = 0;
        }).ends_with("it has 0 children, its schema 1"));
  CHECK(refusal(object(), [](auto& array) {
          array.n_children = -1;
        }).ends_with("it has -1 children, its schema 1"));
  CHECK(refusal(object(), [](auto& array) {
          array.children = nullptr;
        }).ends_with("children, its schema 1"));
  CHECK(refusal(object(), [](auto& array) {
          array.children[0] = nullptr;
        }).ends_with("a child is missing"));
  CHECK(refusal(object(), [](auto& array) {
          array.length = 3;
        }).ends_with("a child is shorter than its struct"));
  CHECK(refusal(object(), [](auto& array) {
          array.offset = 1;
        }).ends_with("a child is shorter than its struct"));
  CHECK(refusal(object(), [](auto& array) {
          array.children[0]->release = nullptr;
        }).ends_with("of column 'x' is broken: it was released"));
}

TEST_CASE("a struct's offset is added to those of its members") {
  const Looked looked{slice(structs(0, {slice(integers({1, 2, 3, 4}), 1, 3)}), 1, 2)};
  CHECK(looked.column.child(0).integer(looked.column.row_of_members(0)) == 3);
  CHECK(looked.column.child(0).integer(looked.column.row_of_members(1)) == 4);
}

TEST_CASE("texts in all layouts") {
  CHECK(joined_texts(Looked{texts({0, 1, 1, 3}, "abc")}.column) == "a||bc");
  CHECK(joined_texts(Looked{slice(texts({0, 1, 1, 3}, "abc"), 2, 1)}.column) == "bc");
  const Made large = made(
      "U", 2, {bytes_of<std::uint8_t>({0b10}), bytes_of<std::int64_t>({0, 1, 3}), bytes_of("abc")});
  CHECK(joined_texts(Looked{large}.column) == "null|bc");
  const std::string_view text = "a text of more than 12 bytes";
  const Made viewed = views({{28, 0, 0, 0}, {15, 0, 0, 13}, {0, 0, 7, -7}}, text);
  CHECK(joined_texts(Looked{viewed}.column) == "a text of more than 12 bytes|e than 12 bytes|");
}

TEST_CASE("offsets of texts never go back") {
  CHECK(refusal(texts({0, 2, 1}, "ab")).ends_with("its offsets go back"));
  CHECK(refusal(texts({-1, 0}, "ab")).ends_with("its offsets go back"));
  CHECK(refusal(made("U", 1, {nullptr, bytes_of<std::int64_t>({5, -5}), bytes_of("ab")}))
            .ends_with("its offsets go back"));
  CHECK(joined_texts(Looked{slice(texts({9, 0, 1}, "a"), 1, 1)}.column) == "a");
}

TEST_CASE("views lie within their buffers") {
  const std::string_view text = "a text of more than 12 bytes";
  constexpr std::int32_t most = std::numeric_limits<std::int32_t>::max();
  for (const View& view :
       {View{29, 0, 0, 0}, View{28, 0, 0, 1}, View{13, 0, 1, 0}, View{13, 0, -1, 0},
        View{13, 0, 0, -1}, View{-1, 0, 0, 0}, View{most, 0, 0, most}, View{13, 0, 0, most}}) {
    CAPTURE(view.size);
    CHECK(refusal(views({view}, text)).ends_with("a text lies outside of its buffer"));
    const Looked unread{views({view}, text, bytes_of<std::uint8_t>({0}))};
    CHECK(joined_texts(unread.column) == "null");
  }
  const Made negative =
      made("vu", 0, {nullptr, nullptr, bytes_of("a"), bytes_of<std::int64_t>({-1})});
  CHECK(refusal(negative).ends_with("a buffer has a negative size"));
  CHECK(refusal(views({{13, 0, 0, 0}}, text), [](auto& array) {
          array.buffers[2] = nullptr;
        }).ends_with("a text lies outside of its buffer"));
}

TEST_CASE("lists lie within their elements") {
  const Looked looked{slice(list({0, 1, 3}, slice(integers({1, 2, 3, 4}), 1, 3)), 1, 1)};
  CHECK(looked.column.elements(0).begin == 1);
  CHECK(looked.column.elements(0).size == 2);
  CHECK(looked.column.child(0).integer(1) == 3);
  const std::string outside = "a list lies outside of its elements";
  CHECK(refusal(list({0, 3}, integers({1, 2}))).ends_with(outside));
  CHECK(refusal(list({0, 2}, slice(integers({1, 2}), 0, 1))).ends_with(outside));
  CHECK(refusal(list({2, 1}, integers({1, 2}))).ends_with("its offsets go back"));
  CHECK(refusal(list({-1, 1}, integers({1, 2}))).ends_with("its offsets go back"));
  const Made large =
      made("+L", 1, {nullptr, bytes_of<std::int64_t>({0, largest})}, {integers({1})});
  CHECK(refusal(large).ends_with(outside));
  const Made map = made("+m", 1, {nullptr, bytes_of<std::int32_t>({0, 2})},
                        {structs(1, {texts({0, 1}, "a"), integers({1})})});
  CHECK(refusal(map).ends_with(outside));
}

TEST_CASE("list views lie within their elements, but for nulls") {
  const Looked looked{list_view({1, 0}, {1, 2}, integers({1, 2}))};
  CHECK(looked.column.elements(0).begin == 1);
  CHECK(looked.column.elements(1).size == 2);
  constexpr std::int32_t most = std::numeric_limits<std::int32_t>::max();
  struct Place {
    std::int32_t begin, size;
  };
  for (const auto& [begin, size] :
       {Place{0, 3}, Place{3, 0}, Place{-1, 1}, Place{0, -1}, Place{most, most}, Place{1, 2}}) {
    CAPTURE(begin);
    CHECK(refusal(list_view({begin}, {size}, integers({1, 2})))
              .ends_with("a list lies outside of its elements"));
    const Made null = list_view({begin}, {size}, integers({1, 2}), bytes_of<std::uint8_t>({0}));
    CHECK_FALSE(Looked{null}.column.is_valid(0));
  }
  const Made large =
      made("+vL", 1, {nullptr, bytes_of<std::int64_t>({1}), bytes_of<std::int64_t>({largest})},
           {integers({1})});
  CHECK(refusal(large).ends_with("a list lies outside of its elements"));
}

TEST_CASE("lists of a fixed size lie within their elements, however large") {
  const auto fixed = [](const std::string& size, std::int64_t length) {
    return made("+w:" + size, length, {nullptr}, {integers({1, 2, 3, 4})});
  };
  const Looked looked{slice(fixed("2", 2), 1, 1)};
  CHECK(looked.column.elements(0).begin == 2);
  CHECK(looked.column.elements(0).size == 2);
  CHECK(Looked{fixed("0", 9)}.column.elements(8).size == 0);
  for (const std::string size : {"3", "5", "9223372036854775808", "18446744073709551615"}) {
    CHECK(refusal(fixed(size, 2)).ends_with("a list lies outside of its elements"));
  }
  CHECK(refusal(fixed("4", largest / 2)).ends_with("a list lies outside of its elements"));
}

TEST_CASE("buffers that are not aligned are copied from about the first row on") {
  buffers_are_unaligned = true;
  std::vector<std::int64_t> all;
  for (std::int64_t i = 0; i < 100; ++i) all.push_back(i);
  const Bytes valid = bytes_of(std::vector<std::uint8_t>(13, 0b0101'0101));
  const Looked looked{slice(made("l", 0, {valid, bytes_of(all)}), 77, 20)};
  for (std::size_t row = 0; row < 20; ++row) {
    CHECK(looked.column.integer(row) == 77 + static_cast<std::int64_t>(row));
    CHECK(looked.column.is_valid(row) == (row % 2 == 1));
  }
  CHECK(joined_texts(Looked{slice(texts({9, 0, 1, 3}, "abc"), 1, 2)}.column) == "a|bc");
  const Looked lists{slice(list_view({9, 1, 0}, {9, 1, 2}, integers({1, 2})), 1, 2)};
  CHECK(lists.column.elements(0).begin == 1);
  CHECK(lists.column.elements(1).size == 2);
  const Looked viewed{
      slice(views({{9, 0, 0, 0}, {15, 0, 0, 13}}, "a text of more than 12 bytes"), 1, 1)};
  CHECK(joined_texts(viewed.column) == "e than 12 bytes");
  CHECK(viewed.column.texts().values.as<char>() != viewed.array->buffers[1]);
  buffers_are_unaligned = false;
}

TEST_CASE("a dictionary is there") {
  const auto codes = [] { return coded(integers({0}), texts({0, 1}, "a")); };
  CHECK(Looked{codes()}.column.dictionary()->size() == 1);
  CHECK(refusal(codes(), [](auto& array) {
          array.dictionary = nullptr;
        }).ends_with("it has no dictionary"));
  CHECK(refusal(codes(), [](auto& array) {
          array.dictionary->length = -1;
        }).ends_with("its length or offset is negative"));
}

}  // namespace
