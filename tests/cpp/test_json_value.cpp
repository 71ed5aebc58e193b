#include "records/decode/json_value.hpp"

#include <array>
#include <map>
#include <vector>

#include "records/accepts.hpp"
#include "records/value.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

static_assert(Value<JsonValue>);

using Kind = Scalar::Kind;

/// Calls `visit` with the value of a text.
/// @return false if it is no JSON
template <class Visit>
bool parse(std::string_view text, TextArena& arena, Visit visit) {
  JsonCursor cursor{arena};
  cursor.begin(text);
  JsonValue value{cursor, 0};
  visit(value);
  return value.end() == text.size() && !cursor.has_given_up();
}

/// Calls `visit` with the scalar that a text makes as a member of an object.
template <class Visit>
bool parse_scalar(std::string_view token, Visit visit) {
  const std::string text = "{\"a\":" + std::string{token} + "}";
  TextArena arena;
  return parse(text, arena, [&](JsonValue& object) {
    object.for_each_member([&](std::string_view, JsonValue& value) { visit(value.scalar()); });
  });
}

void check_malformed(std::initializer_list<std::string_view> tokens) {
  for (const std::string_view token : tokens) {
    CAPTURE(token);
    CHECK_FALSE(parse_scalar(token, [](const Scalar&) {}));
  }
}

std::string text_of(std::string_view token) {
  std::string text;
  REQUIRE(parse_scalar(token, [&](const Scalar& scalar) {
    REQUIRE(scalar.kind == Kind::text);
    text = scalar.text;
  }));
  return text;
}

/// A scalar that is no text.
Scalar number(std::string_view token) {
  Scalar number;
  REQUIRE(parse_scalar(token, [&](const Scalar& scalar) { number = scalar; }));
  return number;
}

/// The key of an object's only member; none if that is no JSON.
std::optional<std::string> key_of(std::string_view token) {
  const std::string text = "{" + std::string{token} + ":1}";
  std::string key;
  TextArena arena;
  const bool is_json = parse(text, arena, [&](JsonValue& object) {
    object.for_each_member([&](std::string_view name, JsonValue&) { key = name; });
  });
  return is_json ? std::optional{key} : std::nullopt;
}

TEST_CASE("literals are exact") {
  CHECK(number("true").boolean);
  CHECK(number("true").kind == Kind::boolean);
  CHECK_FALSE(number("false").boolean);
  CHECK(number("null").is_null());
  check_malformed({"tru", "truee", "True", "fals", "nul", "nulll", "NULL", "t", "f", "n"});
}

TEST_CASE("integers of 64 bits are read exactly") {
  CHECK(number("0").integer == 0);
  CHECK(number("-0").integer == 0);
  CHECK(number("-17").integer == -17);
  CHECK(number("9223372036854775807").integer == std::numeric_limits<std::int64_t>::max());
  CHECK(number("-9223372036854775808").integer == std::numeric_limits<std::int64_t>::min());
  CHECK(number("9007199254740993").integer == 9007199254740993);  // no double has it
}

TEST_CASE("numbers that do not fit are no error of JSON") {
  CHECK(number("9223372036854775808").kind == Kind::other);
  CHECK(number("-9223372036854775809").kind == Kind::other);
  CHECK(number(std::string(1000, '9')).kind == Kind::other);
  CHECK(number("1e400").kind == Kind::other);
  CHECK(number("-1e400").kind == Kind::other);
}

