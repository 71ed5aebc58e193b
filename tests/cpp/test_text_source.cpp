#include "records/decode/text_source.hpp"

#include <cstdio>

#include "base/error.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

/// A file that is gone once it is closed.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view text) : file_(std::tmpfile()) {
    REQUIRE(file_ != nullptr);
    REQUIRE(std::fwrite(text.data(), 1, text.size(), file_) == text.size());
    std::fflush(file_);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { std::fclose(file_); }

  [[nodiscard]] int descriptor() const { return fileno(file_); }

 private:
  std::FILE* file_;
};

std::string read(const TextSource& source, std::size_t offset, std::size_t n) {
  std::string text(n, '?');
  text.resize(source.read(offset, text));
  return text;
}

TEST_CASE("a text is read from any place on, in memory and from a file") {
  const std::string text = "first\nsecond\n";
  const TemporaryFile file{text};
  const TextInMemory memory{text};
  const TextInFile from_file{file.descriptor(), text.size()};
  for (const TextSource* source :
       {static_cast<const TextSource*>(&memory), static_cast<const TextSource*>(&from_file)}) {
    CHECK(source->size() == 13);
    CHECK(read(*source, 0, 5) == "first");
    CHECK(read(*source, 6, 100) == "second\n");
    CHECK(read(*source, 13, 5).empty());
    CHECK(read(*source, 6, 6) == "second");
  }
  CHECK(memory.in_memory() == text);
  CHECK_FALSE(from_file.in_memory());
}

TEST_CASE("a file that cannot be read is an error") {
  const TextInFile none{-1, 10};
  CHECK_THROWS_AS((void)read(none, 0, 1), SourceError);
}

TEST_CASE("lines of a source are found in any order") {
  const std::string text = "a\nbb\n\nccc";
  const TextInMemory source{text};
  TextLines lines{source};
  for (const std::size_t offset : {9, 0, 5, 2, 3, 6, 8, 1}) {
    CAPTURE(offset);
    const auto before = std::string_view{text}.substr(0, offset);
    const TextPlace place = lines.place_of(offset);
    CHECK(place.offset == offset);
    CHECK(place.line == 1 + static_cast<std::size_t>(std::ranges::count(before, '\n')));
    CHECK(place.line_start == before.find_last_of('\n') + 1);
  }
}

TEST_CASE("lines of a source larger than a piece are counted over all of it") {
  std::string text;
  for (int i = 0; i < 400'000; ++i) text += "x\n";
  const TextInMemory source{text};
  CHECK(TextLines{source}.place_of(text.size() - 1).line == 400'000);
}

}  // namespace
