// A source is cut into the same records whether its reader says where they end or the closer look
// finds out, and in windows.

#include <algorithm>

#include "fuzz.hpp"
#include "records/decode/json_error.hpp"
#include "records/decode/record_splitter.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

/// Where the records stand, and how the source ends.
class Records {
 public:
  void add(std::size_t begin, std::size_t size) {
    expect(begin >= end_ && size > 0, "records stand in their order and are not empty");
    end_ = begin + size;
    note("record", begin, size);
  }
  void lose(std::size_t begin, std::size_t end) {
    expect(begin < end && end >= end_, "a lost line has an end");
    end_ = end;
    note("lost", begin, end - begin);
  }
  void fail(const JsonError& error) {
    note("no JSON", error.offset, error.line);
    text_ += error.what();
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void note(const char* what, std::size_t at, std::size_t size) {
    text_.append(what).append(" " + std::to_string(at) + " " + std::to_string(size) + "\n");
  }

  std::string text_;
  std::size_t end_ = 0;
};

const RecordSplitter::Calls calls{[](std::string_view key) { return key == "id"; },
                                  [](std::string_view /*key*/, std::string_view /*json*/) {}};

bool is_good(const RecordText& record) { return !record.broken_at && is_json(record.text); }

/// Reads on in a window, as far as its records are JSON: the first that is none ends a source,
/// unless it is a line that can be lost.
/// @param dropped  bytes before it
/// @return false if it takes more text
bool read_on(RecordSplitter& splitter, Records& records, std::size_t dropped, bool by_reader) {
  try {
    while (true) {
      if (const auto begin = by_reader ? splitter.next_object() : std::nullopt) {
        const ValueEnd end = value_end(splitter.window(), *begin);
        const std::size_t size = end.at - *begin;
        const bool is_read = end.is_closed() && is_json(splitter.window().substr(*begin, size));
        if (is_read && splitter.end_object(end.at)) {
          records.add(dropped + *begin, size);
          continue;
        }
        splitter.step_back();
      }
      const auto record = splitter.next();
      if (!record) return true;
      if (is_good(*record)) {
        records.add(dropped + record->offset, record->text.size());
      } else if (const auto end = splitter.lose_line(*record)) {
        records.lose(dropped + record->offset, dropped + *end);
      } else {
        const std::size_t behind = record->offset + record->text.size();
        throw splitter.errors().locate(record->offset, behind, "broken");
      }
    }
  } catch (const WindowEnds&) {
    splitter.step_back();
    return false;
  }
}

std::string records_of(std::string_view source, bool by_reader) {
  Records records;
  RecordSplitter splitter{source, "", calls};
  try {
    expect(read_on(splitter, records, 0, by_reader), "a whole source does not end early");
  } catch (const JsonError& error) {
    records.fail(error);
  }
  return records.text();
}

std::string records_of_windows(std::string_view source, std::size_t piece) {
  Records records;
  RecordSplitter splitter{source.substr(0, 0), "", calls, false};
  std::size_t dropped = 0;
  try {
    for (std::size_t end = 0;;) {
      end = std::min(end + piece, source.size());
      const bool is_last = end == source.size();
      splitter.extend_to(source.substr(dropped, end - dropped), is_last);
      if (read_on(splitter, records, dropped, true) && is_last) return records.text();
      expect(!is_last, "the last window needs no more text");
      dropped += splitter.drop_used();
    }
  } catch (const JsonError& error) {
    records.fail(error);
  }
  return records.text();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input{data, size};
  const std::size_t piece = 1 + input.choose(256);
  const std::string by_look = records_of(input.text, false);
  expect_same(by_look, records_of(input.text, true), "the closer look and a reader");
  expect_same(by_look, records_of_windows(input.text, piece), "one window and many");
  return 0;
}
