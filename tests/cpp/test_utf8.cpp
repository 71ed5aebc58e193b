#include "core/utf8.hpp"

#include <cstdint>
#include <string>

#include "support.hpp"

using namespace fleetstatus;

namespace {

/// The bytes of a code point, whether or not it is a character; nothing of what it takes is left
/// out.
std::string encoded(std::uint32_t code, std::size_t n_bytes) {
  std::string bytes;
  for (std::size_t i = n_bytes; i-- > 1; code >>= 6U) {
    bytes.insert(bytes.begin(), static_cast<char>(0x80U | (code & 0x3FU)));
  }
  constexpr std::uint32_t leads[]{0, 0xC0, 0xE0, 0xF0};
  bytes.insert(bytes.begin(), static_cast<char>(leads[n_bytes - 1] | code));
  return bytes;
}

TEST_CASE("every character is UTF-8 in as few bytes as it takes, and no other code point is") {
  constexpr std::uint32_t first_of[]{0, 0, 0x80, 0x800, 0x10000, 0x110000};
  for (std::size_t n_bytes = 2; n_bytes <= 4; ++n_bytes) {
    const std::uint32_t end = n_bytes == 2 ? 0x800 : n_bytes == 3 ? 0x10000 : 0x200000;
    for (std::uint32_t code = 0; code < end; ++code) {
      const bool is_surrogate = 0xD800 <= code && code < 0xE000;
      const bool is_good =
          first_of[n_bytes] <= code && code < first_of[n_bytes + 1] && !is_surrogate;
      const std::string text = encoded(code, n_bytes);
      if (is_utf8(text) != is_good) FAIL(code);
      if (is_ascii(text)) FAIL(code);
    }
  }
}

TEST_CASE("characters are looked at wherever they stand, and must be whole") {
  for (std::size_t before = 0; before < 20; ++before) {
    for (std::size_t behind = 0; behind < 20; ++behind) {
      const std::string left(before, 'a');
      const std::string right(behind, 'z');
      for (const std::string& character :
           {encoded(0xFC, 2), encoded(0x20AC, 3), encoded(0x1F680, 4)}) {
        CHECK(is_utf8(left + character + right));
        CHECK_FALSE(is_ascii(left + character + right));
        CHECK_FALSE(is_utf8(left + character.substr(0, character.size() - 1) + right));
        CHECK_FALSE(is_utf8(left + character.substr(1) + right));
        CHECK_FALSE(is_utf8(left + character + "\x80" + right));
      }
      CHECK_FALSE(is_utf8(left + "\xFF" + right));
      CHECK(is_utf8(left + right));
      CHECK(is_ascii(left + right));
    }
  }
}

}  // namespace
