#include "base/utf8.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;
using namespace std::string_view_literals;

namespace {

constexpr std::array well_formed{""sv,
                                 "plain"sv,
                                 "\0"sv,
                                 "\x7F"sv,
                                 "\xC2\x80\xDF\xBF"sv,
                                 "\xE0\xA0\x80\xEC\xBF\xBF"sv,
                                 "\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"sv,
                                 "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"sv};

constexpr std::array ill_formed{"\x80"sv,
                                "\xC2"sv,
                                "\xC0\x80"sv,
                                "\xC1\xBF"sv,
                                "\xC2\x41"sv,
                                "\xE0\x9F\xBF"sv,
                                "\xE1\x80"sv,
                                "\xED\xA0\x80"sv,
                                "\xEF\xBF\x41"sv,
                                "\xF0\x8F\xBF\xBF"sv,
                                "\xF1\x80\x80"sv,
                                "\xF4\x90\x80\x80"sv,
                                "\xF5\x80\x80\x80"sv,
                                "\xFF"sv};

/// A text at each place of a longer one, so that it crosses the blocks that are looked at as a
/// whole.
template <class Check>
void at_each_place(std::string_view text, Check check) {
  for (std::size_t before = 0; before < 130; ++before) {
    check(std::string(before, 'a') + std::string{text} + std::string(130 - before, 'b'));
  }
  check(std::string{text});
}

TEST_CASE("UTF-8 is well-formed wherever it stands") {
  for (const std::string_view text : well_formed) {
    at_each_place(text, [](const std::string& longer) { CHECK(is_utf8(longer)); });
  }
}

TEST_CASE("what is no UTF-8 is found wherever it stands") {
  for (const std::string_view text : ill_formed) {
    CAPTURE(text);
    at_each_place(text, [](const std::string& longer) {
      CHECK_FALSE(is_utf8(longer));
      CHECK_FALSE(is_ascii(longer));
    });
  }
}

TEST_CASE("only bytes below 0x80 are ASCII") {
  at_each_place("\x7F", [](const std::string& text) { CHECK(is_ascii(text)); });
  at_each_place("\xC2\x80", [](const std::string& text) { CHECK_FALSE(is_ascii(text)); });
}

}  // namespace
