#include "records/decode/json_error.hpp"

#include <nlohmann/json.hpp>

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

struct Place {
  std::size_t offset;
  std::size_t line;
  std::size_t column;

  friend bool operator==(const Place&, const Place&) = default;
};

Place place_of(const JsonError& error) { return {error.offset, error.line, error.column}; }

JsonError error_in(std::string_view json) {
  return error_of<JsonError>([&] { (void)read_table(json, lenient()); });
}

TEST_CASE("lines count from one and columns are bytes from one") {
  JsonErrorLocator errors{"ab\ncd\r\n\n\xC3\xA4x", ""};
  const auto place = [&](std::size_t offset) { return place_of(errors.error_at(offset, "what")); };
  CHECK(place(0) == Place{0, 1, 1});
  CHECK(place(2) == Place{2, 1, 3});  // the line feed still belongs to its line
  CHECK(place(3) == Place{3, 2, 1});
  CHECK(place(6) == Place{6, 2, 4});  // after "cd" and the carriage return
  CHECK(place(7) == Place{7, 3, 1});
  CHECK(place(10) == Place{10, 4, 3});  // the letter before has two bytes
}

TEST_CASE("places may be asked for in any order") {
  JsonErrorLocator errors{"ab\ncd\nef", ""};
  for (const std::size_t offset : {7, 0, 4, 4, 2, 7}) {
    // Every line has three bytes.
    CHECK(place_of(errors.error_at(offset, "what")) ==
          Place{offset, offset / 3 + 1, offset % 3 + 1});
  }
}

TEST_CASE("a place past the end is the end") {
  CHECK(place_of(JsonErrorLocator{"ab", ""}.error_at(99, "what")) == Place{2, 1, 3});
  CHECK(place_of(JsonErrorLocator{"", ""}.error_at(0, "what")) == Place{0, 1, 1});
}

TEST_CASE("the message tells what is wrong, where and in which source") {
  CHECK(std::string{JsonErrorLocator{"a\nb", ""}.error_at(2, "no value").what()} ==
        "no JSON at line 2, column 1 (byte 2): no value");
  CHECK(std::string{JsonErrorLocator{"", "fleet.json"}.error_at(0, "no value").what()} ==
        "fleet.json: no JSON at line 1, column 1 (byte 0): no value");
}

TEST_CASE("a second parser finds the place within a value") {
  const auto find = [](std::string_view text, std::size_t offset) {
    return place_of(JsonErrorLocator{text, ""}.locate(offset, text.size(), "otherwise"));
  };
  CHECK(find("[1,\n 2 3]", 0) == Place{7, 2, 4});
  CHECK(find("{} [1,]", 3) == Place{6, 1, 7});
  CHECK(find("{} [1", 3) == Place{5, 1, 6});
}

TEST_CASE("the second parser looks no further than it is told") {
  JsonErrorLocator errors{"[1,\n2,\n x", ""};
  CHECK(place_of(errors.locate(0, 4, "otherwise")) == Place{4, 2, 1});
  CHECK(place_of(errors.locate(0, std::string_view::npos, "otherwise")) == Place{8, 3, 2});
}

TEST_CASE("where the second parser finds nothing the first has the word") {
  const JsonError error = JsonErrorLocator{"{} {}", ""}.locate(3, 5, "unexpected text");
  CHECK(place_of(error) == Place{3, 1, 4});
  CHECK(std::string{error.what()} == "no JSON at line 1, column 4 (byte 3): unexpected text");
}

TEST_CASE("the first byte that cannot go on is named") {
  struct Broken {
    std::string_view text;
    std::size_t offset;
  };
  for (const auto& [text, offset] :
       {Broken{R"({"id":1,})", 8}, Broken{R"([{"id":1},])", 10}, Broken{R"({"id" 1})", 6},
        Broken{R"({"id":tru})", 9}, Broken{R"({"id":1.})", 8}, Broken{R"({"id":-})", 7},
        Broken{R"({"uuid":"a\q"})", 11}, Broken{"{\"uuid\":\"a\tb\"}", 10},
        Broken{"{\"uuid\":\"a\xFF\"}", 10}, Broken{"{\"uuid\":\"\xC3\"}", 10},
        Broken{R"({id:1})", 1}, Broken{R"({"id":1]})", 7}, Broken{R"([{"id":1}}])", 9},
        Broken{R"([{"id":1} {"id":2}])", 10}, Broken{R"({"id":1} x)", 9}, Broken{"x", 0},
        Broken{R"([{},,{}])", 4}, Broken{R"([,1])", 1}, Broken{"]", 0}}) {
    CAPTURE(text);
    CHECK(error_in(text).offset == offset);
  }
}

TEST_CASE("text that is cut off is wrong at its end") {
  for (const std::string_view text :
       {"[", "{", R"([{"id":1})", R"([{"id":1},)", R"({"id")", R"({"id":)", R"({"id":1)",
        R"({"uuid":"a)", R"({"uuid":"\)", R"({"d":[])", R"({"d":[{}],)", R"({"d":[],"a")"}) {
    CAPTURE(text);
    CHECK(error_in(text).offset == text.size());
  }
}

TEST_CASE("a byte order mark counts in offset and column") {
  CHECK(place_of(error_in("\xEF\xBB\xBF{\"id\":}")) == Place{9, 1, 10});
}

TEST_CASE("lines may end as on Windows") {
  CHECK(place_of(error_in("[\r\n{\"id\":1},\r\n{\"id\":}]")) == Place{20, 3, 7});
}

TEST_CASE("a message is text that every reader can show") {
  // Bytes that are no UTF-8, and much of them: neither may come back in the message.
  for (const std::string& text :
       {std::string{"{\"uuid\":\"\xFF\"}"}, "{\"uuid\":\"" + std::string(100'000, 'x')}) {
    const std::string message = error_in(text).what();
    CHECK(nlohmann::json::accept('"' + nlohmann::json(message).dump(-1, ' ', true).substr(1)));
    CHECK(message.size() < 1000);
  }
}

TEST_CASE("only one whole value is JSON") {
  CHECK(is_json(R"( {"a":[1,"b",null]} )"));
  CHECK(is_json("-0.5e+3"));
  for (const std::string_view text : {"", " ", "01", "1 2", "{", "tru", "\"\n\"", "'a'", "NaN"}) {
    CAPTURE(text);
    CHECK_FALSE(is_json(text));
  }
}

TEST_CASE("a NUL ends no value") {
  CHECK_FALSE(is_json(std::string_view{"1\0", 2}));
  CHECK_FALSE(is_json(std::string_view{"[]\0x", 4}));
  CHECK_THROWS_AS((void)read_table(std::string_view{"[1\0]", 4}, keeping()), JsonError);
}

TEST_CASE("a byte order mark is no part of a value") {
  CHECK_FALSE(
      is_json("\xEF\xBB\xBF"
              "1"));
}

TEST_CASE("strings are unescaped and other values have no text") {
  CHECK(unescape_json_string(R"("a\u00e9\n\"")") == "a\xC3\xA9\n\"");
  CHECK(unescape_json_string(R"("\ud83d\ude00")") == "\xF0\x9F\x98\x80");
  CHECK(unescape_json_string(R"("\ud83d")").empty());
  CHECK(unescape_json_string("17").empty());
  CHECK(unescape_json_string("").empty());
}

}  // namespace
