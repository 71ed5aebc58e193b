#include "records/decode/arrow_value.hpp"

#include <limits>

#include "arrow_support.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

Scalar scalar_at(const Looked& looked, std::size_t row = 0) {
  return ArrowValue{looked.column, row}.scalar();
}

std::string short_form(const Made& array) {
  const Looked looked{array};
  return ArrowValue{looked.column, 0}.short_form();
}

template <class T>
Made numbers_of(std::string format, T value) {
  return numbers<T>(std::move(format), {value});
}

/// The time that so many ticks come to; nothing if no field can hold it.
std::string time_of(const std::string& format, std::int64_t ticks) {
  const Looked looked{numbers(format, {ticks})};
  const Scalar scalar = scalar_at(looked);
  return scalar.kind == Scalar::Kind::timestamp ? format_timestamp(scalar.timestamp) : "";
}

TEST_CASE("integers of every width") {
  constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  CHECK(scalar_at(Looked{numbers_of<std::int8_t>("c", -5)}).integer == -5);
  CHECK(scalar_at(Looked{numbers_of<std::uint8_t>("C", 255)}).integer == 255);
  CHECK(scalar_at(Looked{numbers_of<std::int16_t>("s", -300)}).integer == -300);
  CHECK(scalar_at(Looked{numbers_of<std::uint16_t>("S", 65'535)}).integer == 65'535);
  CHECK(scalar_at(Looked{numbers_of<std::int32_t>("i", -70'000)}).integer == -70'000);
  CHECK(scalar_at(Looked{numbers_of<std::uint32_t>("I", 4'294'967'295)}).integer == 4'294'967'295);
  CHECK(scalar_at(Looked{numbers_of<std::int64_t>("l", largest)}).integer == largest);
  CHECK(scalar_at(Looked{numbers_of<std::uint64_t>("L", 7)}).integer == 7);
}

TEST_CASE("a number of 64 bits without a sign may be too large, but is carried") {
  const Looked looked{numbers_of<std::uint64_t>("L", std::uint64_t{1} << 63U)};
  CHECK(scalar_at(looked).kind == Scalar::Kind::other);
  CHECK(ArrowValue{looked.column, 0}.plain_text() == "9223372036854775808");
}

TEST_CASE("floats, of which no number is null") {
  CHECK(scalar_at(Looked{numbers<float>("f", {1.5F})}).real == 1.5);
  CHECK(scalar_at(Looked{numbers<double>("g", {1e300})}).real == 1e300);
  CHECK(
      scalar_at(Looked{numbers<float>("f", {std::numeric_limits<float>::quiet_NaN()})}).is_null());
  CHECK(scalar_at(Looked{numbers<double>("g", {-std::numeric_limits<double>::quiet_NaN()})})
            .is_null());
}

TEST_CASE("flags, texts and nulls") {
  const Looked flags{made("b", 2, {bytes_of<std::uint8_t>({0b01}), bytes_of<std::uint8_t>({1})})};
  CHECK(scalar_at(flags).boolean);
  CHECK(scalar_at(flags, 1).is_null());
  CHECK(scalar_at(Looked{texts({0, 2}, "ab")}).text == "ab");
  CHECK(scalar_at(Looked{made("n", 1, {})}).is_null());
  CHECK(scalar_at(Looked{texts({0, 1}, "\xff")}).kind == Scalar::Kind::other);
}

TEST_CASE("times are cut to milliseconds towards the past") {
  CHECK(time_of("tss:UTC", -1) == "1969-12-31T23:59:59Z");
  CHECK(time_of("tsm:UTC", -1) == "1969-12-31T23:59:59.999Z");
  CHECK(time_of("tsu:UTC", -1) == "1969-12-31T23:59:59.999Z");
  CHECK(time_of("tsn:UTC", -1) == "1969-12-31T23:59:59.999Z");
  CHECK(time_of("tsu:UTC", 1'999) == "1970-01-01T00:00:00.001Z");
  CHECK(time_of("tsn:-09:30", 1'999'999) == "1970-01-01T00:00:00.001Z");
}

TEST_CASE("times outside of the years 1 to 9999 are none, and nothing overflows") {
  CHECK(time_of("tss:UTC", -62'135'596'800) == "0001-01-01T00:00:00Z");
  CHECK(time_of("tss:UTC", -62'135'596'801).empty());
  CHECK(time_of("tss:UTC", 253'402'300'799) == "9999-12-31T23:59:59Z");
  CHECK(time_of("tss:UTC", 253'402'300'800).empty());
  for (const std::string format : {"tss:UTC", "tsm:UTC", "tsu:UTC"}) {
    CAPTURE(format);
    CHECK(time_of(format, std::numeric_limits<std::int64_t>::max()).empty());
    CHECK(time_of(format, std::numeric_limits<std::int64_t>::min()).empty());
  }
  CHECK(time_of("tsn:UTC", std::numeric_limits<std::int64_t>::min()) == "1677-09-21T00:12:43.145Z");
  CHECK(time_of("tsn:", 0).empty());
}

TEST_CASE("codes are replaced by what they stand for") {
  const auto values = [] { return texts({0, 1, 3}, "abc"); };
  CHECK(scalar_at(Looked{coded(numbers<std::uint8_t>("C", {1}), values())}).text == "bc");
  CHECK(scalar_at(Looked{coded(integers({1}), slice(values(), 1, 1))}).kind == Scalar::Kind::other);
  CHECK(scalar_at(Looked{coded(integers({0}), slice(values(), 1, 1))}).text == "bc");
  for (const int code : {-1, -128, 2, 127}) {
    const Made outside = coded(numbers("i", {code}), values());
    CHECK(short_form(outside) == "a code that its dictionary does not have");
  }
  const std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
  CHECK(scalar_at(Looked{coded(numbers<std::uint64_t>("L", {largest}), values())}).kind ==
        Scalar::Kind::other);
  const Made null = made("l", 1, {bytes_of<std::uint8_t>({0}), bytes_of<std::int64_t>({99})});
  CHECK(scalar_at(Looked{coded(null, values())}).is_null());
  CHECK(scalar_at(Looked{coded(integers({0}), made("n", 1, {}))}).is_null());
  const Made twice = coded(integers({0}), coded(integers({1}), values()));
  CHECK(scalar_at(Looked{twice}).text == "bc");
}

TEST_CASE("members of structs, pairs of maps, elements of lists") {
  const auto names_in = [](const Looked& looked) {
    std::string all;
    ArrowValue{looked.column, 0}.for_each_member([&](std::string_view name, ArrowValue& value) {
      all.append(name).append("=").append(value.short_form()).append(" ");
    });
    return all;
  };
  const Looked object{structs(1, {named("a", integers({1})), named("b", texts({0, 1}, "x"))})};
  CHECK(ArrowValue{object.column, 0}.is_object());
  CHECK(names_in(object) == "a=1 b=\"x\" ");
  const Looked map{made("+m", 1, {nullptr, bytes_of<std::int32_t>({1, 3})},
                        {structs(3, {texts({0, 1, 2, 3}, "xyz"), integers({1, 2, 3})})})};
  CHECK(ArrowValue{map.column, 0}.is_object());
  CHECK(names_in(map) == "y=2 z=3 ");
  const Looked numbered{made("+m", 1, {nullptr, bytes_of<std::int32_t>({0, 1})},
                             {structs(1, {integers({5}), integers({1})})})};
  CHECK(names_in(numbered).empty());
  const Looked list{
      made("+l", 1, {nullptr, bytes_of<std::int32_t>({1, 3})}, {integers({1, 2, 3})})};
  ArrowValue value{list.column, 0};
  CHECK(value.is_list());
  std::int64_t sum = 0;
  value.for_each_element(
      [&](std::size_t, ArrowValue& element) { sum += element.scalar().integer; });
  CHECK(sum == 5);
}

TEST_CASE("what is null is neither list nor object") {
  const Bytes null = bytes_of<std::uint8_t>({0});
  const Looked object{structs(1, {integers({1})}, null)};
  CHECK_FALSE(ArrowValue{object.column, 0}.is_object());
  const Looked list{made("+l", 1, {null, bytes_of<std::int32_t>({0, 1})}, {integers({1})})};
  CHECK_FALSE(ArrowValue{list.column, 0}.is_list());
  CHECK(scalar_at(list).is_null());
}

TEST_CASE("values are told in short") {
  CHECK(short_form(integers({-5})) == "-5");
  CHECK(short_form(numbers<double>("g", {2.0})) == "2.0");
  CHECK(short_form(numbers<double>("g", {0.1})) == "0.1");
  CHECK(short_form(numbers<double>("g", {1e30})) == "1e+30");
  CHECK(short_form(made("b", 1, {nullptr, bytes_of<std::uint8_t>({0})})) == "false");
  CHECK(short_form(texts({0, 1}, "\x1b")) == "\"\\u001b\"");
  CHECK(short_form(texts({0, 1}, "\xff")) == "text that is not UTF-8");
  CHECK(short_form(numbers<std::int64_t>("tsu:", {5})) == "a timestamp without a zone");
  CHECK(short_form(numbers<std::int64_t>("tsm:UTC", {0})) == "1970-01-01T00:00:00Z");
  CHECK(short_form(structs(1, {})) == "an object");
  CHECK(short_form(made("z", 1, {nullptr, nullptr, nullptr})) == "a value of the Arrow type 'z'");
  CHECK(short_form(made("n", 1, {})) == "null");
}

}  // namespace
