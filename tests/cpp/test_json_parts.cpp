#include "records/decode/json_parts.hpp"

#include <algorithm>
#include <vector>

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

using Position = RecordSplitter::Position;

constexpr std::size_t look = std::size_t{64} << 10U;

const RecordSplitter::Calls calls{[](std::string_view key) { return key == "id"; },
                                  [](std::string_view /*key*/, std::string_view /*json*/) {}};

/// Reads on to where a splitter stops, where its reader says that records end, or by the closer
/// look.
void read_on(RecordSplitter& splitter, bool by_reader) {
  const std::string_view source = splitter.window();
  while (true) {
    if (const auto first = splitter.next_object()) {
      const ValueEnd end = value_end(source, *first);
      if (by_reader && end.is_closed() && splitter.end_object(end.at)) continue;
      splitter.step_back();
    } else if (splitter.has_stopped()) {
      return;
    }
    if (!splitter.next()) return;
  }
}

/// Where a splitter stops before the first record from `at` on.
Position position_at(std::string_view source, std::size_t at) {
  RecordSplitter splitter{source, "", calls};
  splitter.stop_before(at);
  read_on(splitter, true);
  return splitter.position();
}

/// Records with lists of objects inside, and texts that look like others.
std::vector<std::string> records(std::size_t n) {
  std::vector<std::string> records;
  for (std::size_t i = 0; i < n; ++i) {
    const std::string text = i % 10 == 0 ? "},{" : "";
    const std::string inner = R"([{"id":1,"a":")" + text + R"("},{"id":2,"x":[{},{"id":3}]}])";
    records.push_back(R"({"id":)" + std::to_string(i) + R"(,"image_install":)" + inner + "}");
  }
  return records;
}

std::string source_of(const std::vector<std::string>& records, std::string_view open,
                      std::string_view between, std::string_view close) {
  std::string source{open};
  for (const std::string& record : records) {
    if (&record != &records.front()) source += between;
    source += record;
  }
  return source += close;
}

const std::vector<std::string> sources{
    source_of(records(2000), "", "\n", "\n"),
    source_of(records(2000), "[", ",", "]"),
    source_of(records(2000), "[\n", " ,\n  ", "\n]"),
    source_of(records(2000), R"({"d":[)", ",", R"(],"n":1})"),
};

TEST_CASE("a splitter stops before any record and another goes on from there") {
  for (const std::string& source : sources) {
    const Position end = position_at(source, std::string_view::npos);
    for (std::size_t at = 1; at < 3000; at += 37) {
      for (const bool by_reader : {true, false}) {
        RecordSplitter first{source, "", calls};
        first.stop_before(at);
        read_on(first, by_reader);
        CHECK(first.position().at >= at);
        CHECK(first.position() == position_at(source, at));
        RecordSplitter second{source, "", calls};
        second.go_to(first.position());
        read_on(second, by_reader);
        CHECK(second.position().at == end.at);
      }
    }
  }
}

TEST_CASE("parts are guessed to begin where records do") {
  for (const std::string& source : sources) {
    const Position first = position_at(source, 300);
    const auto parts = guess_parts(TextInMemory{source}, first, 10'000, look);
    REQUIRE(parts.size() > 10);
    for (const Position& part : parts) CHECK(part == position_at(source, part.at));
  }
}

TEST_CASE("guesses come in their order and one by one") {
  for (const std::string& source : sources) {
    const auto parts = guess_parts(TextInMemory{source}, position_at(source, 300), 1000, look);
    REQUIRE(parts.size() > 10);
    const auto is_not_before = [](const Position& a, const Position& b) { return a.at >= b.at; };
    CHECK(std::ranges::adjacent_find(parts, is_not_before) == parts.end());
  }
}

TEST_CASE("where nothing looks like a record no part begins") {
  for (const std::string_view piece : {"x", "}", "{", "\"", "}]", "\n", "\xFF}", "[1],"}) {
    CAPTURE(piece);
    std::string source;
    for (int i = 0; i < 5000; ++i) source += piece;
    CHECK(guess_parts(TextInMemory{source}, {}, 100, look).size() < 50);
  }
  CHECK(guess_parts(TextInMemory{""}, {}, 100, look).empty());
}

}  // namespace
