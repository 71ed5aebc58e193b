#include "records/decode/record_splitter.hpp"

#include <vector>

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

constexpr std::string_view mark = "\xEF\xBB\xBF";

const RecordSplitter::Calls calls{[](std::string_view key) { return key == "uuid"; },
                                  [](std::string_view /*key*/, std::string_view /*json*/) {}};

/// The records of a source, one after another as in `<{}><1>`; `!` after one that is broken.
std::string split(std::string_view source) {
  RecordSplitter splitter{source, "", calls};
  std::string found;
  while (const auto record = splitter.next()) {
    CHECK(source.substr(record->offset, record->text.size()) == record->text);
    found += "<" + std::string{record->text} + ">" + (record->broken_at ? "!" : "");
  }
  return found;
}

std::size_t error_offset(std::string_view source) {
  return error_of<JsonError>([&] { (void)split(source); }).offset;
}

TEST_CASE("nothing at all has no records") {
  for (const std::string_view source : {"", " \t\r\n", "[]", "[ ]", R"({"d":[]})", "[][]"}) {
    CAPTURE(source);
    CHECK(split(source).empty());
  }
  CHECK(split(mark).empty());
}

TEST_CASE("a list is taken apart") {
  CHECK(split(R"([{"a":1},{"b":[2,{}]}])") == R"(<{"a":1}><{"b":[2,{}]}>)");
  CHECK(split(" [ {} , 17 , \"a,b\" ,[1], null ] ") == R"(<{}><17><"a,b"><[1]><null>)");
}

TEST_CASE("texts in a row are records each, on one line or on many") {
  CHECK(split(R"({"a":1}{"b":2} {"c":3})") == R"(<{"a":1}><{"b":2}><{"c":3}>)");
  CHECK(split("{\n \"a\": 1\n}\n{\n \"b\": 2\n}\n") == "<{\n \"a\": 1\n}><{\n \"b\": 2\n}>");
  CHECK(split("[{}]\n{}\n[{},{}]") == "<{}><{}><{}><{}>");
}

TEST_CASE("a bare value at the top takes its line") {
  CHECK(split("17\n\"x y\"\nnull") == R"(<17><"x y"><null>)");
  CHECK(split("17 18 \n") == "<17 18>");
}

TEST_CASE("JSON lines may be blank, indented and end as on Windows") {
  CHECK(split("{\"a\":1}\r\n\r\n  {\"b\":2}  \r\n") == R"(<{"a":1}><{"b":2}>)");
  CHECK(split("{\"a\":1}\n{\"b\":2}") == R"(<{"a":1}><{"b":2}>)");
}

TEST_CASE("a byte order mark is skipped before any text") {
  CHECK(split(std::string{mark} + "[{}]") == "<{}>");
  CHECK(split(std::string{mark} + "{}") == "<{}>");
  CHECK(split("{}\n" + std::string{mark} + "{}") == "<{}><{}>");
}

