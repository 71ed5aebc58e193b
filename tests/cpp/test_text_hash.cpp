#include "base/text_hash.hpp"

#include <set>
#include <string>

#include "support.hpp"

using namespace fleetstatus;

namespace {

TEST_CASE("texts of any length have hashes of their own, wherever they differ") {
  const TextHash hash;
  std::set<std::uint64_t> hashes;
  std::size_t n_texts = 0;
  for (std::size_t size = 0; size <= 80; ++size) {
    std::string text(size, 'a');
    hashes.insert(hash(text));
    ++n_texts;
    for (std::size_t at = 0; at < size; ++at) {
      text[at] = 'b';
      hashes.insert(hash(text));
      ++n_texts;
      text[at] = 'a';
    }
  }
  CHECK(hashes.size() == n_texts);
}

TEST_CASE("equal texts have equal hashes, wherever they are in memory") {
  for (std::size_t size = 0; size <= 80; ++size) {
    const std::string text(size, 'x');
    const std::string shifted = "y" + text + "z";
    CHECK(TextHash{}(text) == TextHash{}(std::string_view{shifted}.substr(1, size)));
  }
}

}  // namespace
