#include "records/decode/json_stream.hpp"

#include <limits>
#include <sstream>
#include <vector>

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

using Texts = std::initializer_list<std::string>;

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();
constexpr std::string_view mark = "\xEF\xBB\xBF";

/// Builds a table and tells all that came of it: rows, error, `fetched_at`.
class Reading {
 public:
  explicit Reading(const ReadOptions& options) : options_(options) {}

  /// @param read  reads all of a source
  template <class Read>
  std::string tell(Read read) {
    std::ostringstream out;
    try {
      read(builder_);
    } catch (const JsonError& error) {
      out << error.what() << " @" << error.offset << ":" << error.line << ":" << error.column;
    } catch (const RecordError& error) {
      out << error.what() << " #" << error.index << error.pointer;
    } catch (const NotDevicesError& error) {
      out << error.what() << " " << static_cast<int>(error.kind) << error.value;
      for (const std::string& key : error.keys) out << "," << key;
    } catch (const Error& error) {
      out << error.what();
    }
    const StatusTable table = table_.finish({options_.scheme, noon, {}, {}});
    for (const auto& [name, column] : table.columns()) out << "\n" << name << ": " << cells(column);
    return out.str();
  }

 private:
  ReadOptions options_;
  TableBuilder table_;
  RecordBuilder builder_{options_, [this](const RecordColumns& batch) { table_.append(batch); }};
};

std::string fetched_at(const RecordBuilder& builder) {
  const auto& [time, unreadable] = builder.envelopes();
  return "\nfetched at " + (time ? format_timestamp(*time) : "") + unreadable;
}

std::string whole(std::string_view source, const ReadOptions& options) {
  std::string time;
  const std::string all = Reading{options}.tell([&](RecordBuilder& builder) {
    JsonReader reader{builder};
    const auto note = [&] {
      builder.flush();
      time = fetched_at(builder);
    };
    try {
      reader.read(source, "a.json");
      builder.finish();
    } catch (...) {
      note();
      throw;
    }
    note();
  });
  return all + time;
}

std::string in_pieces(std::string_view source, std::size_t size, const ReadOptions& options) {
  std::string time;
  const std::string all = Reading{options}.tell([&](RecordBuilder& builder) {
    JsonStream stream{builder};
    const auto note = [&] {
      builder.flush();  // while the text is there
      time = fetched_at(builder);
    };
    try {
      stream.begin("a.json");
      for (std::size_t at = 0; at < source.size(); at += size) {
        stream.feed(source.substr(at, size));
        (void)stream.read_to(no_limit);
      }
      stream.end();
      (void)stream.read_to(no_limit);
      builder.finish();
    } catch (...) {
      note();
      throw;
    }
    note();
  });
  return all + time;
}

void check_pieces(std::string_view source) {
  CAPTURE(source);
  for (const ReadOptions& options : {lenient(), keeping()}) {
    const std::string expected = whole(source, options);
    for (const std::size_t size : {1, 2, 3, 7, 64, 4096}) {
      CAPTURE(size);
      CHECK(in_pieces(source, size, options) == expected);
    }
  }
}

std::string named(std::string_view device_name) {
  return R"({"device_name":")" + std::string{device_name} + R"("})";
}

const std::string a = named("a");
const std::string b = named("b");
const std::string c = device("\"device_name\":\"c\",\"note\":\"}]\\\"{[\"");