TEST_CASE("an envelope is an object with a list d before any field of a device") {
  CHECK(split(R"({"d":[{"uuid":1},{"uuid":2}]})") == R"(<{"uuid":1}><{"uuid":2}>)");
  CHECK(split(R"({"a":{"d":[1]},"b":"[","d":[{}],"e":{"d":[2]}})") == "<{}>");
  CHECK(split(R"({"\u0064":[{}]})") == "<{}>");
  CHECK(split(R"({"d":[{}]} {"d":[{},{}]})") == "<{}><{}><{}>");
}

TEST_CASE("a record may have a member d of its own") {
  for (const std::string_view record :
       {R"({"uuid":"a","d":[1]})", R"({"u\u0075id":"a","d":[1]})", R"({"d":{"x":[1]},"uuid":"a"})",
        R"({"d":null})", R"({"a":{"d":[1]}})", R"({"D":[1]})"}) {
    CAPTURE(record);
    CHECK(split(record) == "<" + std::string{record} + ">");
  }
}

TEST_CASE("an envelope within a list or an envelope is a record") {
  CHECK(split(R"([{"d":[1]}])") == R"(<{"d":[1]}>)");
  CHECK(split(R"({"d":[{"d":[1]}]})") == R"(<{"d":[1]}>)");
}

TEST_CASE("what follows the list of an envelope is read and must be JSON") {
  CHECK(split(R"({"d":[{}],"a":1,"d":[{},{}],"b":{"c":[]}})") == "<{}>");
  CHECK(error_offset(R"({"d":[{}],"a":tru})") == 17);
  CHECK(error_offset(R"({"d":[{}],})") == 10);
  CHECK(error_offset(R"({"d":[{}],"a"})") == 13);
  CHECK(error_offset(R"({"d":[{}] "a":1})") == 10);
  CHECK(error_offset(R"({"d":[{}],a:1})") == 10);
  CHECK(error_offset(R"({"d":[{}],"\q":1})") == 10);
  CHECK(error_offset(R"({"d":[{}]])") == 9);
}

TEST_CASE("a list goes on with a comma or ends") {
  CHECK(error_offset("[{} {}]") == 4);
  CHECK(error_offset("[{},]") == 4);
  CHECK(error_offset("[,{}]") == 1);
  CHECK(error_offset("[{},,{}]") == 4);
  CHECK(error_offset("[{}") == 3);
  CHECK(error_offset("[{},") == 4);
  CHECK(error_offset("[{}}") == 3);
  CHECK(error_offset("[1:2}") == 4);
}

TEST_CASE("text behind a record on its line breaks it, and it reaches to the end of the line") {
  CHECK(split(R"({"a":1} x)") == R"(<{"a":1} x>!<x>)");
  CHECK(split(R"({"a":1},)") == R"(<{"a":1},>!<,>)");
  CHECK(split(R"({"a":1}"b")") == R"(<{"a":1}"b">!<"b">)");
}

TEST_CASE("a record that is not closed takes the rest, or what there is up to the next") {
  CHECK(split("{\"a\":1,\n\"b\":2\n") == "<{\"a\":1,\n\"b\":2\n>!");
  CHECK(split("{\"a") == "<{\"a>!");
  CHECK(split("{\"a\":1\n{\"b\":2}\n").starts_with("<{\"a\":1\n{>!"));
  CHECK(split("{\"a\":\"b\n{}").starts_with("<{\"a\":\"b\n>!"));
  CHECK(split("{\"a\":[}{}").starts_with("<{\"a\":[}>!"));
}

/// Loses every record that is broken, as the reader does.
std::string split_losing(std::string_view source, bool are_lines_expected = false) {
  RecordSplitter splitter{source, "", calls};
  if (are_lines_expected) splitter.expect_lines();
  std::string found;
  while (const auto record = splitter.next()) {
    if (!record->broken_at) {
      found += "<" + std::string{record->text} + ">";
    } else if (splitter.lose_line(*record)) {
      found += "<lost>";
    } else {
      return found + "<error>";
    }
  }
  return found;
}

TEST_CASE("of JSON lines one is lost alone, wherever it stands") {
  CHECK(split_losing("{\"a\":\n{\"b\":2}\n{}") == "<lost><{\"b\":2}><{}>");
  CHECK(split_losing("{}\n{\"a\":\n{\"b\":2}") == "<{}><lost><{\"b\":2}>");
  CHECK(split_losing("{}\n{\"a\":1}}\n{}") == "<{}><lost><{}>");
  CHECK(split_losing("{}\n{\"a\":\"b") == "<{}><lost>");
  CHECK(split_losing("{}\n{\n{\n\n{}") == "<{}><lost><lost><{}>");
}

TEST_CASE("where lines are expected, the first ones are lost alone too") {
  for (const std::string_view source : {"{\"a\":", "{\n", "{\"a\":\n{\n", "{\"a\":\n{\"b"}) {
    CAPTURE(source);
    CHECK(split_losing(source) == "<error>");
  }
  CHECK(split_losing("{\"a\":", true) == "<lost>");
  CHECK(split_losing("{\"a\":\n{\n", true) == "<lost><lost>");
  CHECK(split_losing("{\"a\":\n{\n{}\n", true) == "<lost><lost><{}>");
  CHECK(split_losing("{\"d\":[{}]}\n{\"d\":[{},{}]}", true) == "<{}><{}><{}>");
  const auto split_page = [] { (void)split_losing("{\"d\":[{},{\"a\":", true); };
  CHECK(error_of<JsonError>(split_page).offset == 14);  // of a page, devices would be missing
}

TEST_CASE("a line that spans brackets of the next is lost alone") {
  // Quotes and brackets that are open at the end of a line swallow what follows.
  CHECK(split_losing("{}\n{\"a\":\"x}\n{\"b\":\"y\"}\n") == "<{}><lost><{\"b\":\"y\"}>");
  CHECK(split_losing("{}\n{\"a\":[\n{}]}\n{}") == "<{}><{\"a\":[\n{}]}><{}>");
}

TEST_CASE("where texts are not JSON lines no line can be lost") {
  CHECK(split_losing("{\n\"a\":1\n}\n{\"b\":") == "<{\n\"a\":1\n}><error>");
  CHECK(split_losing("{}{}\n{\"b\":") == "<{}><{}><error>");
  CHECK(split_losing("[{}]\n{\"b\":") == "<{}><error>");
  CHECK(split_losing("{\"b\":") == "<error>");
  CHECK(split_losing("{\n\"a\":1,\n") == "<error>");
}

TEST_CASE("a byte order mark before a lost line changes nothing") {
  CHECK(split_losing(std::string{mark} + "{\"a\":\n{}") == "<lost><{}>");
}

TEST_CASE("after a lost line each line stands for itself") {
  CHECK(split_losing("{}\n{\"a\":\n[1]\n17\n{} {}\n{}") == "<{}><lost><[1]><17><lost><{}>");
}

}  // namespace
