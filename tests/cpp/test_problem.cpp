#include "records/problem.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

TEST_CASE("a step of a JSON pointer escapes what a pointer is made of") {
  CHECK(pointer_step("image_install") == "/image_install");
  CHECK(pointer_step("image install") == "/image install");
  CHECK(pointer_step("a/b~c") == "/a~1b~0c");
  CHECK(pointer_step("~1") == "/~01");
  CHECK(pointer_step("") == "/");
}

TEST_CASE("a pointer grows from the inside out") {
  CHECK(within("a", within(0, make_problem("x", "text")))->pointer == "/a/0");
  CHECK_FALSE(within("a", nullptr));
}

TEST_CASE("of several problems the one whose key stands first is taken") {
  ProblemSet problems;
  CHECK(problems.empty());
  problems.note(5, make_problem("first", "text"));
  problems.note(2, make_problem("second", "text"));
  CHECK(problems.has(5));
  CHECK_FALSE(problems.has(3));
  CHECK(problems.take_first()->value == "first");
}

TEST_CASE("of duplicate keys the last one counts") {
  ProblemSet problems;
  problems.note(5, make_problem("first", "text"));
  problems.note(2, make_problem("second", "text"));
  problems.note(5, make_problem("third", "text"));
  CHECK(problems.entries().size() == 2);
  CHECK(problems.entries().front().problem->value == "second");
  problems.note(2, nullptr);
  CHECK(problems.entries().front().problem->value == "third");
  problems.note(5, nullptr);
  CHECK(problems.empty());
  CHECK_FALSE(problems.take_first());
}

TEST_CASE("a short form holds forty bytes at most") {
  CHECK(short_form("abc") == "abc");
  CHECK(short_form(std::string(40, 'x')) == std::string(40, 'x'));
  CHECK(short_form(std::string(41, 'x')) == std::string(40, 'x') + "...");
  CHECK(short_form("xxx", 3) == "xxx");
  CHECK(short_form("xxxx", 3) == "xxx...");
}

TEST_CASE("a short form is cut between characters") {
  const std::string x39(39, 'x');
  CHECK(short_form(x39 + "\xC3\xA9") == x39 + "...");
  CHECK(short_form(x39.substr(1) + "\xC3\xA9") == x39.substr(1) + "\xC3\xA9");
  CHECK(short_form(x39.substr(2) + "\xF0\x9F\x98\x80") == x39.substr(2) + "...");
}

TEST_CASE("control characters and those that turn text around are shown escaped") {
  CHECK(short_form("a\xE2\x80\xAEz") == R"(a\u202ez)");  // right-to-left override
  CHECK(short_form("a\nb\x7F") == R"(a\u000ab\u007f)");
  CHECK(short_form(std::string(1, '\0')) == R"(\u0000)");
  CHECK(quoted_short_form("a") == "\"a\"");
}

}  // namespace
