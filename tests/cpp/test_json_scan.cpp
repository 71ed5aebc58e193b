#include "records/decode/json_scan.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

ValueEnd closed(std::size_t at) { return {Closing::closed, at}; }
ValueEnd open_in(std::string_view text) { return {Closing::open, text.size()}; }
ValueEnd broken(std::size_t at) { return {Closing::broken, at}; }

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST_CASE("only the four white spaces of JSON are skipped") {
  CHECK(skip_space(" \t\r\nx", 0) == 4);
  CHECK(skip_space("x  ", 1) == 3);
  CHECK(skip_space("", 0) == 0);
  CHECK(skip_space("\f ", 0) == 0);
  CHECK(skip_space("\xC2\xA0", 0) == 0);
  CHECK(skip_space("ab", 2) == 2);
}

TEST_CASE("a string ends at the first quote that is not escaped") {
  CHECK(string_end(R"("")", 0) == closed(2));
  CHECK(string_end(R"("abc", "d")", 0) == closed(5));
  CHECK(string_end(R"(x"abc")", 1) == closed(6));
  CHECK(string_end(R"("a\"b")", 0) == closed(6));
  CHECK(string_end(R"("a\\"b")", 0) == closed(5));
  CHECK(string_end(R"("a\\\"b")", 0) == closed(8));
  CHECK(string_end(R"("\\\\")", 0) == closed(6));
}

TEST_CASE("a string that is not closed has no end") {
  for (const std::string_view text : {R"(")", R"("abc)", R"("abc\")", R"("\\\")"}) {
    CAPTURE(text);
    CHECK(string_end(text, 0) == open_in(text));
  }
}

TEST_CASE("a control character breaks a string, also behind a backslash") {
  CHECK(string_end("\"a\nb\"", 0) == broken(3));
  CHECK(string_end("\"\\\n\"", 0) == broken(3));
  CHECK(string_end("\"\x1F", 0) == broken(2));
  CHECK(string_end("\" \x7F\x80\"", 0) == closed(5));
}

TEST_CASE("an object or a list ends at its own bracket") {
  CHECK(brackets_end("{}", 0) == closed(2));
  CHECK(brackets_end("[] []", 0) == closed(2));
  CHECK(brackets_end(R"({"a":[{},[1]]},2)", 0) == closed(14));
  CHECK(brackets_end("x[1]y", 1) == closed(4));
}

TEST_CASE("brackets in strings do not count") {
  CHECK(brackets_end(R"({"}":"]"})", 0) == closed(9));
  CHECK(brackets_end(R"(["\"]"])", 0) == closed(7));
}

TEST_CASE("brackets that are not closed may still be") {
  for (const std::string_view text : {"{", "[", "[[]", R"({"a)", R"(["]")", R"([{},[1])", "[ \t"}) {
    CAPTURE(text);
    CHECK(brackets_end(text, 0) == open_in(text));
  }
}

TEST_CASE("a bracket of the other kind breaks a value at once") {
  CHECK(brackets_end("{]}", 0) == broken(2));
  CHECK(brackets_end("[}", 0) == broken(2));
  CHECK(brackets_end("[[}] ", 0) == broken(3));
  CHECK(brackets_end("[{]}", 0) == broken(3));
}

TEST_CASE("a bracket that opens where no value may stand breaks a value") {
  CHECK(brackets_end("{\"a\":{\"b\":1}\n{\"c\"", 0) == broken(14));  // a brace is missing
  CHECK(brackets_end("{\"a\":1\n{}", 0) == broken(8));
  CHECK(brackets_end("[1[]]", 0) == broken(3));
  CHECK(brackets_end("{{}}", 0) == broken(2));
  CHECK(brackets_end("[{}[]]", 0) == broken(4));
  CHECK(brackets_end("[[],\n{}, [ [] ],\"\",{\"a\": \n[]}] ", 0) == closed(30));
}

TEST_CASE("brackets match at any depth") {
  // The depths on both sides of what one, two and three words of bits hold.
  for (const std::size_t depth : {1, 63, 64, 65, 127, 128, 129, 192, 193, 100'000}) {
    CAPTURE(depth);
    const std::string open = repeated("[", depth - 1) + "{";
    const std::string close = "}" + repeated("]", depth - 1);
    CHECK(brackets_end(open + close, 0) == closed(2 * depth));
    CHECK_FALSE(brackets_end(open + close.substr(1), 0).is_closed());
    CHECK(brackets_end(open + repeated("]", depth), 0) == broken(depth + 1));
    CHECK(brackets_end(open + close.substr(0, depth - 1), 0).closing == Closing::open);
  }
}

TEST_CASE("the kind of a bracket is remembered across words") {
  // 64 lists, in them 64 objects, and so on: each must be closed by its own kind.
  const std::string open = repeated("[", 64) + repeated(R"({"":)", 64) + repeated("[", 64);
  const std::string close = repeated("]", 64) + repeated("}", 64) + repeated("]", 64);
  CHECK(brackets_end(open + close, 0) == closed(576));
  CHECK(brackets_end(open + repeated("]", 128) + repeated("}", 64), 0) == broken(449));
}

TEST_CASE("a value of any kind has an end") {
  CHECK(value_end(R"("a,b",1)", 0) == closed(5));
  CHECK(value_end("[1,2],3", 0) == closed(5));
  CHECK(value_end(R"({"a":1}})", 0) == closed(7));
  CHECK(value_end("true,1", 0) == closed(4));
  CHECK(value_end("12]", 0) == closed(2));
  CHECK(value_end("12}", 0) == closed(2));
  CHECK(value_end("12 ", 0) == closed(2));
  CHECK(value_end("null", 0) == closed(4));
}

TEST_CASE("where no value stands there is nothing or no end") {
  CHECK(value_end(",1", 0) == closed(0));
  CHECK(value_end("]", 0) == closed(0));
  CHECK(value_end("", 0) == open_in(""));
  CHECK(value_end("[1", 2) == open_in("[1"));
  CHECK(value_end("[1", 0) == open_in("[1"));
  CHECK(value_end(R"("a)", 0) == open_in(R"("a)"));
}

}  // namespace