TEST_CASE("all forms of a source read the same in pieces") {
  const std::string envelope = R"({"x":[{"d":[]}],"fetched_at":"2026-01-01T00:00:00Z","d":[)" + a +
                               " , " + c + R"(],"n":1})";
  const std::string late = R"({"d":[)" + b + R"(],"fetched_at":"2026-02-01T00:00:00Z"})";
  for (const std::string& source : Texts{
           std::string{},
           std::string{" \n"},
           std::string{mark},
           std::string{"[]"},
           list_of({a, c}),
           a + "\n" + b + "\n" + c,
           a + "\r\n\r\n  " + c + " \r\n" + b + "\r\n",
           a + b + " " + c,
           "{\n\"device_name\": \"a\"\n}\n{\n\"device_name\": \"b\"\n}\n",
           "[" + a + "]\n[]" + list_of({b, c}),
           envelope,
           envelope + "\n" + late,
           late + envelope + a,
           std::string{mark} + a + "\n" + b,
           a + "\n" + std::string{mark} + b,
           std::string{mark} + "\n" + list_of({a}),
           R"({"d":[],"fetched_at":"soon"})",
           R"({"fetched_at":null,"d":[]})",
           a + "\n17\n\"x\"\nnull\n[1]\n" + b,
           "[17,\"a,b\",[1],null," + a + "]",
           R"({"x":{"d":[1]},"y":"[","device_name":"z"})",
           R"({"d":{"x":[1]},"device_name":"z"})" + std::string{"\n"} + a,
       }) {
    check_pieces(source);
  }
}

TEST_CASE("pages and fleets read the same in pieces") {
  const std::string page = R"({"fetched_at":"2026-01-01T00:00:00Z","d":[)" + a + "," + c + "]}";
  const std::string fleet = R"({"slug":"org\/x","owns__device":[)" + a + "," + c + "]}";
  for (const std::string& source : Texts{
           list_of({list_of({a, c}), b}),
           list_of({page, list_of({page, b}), "[]"}),
           R"({"d":[)" + page + "," + list_of({fleet}) + R"(],"fetched_at":null})",
           fleet + "\n" + fleet + "\n",
           list_of({fleet, a, fleet}),
           fleet + "\n" + R"({"owns__device":[)" + a + ",tru]}" + "\n" + fleet + "\n",
           list_of({a, "[" + a + ",tru]"}),
           list_of({a, R"({"owns__device":5})"}),
           list_of({a, R"({"error":"Gone"})", b}),
           R"({"error":"Gone"})",
           list_of({R"({"id":1})", "17"}),
           a + "\n" + R"({"id":1})" + "\nUnauthorized\n" + b,
           list_of({std::string(20, '[') + a + std::string(20, ']'), b}),
       }) {
    check_pieces(source);
  }
}

TEST_CASE("text that is no JSON breaks at the same place in pieces") {
  for (const std::string& source : Texts{
           std::string{"["},
           std::string{"{"},
           "[" + a,
           "[" + a + ",",
           R"({"d":[)" + a,
           R"({"d":[)" + a + "]",
           R"({"d":[{"is_frozen":null}] "a":1})",
           R"({"d":[{"is_frozen":null}],"a":-})",
           R"({"d":[{"is_frozen":null}],"\q":1})",
           R"({"d":[{"is_frozen":null}],"a":{]})",
           R"({"n":01,"d":[{"is_frozen":null}]})",
           R"({"n":-,"d":[{"is_frozen":null}]})",
           R"({"\q":1,"d":[{"is_frozen":null}]})",
           R"({"n":[tru],"d":[{"is_frozen":null}]})",
           "[" + a + " " + b + "]",
           "[" + a + ",]",
           "[," + a + "]",
           "[" + a + "}",
           "[{]}",
           "[" + a + ",{\"id\":tru}]",
           "[tru]",
           "[\"a\nb\"]",
           "[{\"device_name\":\"a\nb\"}]",
           "x",
           "17 18",
           a + " x",
           a + ", " + b,
           list_of({a}) + "," + list_of({b}),
           std::string{"\xEF\xBB"},
           a + "\n\n [\n{\"id\":1},\r\n{\"id\":}]",
           R"({"device_name":"x)",
           R"({"device_name":"x\)",
           R"({"id":1,})",
           R"({"id" 1})",
           "{\"device_name\":\"\xC3\"}",
           std::string{"1\0", 2},
           R"({"device_name":"x" {"device_name":"y"}})",
       }) {
    check_pieces(source);
    check_pieces(a + "\n" + source);
    check_pieces(a + "\n" + source + "\n" + b + "\n");
    check_pieces(source + "\n" + b);
    check_pieces(source + b + "\n" + c);
  }
}

TEST_CASE("bad records are the same in pieces") {
  const std::string bad = R"({"id":"x","image_install":[{"id":1.5}]})";
  check_pieces(a + "\n" + bad + "\n" + b);
  check_pieces(list_of({a, "17", bad}));
}

