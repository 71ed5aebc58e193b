#include "records/decode/arrow_text.hpp"

#include "arrow_support.hpp"
#include "records/accepts.hpp"
#include "records/decode/recent_texts.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

/// Of all rows.
bool are_utf8(const Made& array) {
  const Looked looked{array};
  return fleetstatus::are_utf8(looked.column.texts(), 0, looked.column.size());
}

TEST_CASE("texts are UTF-8 one by one, not only together") {
  CHECK(are_utf8(texts({0, 1, 3}, "k\u00fc")));
  CHECK_FALSE(are_utf8(texts({0, 2, 3}, "k\u00fc")));
  CHECK_FALSE(are_utf8(texts({0, 1, 2}, "a\xff")));
  CHECK_FALSE(are_utf8(texts({0, 0, 20, 21}, "twenty ASCII letters\xff")));
  CHECK_FALSE(are_utf8(views({{1, 0xff, 0, 0}}, "")));
  CHECK_FALSE(are_utf8(views({{12, 0, 0, 0xff << 24}}, "")));
  const std::string_view two = "thirteen bytesa text with \xff";
  CHECK(are_utf8(views({{13, 0, 0, 0}, {12, 0, 0, 0}}, two)));
  CHECK_FALSE(are_utf8(views({{13, 0, 0, 0}, {14, 0, 0, 13}}, two)));
  CHECK_FALSE(are_utf8(views({{14, 0, 0, 13}, {13, 0, 0, 0}}, two)));
}

TEST_CASE("texts that are not ASCII begin and end with characters") {
  const std::string_view text = "a cellar full of k\u00fchle";  // 22 bytes and 1 more
  CHECK(are_utf8(texts({0, 18, 20, 23}, text)));
  CHECK_FALSE(are_utf8(texts({0, 19, 23}, text)));
  CHECK_FALSE(are_utf8(texts({0, 19, 19, 23}, text)));
  CHECK(are_utf8(
      made("u", 2,
           {bytes_of<std::uint8_t>({0b10}), bytes_of<std::int32_t>({0, 18, 23}), bytes_of(text)})));
  CHECK_FALSE(are_utf8(
      made("u", 2,
           {bytes_of<std::uint8_t>({0b10}), bytes_of<std::int32_t>({0, 19, 23}), bytes_of(text)})));
  CHECK(are_utf8(views({{23, 0, 0, 0}, {20, 0, 0, 0}, {18, 0, 0, 5}}, text)));
  CHECK_FALSE(are_utf8(views({{23, 0, 0, 0}, {19, 0, 0, 0}}, text)));
  const std::string_view front = "\u00fcber alle Berge";
  CHECK(are_utf8(views({{16, 0, 0, 0}, {14, 0, 0, 2}}, front)));
  CHECK_FALSE(are_utf8(views({{16, 0, 0, 0}, {15, 0, 0, 1}}, front)));
  CHECK(are_utf8(views({{2, 0xc3 | 0xbc << 8, 0, 0}}, "")));
}

TEST_CASE("nothing is well-formed") {
  CHECK(are_utf8(made("vu", 0, {nullptr, nullptr, nullptr})));
  CHECK(are_utf8(made("u", 0, {nullptr, nullptr, nullptr})));
  CHECK(are_utf8(texts({0, 0}, "")));
}

TEST_CASE("only the texts of the rows asked for are looked at") {
  const std::string_view text = "\xff a \xff";
  CHECK(are_utf8(slice(texts({0, 1, 4, 5}, text), 1, 1)));
  CHECK(are_utf8(texts({1, 4}, text)));
  const Looked looked{texts({0, 1, 4, 5}, text)};
  CHECK(fleetstatus::are_utf8(looked.column.texts(), 1, 1));
  CHECK_FALSE(fleetstatus::are_utf8(looked.column.texts(), 1, 2));
}

TEST_CASE("what stands under a null is not looked at") {
  const Bytes second = bytes_of<std::uint8_t>({0b10});
  const Made null = made("u", 2,
                         {second, bytes_of<std::int32_t>({0, 1, 2}),
                          bytes_of("\xff"
                                   "a")});
  CHECK(are_utf8(null));
  CHECK(are_utf8(views({{99, 0, 9, -1}, {1, 'a', 0, 0}}, "", second)));
  CHECK(are_utf8(views({{1, 0xff, 0, 0}, {1, 'a', 0, 0}}, "", second)));
}

TEST_CASE("what stands behind a short text is not looked at") {
  CHECK(are_utf8(views({{1, 'a' | 0xff << 8, 0, -1}}, "")));
}

/// Counts how often it is asked.
struct Counted {
  using type = std::size_t;
  static inline int n_asked = 0;

  static Outcome<type> from(std::string_view text) {
    ++n_asked;
    return {text.size(), text != "bad"};
  }
};

TEST_CASE("short texts are read once, and long ones as well as short ones") {
  const std::string_view text = "aabababbada text of 17 bytes";
  const Looked looked{texts({0, 1, 2, 3, 5, 7, 10, 27}, text)};
  Counted::n_asked = 0;
  RecentTexts<Counted> recent;
  for (int i = 0; i < 3; ++i) {
    std::string sizes;
    for (std::size_t row = 0; row < looked.column.size(); ++row) {
      const auto [size, is_accepted] = recent.read(looked.column.texts().text_at(row));
      sizes += std::to_string(size) + (is_accepted ? " " : "! ");
    }
    CHECK(sizes == "1 1 1 2 2 3! 17 ");
  }
  CHECK(Counted::n_asked == 4 + 3);  // a, b, ab, bad; and what is too long to remember
}

}  // namespace
