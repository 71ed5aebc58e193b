#include "readers/json_scan.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

using End = std::optional<std::size_t>;

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
  CHECK(string_end(R"("")", 0) == End{2});
  CHECK(string_end(R"("abc", "d")", 0) == End{5});
  CHECK(string_end(R"(x"abc")", 1) == End{6});
  CHECK(string_end(R"("a\"b")", 0) == End{6});
  CHECK(string_end(R"("a\\"b")", 0) == End{5});
  CHECK(string_end(R"("a\\\"b")", 0) == End{8});
  CHECK(string_end(R"("\\\\")", 0) == End{6});
}

TEST_CASE("a string that is not closed has no end") {
  for (const std::string_view text : {R"(")", R"("abc)", R"("abc\")", R"("\\\")"}) {
    CAPTURE(text);
    CHECK_FALSE(string_end(text, 0));
  }
}

TEST_CASE("an object or a list ends at its own bracket") {
  CHECK(brackets_end("{}", 0) == End{2});
  CHECK(brackets_end("[] []", 0) == End{2});
  CHECK(brackets_end(R"({"a":[{},[1]]},2)", 0) == End{14});
  CHECK(brackets_end("x[1]y", 1) == End{4});
}

TEST_CASE("brackets in strings do not count") {
  CHECK(brackets_end(R"({"}":"]"})", 0) == End{9});
  CHECK(brackets_end(R"(["\"]"])", 0) == End{7});
}

TEST_CASE("brackets that do not match have no end") {
  for (const std::string_view text :
       {"{", "[", "[[]", "{]", "[}", "{[}]", R"({"a)", R"(["]")", "[{]}"}) {
    CAPTURE(text);
    CHECK_FALSE(brackets_end(text, 0));
  }
}

TEST_CASE("brackets match at any depth") {
  // The depths on both sides of what one, two and three words of bits hold.
  for (const std::size_t depth : {1, 63, 64, 65, 127, 128, 129, 192, 193, 100'000}) {
    CAPTURE(depth);
    const std::string open = repeated("[", depth - 1) + "{";
    const std::string close = "}" + repeated("]", depth - 1);
    CHECK(brackets_end(open + close, 0) == End{2 * depth});
    CHECK_FALSE(brackets_end(open + close.substr(1), 0));
    CHECK_FALSE(brackets_end(open + repeated("]", depth), 0));
    CHECK_FALSE(brackets_end(open + close.substr(0, depth - 1), 0));
  }
}

TEST_CASE("the kind of a bracket is remembered across words") {
  // 64 lists, in them 64 objects, and so on: each must be closed by its own kind.
  const std::string open = repeated("[", 64) + repeated("{", 64) + repeated("[", 64);
  const std::string close = repeated("]", 64) + repeated("}", 64) + repeated("]", 64);
  CHECK(brackets_end(open + close, 0) == End{384});
  CHECK_FALSE(brackets_end(open + repeated("]", 128) + repeated("}", 64), 0));
}

TEST_CASE("a value of any kind has an end") {
  CHECK(value_end(R"("a,b",1)", 0) == End{5});
  CHECK(value_end("[1,2],3", 0) == End{5});
  CHECK(value_end(R"({"a":1}})", 0) == End{7});
  CHECK(value_end("true,1", 0) == End{4});
  CHECK(value_end("12]", 0) == End{2});
  CHECK(value_end("12}", 0) == End{2});
  CHECK(value_end("12 ", 0) == End{2});
  CHECK(value_end("null", 0) == End{4});
}

TEST_CASE("where no value stands there is nothing or no end") {
  CHECK(value_end(",1", 0) == End{0});
  CHECK(value_end("]", 0) == End{0});
  CHECK_FALSE(value_end("", 0));
  CHECK_FALSE(value_end("[1", 2));
  CHECK_FALSE(value_end("[1", 0));
  CHECK_FALSE(value_end(R"("a)", 0));
}

}  // namespace