TEST_CASE("with any byte replaced a source reads the same in pieces") {
  const std::string record = R"({"x":[{}],"device_name":"a\""})";
  const std::string lines = record + "\n" + record + "\n\n" + record;
  const std::string envelope = R"({"n":1,"d":[)" + record + "," + record + R"(],"m":"x"})";
  for (std::string text : {lines, envelope}) {
    for (char& byte : text) {
      const char original = byte;
      for (const char nasty : std::string_view{"\n \"\\,:[]{}0x\xEF"}) {
        byte = nasty;
        if (whole(text, keeping()) != in_pieces(text, 5, keeping())) FAIL(text);
      }
      byte = original;
    }
  }
}

/// Pieces that were fed when the stream threw; none if it never did.
std::optional<std::size_t> pieces_until_error(std::string_view piece, std::size_t n_pieces,
                                              std::string_view before = "") {
  RecordBuilder builder{keeping(), [](const RecordColumns&) {}};
  JsonStream stream{builder};
  stream.begin("");
  stream.feed(before);
  for (std::size_t i = 1; i <= n_pieces; ++i) {
    stream.feed(piece);
    try {
      (void)stream.read_to(no_limit);
    } catch (const JsonError&) {
      return i;
    }
  }
  return std::nullopt;
}

TEST_CASE("what is broken is told before the rest has come") {
  const std::string line = named("a") + "\n";
  CHECK(pieces_until_error(line, 100, "[" + line) == 1);
  CHECK(pieces_until_error(line, 100, R"({"d":[{"is_frozen":null}],"x":)" + line).value() <= 2);
  // Not JSON lines, so that nothing can be lost: the record before spans two.
  CHECK(pieces_until_error(line, 100, "{\n}\n{\"device_name\":\"a").value() <= 4);
  CHECK(pieces_until_error(line, 100, "{\n}\n{\"device_name\":[").value() <= 4);
}

TEST_CASE("a line that lacks its end is lost without the rest") {
  std::size_t n_read = 0;
  RecordBuilder builder{keeping(), [&](const RecordColumns& batch) { n_read += batch.n_records; }};
  JsonStream stream{builder};
  stream.begin("");
  for (const std::string_view line : {"{}\n", "{\"uuid\":\"a\n", "{\"x\":[\n", "{\n", "x\n"}) {
    stream.feed(line);
    (void)stream.read_to(no_limit);
  }
  stream.feed("{}\n{}\n");
  (void)stream.read_to(no_limit);
  builder.flush();
  CHECK(n_read == 7);
}

TEST_CASE("text that goes on for too long is an error") {
  const std::string mebibyte(std::size_t{1} << 20U, 'x');
  CHECK(pieces_until_error(mebibyte, 200, R"([{"device_name":")").value() == 64);
  const std::string space(std::size_t{1} << 20U, ' ');
  CHECK_FALSE(pieces_until_error(space, 70, "[ {} "));
}

TEST_CASE("reading stops at the number of records that is asked for") {
  std::vector<std::size_t> batches;
  RecordBuilder builder{lenient(),
                        [&](const RecordColumns& batch) { batches.push_back(batch.n_records); }};
  JsonStream stream{builder};
  stream.begin("");
  stream.feed("{}\n{}\n{}\n{}\n{}");
  CHECK(stream.read_to(2));
  builder.flush();
  CHECK(stream.read_to(4));
  builder.flush();
  CHECK_FALSE(stream.read_to(6));  // the last line may go on
  stream.end();
  CHECK_FALSE(stream.read_to(6));
  builder.flush();
  CHECK(batches == std::vector<std::size_t>{2, 2, 1});
}

TEST_CASE("sources in a row have lines of their own and one count of records") {
  RecordBuilder builder{keeping(), [](const RecordColumns&) {}};
  JsonStream stream{builder};
  for (int i = 0; i < 2; ++i) {
    stream.begin(i == 0 ? "a" : "b");
    stream.feed("{}\n{}\n[");
    if (i == 0) stream.feed("]");
    stream.end();
    if (i == 0) CHECK_FALSE(stream.read_to(no_limit));
  }
  const auto error = error_of<JsonError>([&] { (void)stream.read_to(no_limit); });
  CHECK(std::string{error.what()}.starts_with("b: no JSON at line 3, column 2 (byte 7)"));
  CHECK(builder.n_records() == 4);
}

}  // namespace
