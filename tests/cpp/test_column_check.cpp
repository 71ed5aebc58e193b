#include "table/column_check.hpp"

#include <array>

#include "base/error.hpp"
#include "support.hpp"
#include "table/text_builder.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

constexpr std::size_t n_rows = 9;

Buffer bytes(std::size_t size, std::uint8_t value = 0) {
  return Buffer::of(std::vector<std::uint8_t>(size, value));
}

template <class T>
Buffer numbers(std::vector<T> values) {
  return Buffer::of(std::move(values));
}

Column texts_of(TextLayout layout, std::size_t size, Buffer values, std::size_t n_characters) {
  return Column{{TextChunk{layout, 0, size, {}, std::move(values), {bytes(n_characters, 'a')}}}};
}

void check_is_sound(const Column& column, ColumnShape shape) {
  CHECK_NOTHROW(check_column("c", column, shape));
}

void check_is_damaged(const Column& column, ColumnShape shape, const char* why) {
  CHECK_THROWS_WITH_AS(check_column("c", column, shape),
                       (std::string{"the table is damaged: column c has "} + why).c_str(),
                       ArgumentError);
}

TEST_CASE("a column has the type and the rows that it should have") {
  const Column column{ColumnType::int64, n_rows, {}, bytes(8 * n_rows)};
  check_is_sound(column, {ColumnType::int64, n_rows});
  check_is_damaged(column, {ColumnType::timestamp, n_rows}, "the wrong type");
  check_is_damaged(column, {ColumnType::int64, n_rows - 1}, "another number of rows");
}

TEST_CASE("a column has a bit and a value for each row") {
  const ColumnShape shape{ColumnType::boolean, n_rows};
  check_is_sound({ColumnType::boolean, n_rows, bytes(2), bytes(2)}, shape);
  check_is_damaged({ColumnType::boolean, n_rows, bytes(1), bytes(2)}, shape,
                   "too few bits of validity");
  check_is_damaged({ColumnType::boolean, n_rows, bytes(2), bytes(1)}, shape, "too few values");
}

TEST_CASE("a size whose bytes are more than can be counted is too large") {
  constexpr std::size_t too_many = (std::size_t{1} << 61U) + 1;  // times 8: 8
  check_is_damaged({ColumnType::int64, too_many, {}, bytes(8)}, {ColumnType::int64, too_many},
                   "too few values");
}

TEST_CASE("codes have labels, null is code 0") {
  constexpr std::array<std::string_view, 2> names{"a", "b"};
  const auto labels = as_labels(names);
  const auto codes = [](std::int8_t second, std::uint8_t validity) {
    return Column{ColumnType::code8, 2, bytes(1, validity), numbers<std::int8_t>({0, second})};
  };
  const ColumnShape shape{ColumnType::code8, 2, labels.get()};
  check_is_sound(codes(1, 0b11), shape);
  check_is_sound(codes(0, 0b01), shape);
  check_is_damaged(codes(2, 0b11), shape, "codes of no label");
  check_is_damaged(codes(-1, 0b11), shape, "codes of no label");
  check_is_damaged(codes(1, 0b01), shape, "codes of no label");
  check_is_damaged(codes(1, 0b11), {ColumnType::code8, 2}, "codes of no label");
}

TEST_CASE("offsets rise, from 0 to the end of the text") {
  const ColumnShape shape{ColumnType::utf8, 2};
  const auto texts = [](std::vector<std::int32_t> offsets) {
    return texts_of(TextLayout::utf8, 2, numbers(std::move(offsets)), 3);
  };
  check_is_sound(texts({0, 1, 3}), shape);
  check_is_damaged(texts({0, 1}), shape, "too few values");
  check_is_damaged(texts({-1, 1, 3}), shape, "values that point at no text");
  check_is_damaged(texts({0, 3, 1}), shape, "values that point at no text");
  check_is_damaged(texts({0, 1, 4}), shape, "values that point at no text");
  check_is_damaged(Column{{TextChunk{TextLayout::utf8, 0, 2, {}, bytes(12), {}}}}, shape,
                   "values that point at no text");
}

TEST_CASE("wide offsets are read as wide as they are") {
  const ColumnShape shape{ColumnType::large_utf8, 1};
  const auto texts = [](std::int64_t end) {
    return texts_of(TextLayout::large_utf8, 1, numbers<std::int64_t>({0, end}), 3);
  };
  check_is_sound(texts(3), shape);
  check_is_damaged(texts(std::int64_t{1} << 32U), shape, "values that point at no text");
}

TEST_CASE("views point into the text") {
  const ColumnShape shape{ColumnType::utf8_view, 1};
  TextBuilder builder{TextLayout::utf8_view};
  builder.push_back("thirteen byte");
  TextChunk chunk = builder.finish();
  check_is_sound(Column{{chunk}}, shape);
  chunk.text = {bytes(12)};
  check_is_damaged(Column{{chunk}}, shape, "values that point at no text");
  chunk.values = bytes(15);
  check_is_damaged(Column{{chunk}}, shape, "too few values");
}

TEST_CASE("texts have a bit for each row") {
  const TextChunk chunk{TextLayout::utf8, 0, n_rows, bytes(1), bytes(4 * (n_rows + 1)), {bytes(0)}};
  check_is_damaged(Column{{chunk}}, {ColumnType::utf8, n_rows}, "too few bits of validity");
}

TEST_CASE("texts that may be passed on have any layout, others the one they are given") {
  const Column column = texts_of(TextLayout::utf8, 1, numbers<std::int32_t>({0, 1}), 1);
  check_is_damaged(column, {ColumnType::large_utf8, 1}, "the wrong type");
  check_is_sound(column, {ColumnType::large_utf8, 1, nullptr, true});
  check_is_damaged({ColumnType::int32, 1, {}, bytes(4)}, {ColumnType::utf8, 1, nullptr, true},
                   "the wrong type");
}

}  // namespace