TEST_CASE("fractions and exponents make a real") {
  CHECK(number("1.5").real == 1.5);
  CHECK(number("-0.25e2").real == -25.0);
  CHECK(number("1E5").real == 100'000.0);
  CHECK(number("1e+5").real == 100'000.0);
  CHECK(number("25e-1").real == 2.5);
  CHECK(number("0.0").kind == Kind::real);
  CHECK(number("0e0").kind == Kind::real);
  CHECK(number("0.0e-400").kind == Kind::real);
  CHECK(number("1e-400").real == 0.0);  // as other readers have it
  CHECK(number("4.9e-324").real == std::numeric_limits<double>::denorm_min());
  CHECK(number("0." + std::string(1000, '9')).real == 1.0);
}

TEST_CASE("whole reals are integers and others are not") {
  CHECK(read_as<accepts::Integer>(number("100.0")).get() == 100);
  CHECK(read_as<accepts::Integer>(number("-1e3")).get() == -1000);
  CHECK_FALSE(read_as<accepts::Integer>(number("0.5")).is_accepted);
  CHECK(read_as<accepts::Integer>(number("-9223372036854775808.0")).get() ==
        std::numeric_limits<std::int64_t>::min());
  CHECK_FALSE(read_as<accepts::Integer>(number("9223372036854775808.0")).is_accepted);  // 2^63
  CHECK(read_as<accepts::Integer32>(number("2147483647")).get() == 2147483647);
  CHECK_FALSE(read_as<accepts::Integer32>(number("2147483648")).is_accepted);
  CHECK_FALSE(read_as<accepts::Integer32>(number("-2147483649")).is_accepted);
}

TEST_CASE("flags are true, false, 0 and 1") {
  CHECK(read_as<accepts::Boolean>(number("true")).get() == true);
  CHECK(read_as<accepts::Boolean>(number("0")).get() == false);
  CHECK(read_as<accepts::Boolean>(number("1.0")).get() == true);
  CHECK(read_as<accepts::Boolean>(number("-0.0")).get() == false);
  for (const std::string_view token : {"2", "-1", "0.5", "\"true\"", "\"1\""}) {
    CAPTURE(token);
    CHECK_FALSE(read_as<accepts::Boolean>(number(token)).is_accepted);
  }
}

TEST_CASE("numbers keep to the grammar") {
  check_malformed({"01",          "-01",   "00",    "-",        "+1",
                   "1.",          ".5",    "-.5",   "1.e5",     "1e",
                   "1e+",         "1e-",   "1.5.5", "1e5e5",    "1e5.5",
                   "0x10",        "1_000", "1,000", "Infinity", "NaN",
                   "--1",         "1-",    "1 2",   "12a",      std::string_view{"1\0", 2},
                   "\xEF\xBC\x91"});
}

TEST_CASE("strings are taken as they stand") {
  CHECK(text_of(R"("")").empty());
  CHECK(text_of(R"("abc")") == "abc");
  CHECK(text_of("\"\xC3\xA9\xF0\x9F\x98\x80\"") == "\xC3\xA9\xF0\x9F\x98\x80");
}

TEST_CASE("escapes are replaced") {
  CHECK(text_of(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
  CHECK(text_of(R"("a\u0041\u00e9\u20AC")") == "aA\xC3\xA9\xE2\x82\xAC");
  CHECK(text_of(R"("\u0000")") == std::string(1, '\0'));
  CHECK(text_of(R"("\u007f\u0080\u07ff\u0800\uffff")") ==
        "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF");
}

TEST_CASE("surrogate pairs are one character") {
  CHECK(text_of(R"("\ud83d\ude00")") == "\xF0\x9F\x98\x80");
  CHECK(text_of(R"("\uD800\uDC00\uDBFF\uDFFF")") == "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF");
}

TEST_CASE("a lone surrogate is text that no field can hold") {
  for (const std::string_view token :
       {R"("\ud800")", R"("\udc00")", R"("\udbff\udbff")", R"("\udc00\ud800")", R"("\ud800a")",
        R"("\ud800\n")", R"("\ud83d\ude00\ud83d")", R"("\ud800\u0041")"}) {
    CAPTURE(token);
    CHECK(number(token).kind == Kind::other);
  }
}

TEST_CASE("escapes keep to the grammar") {
  check_malformed({R"("\a")", R"("\x41")", R"("\u")", R"("\u12")", R"("\u123")", R"("\u12g4")",
                   R"("\u-123")", R"("\u+123")", R"("\u 123")", R"("\U0041")", R"("\ud800\u12")",
                   R"("\ud800\uzzzz")", "\"\\\n\"", "\"\\\xC3\xA9\""});
}

TEST_CASE("lists and objects are no scalars") {
  TextArena arena;
  for (const std::string_view text : {"[1]", "{}"}) {
    parse(text, arena, [](JsonValue& value) { CHECK(value.scalar().kind == Kind::other); });
  }
}

TEST_CASE("keys are unescaped") {
  CHECK(key_of(R"("uuid")") == "uuid");
  CHECK(key_of(R"("uuid"  )") == "uuid");
  CHECK(key_of(R"("\u0075u\u0069d")") == "uuid");
  CHECK(key_of(R"("a\"b\\")") == R"(a"b\)");
  CHECK(key_of(R"("")") == "");
  CHECK(key_of(R"("\ud800")") == "\xEF\xBF\xBD");
  CHECK_FALSE(key_of(R"("\q")"));
  CHECK_FALSE(key_of(R"("a"b")"));
}

TEST_CASE("texts without escapes are not copied, wherever others have some") {
  const std::string_view text = R"({"a":"\n", "uuid" : "abc" , "b" :"" })";
  TextArena arena;
  parse(text, arena, [&](JsonValue& object) {
    object.for_each_member([&](std::string_view name, JsonValue& value) {
      if (name == "uuid") CHECK(value.scalar().text.data() == text.data() + text.find("abc"));
    });
  });
}

TEST_CASE("listed members are visited in their order under either spelling") {
  constexpr std::array<std::string_view, 2> names{"app_name", "slug"};
  const KeyTable keys{names};
  TextArena arena;
  std::string seen;
  parse(R"({"slug":1,"x":{"slug":2},"app name":[3],"sl\u0075g":4})", arena, [&](JsonValue& value) {
    CHECK(value.is_object());
    value.for_each_listed(keys, [&](int key_index, std::string_view key, JsonValue& member) {
      seen += std::to_string(key_index) + "=" + std::string{key} + ":" + member.short_form() + ";";
    });
  });
  CHECK(seen == "1=slug:1;0=app name:a list;1=slug:4;");
}

TEST_CASE("elements are visited in their order, read or not") {
  TextArena arena;
  std::string seen;
  parse(R"([1, {"a":[2]} ,"b",[], null ])", arena, [&](JsonValue& value) {
    CHECK(value.is_list());
    value.for_each_element([&](std::size_t i, JsonValue& element) {
      seen += std::to_string(i) + ":" + element.short_form() + ";";
    });
  });
  CHECK(seen == R"(0:1;1:an object;2:"b";3:a list;4:null;)");
}

TEST_CASE("where structure is broken the cursor gives up") {
  constexpr std::array<std::string_view, 1> names{"id"};
  const KeyTable keys{names};
  for (const std::string_view text :
       {R"({"id":1 "id":2})", R"({"id":1,})", R"({"id":1,,"id":2})", R"({"id" 1})", R"({id:1})",
        R"({"id":})", R"({"id":1 2})", R"({,"id":1})", R"({"x":1;"id":2})"}) {
    CAPTURE(text);
    TextArena arena;
    CHECK_FALSE(parse(text, arena, [&](JsonValue& value) {
      value.for_each_listed(
          keys, [](int, std::string_view, JsonValue& member) { (void)member.scalar(); });
    }));
  }
}

/// What is visited of the listed members of each text, all read by one cursor.
std::vector<std::string> listed_in_turn(const std::vector<std::string>& texts) {
  constexpr std::array<std::string_view, 3> names{"a", "b", "c"};
  const KeyTable keys{names};
  TextArena arena;
  JsonCursor cursor{arena};
  std::vector<std::string> all;
  for (const std::string& text : texts) {
    std::string& seen = all.emplace_back();
    cursor.begin(text);
    JsonValue value{cursor, 0};
    value.for_each_listed(keys, [&](int key_index, std::string_view key, JsonValue& member) {
      seen += std::to_string(key_index) + std::string{key} + member.short_form() + ";";
    });
    if (value.end() != text.size() || cursor.has_given_up()) seen += "broken";
  }
  return all;
}

TEST_CASE("keys that come in another order than before are the same keys") {
  const std::vector<std::string> texts{R"({"a":1,"x":[1],"b":2,"c":3})",
                                       R"({"a":4,"x":[],"b":5,"c":6})",
                                       R"({"c":7,"b":8,"a":9})",
                                       R"({"b":1,"c":2})",
                                       R"({"x":{},"c":1})",
                                       R"({ "a" : 1 , "b":2})",
                                       R"({"a":1,"a":2,"b":3,"a":4})",
                                       R"({"y":1,"a":2,"z":3,"b":4})",
                                       R"({"a":1,"x":[1],"b":2,"c":3})",
                                       R"({})",
                                       R"({"\u0061":1,"b":2})",
                                       R"({"a":1,"ab":2,"b":3})",
                                       R"({"a": 1,"x": [1],"b":	2})"};
  const std::vector<std::string> expected{
      "0a1;1b2;2c3;", "0a4;1b5;2c6;",     "2c7;1b8;0a9;", "1b1;2c2;",     "2c1;",
      "0a1;1b2;",     "0a1;0a2;1b3;0a4;", "0a2;1b4;",     "0a1;1b2;2c3;", "",
      "0a1;1b2;",     "0a1;1b3;",         "0a1;1b2;"};
  CHECK(listed_in_turn(texts) == expected);
}

TEST_CASE("what is broken behind a key that was expected is broken") {
  const std::string good = R"({"a":1,"b":2})";
  for (const std::string_view broken :
       {R"({"a":1,"b":})", R"({"a":1,"b":2)", R"({"a":1,"b":2,})", R"({"a":1"b":2})",
        R"({"a":,"b":2})", R"({"a":1,"b":2]})", R"({"a":1,"b)"}) {
    CAPTURE(broken);
    CHECK(listed_in_turn({good, good, std::string{broken}})[2].ends_with("broken"));
  }
}

}  // namespace
