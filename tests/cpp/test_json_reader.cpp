#include "records/decode/json_reader.hpp"

#include <vector>

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

std::string named(std::string_view device_name) {
  return R"({"device_name":")" + std::string{device_name} + R"("})";
}

/// The names of a source, as in `a|b|null`.
std::string names(std::string_view json, const ReadOptions& options = lenient()) {
  return cells(read_table(json, options), ColumnId::device_name);
}

struct Envelopes {
  std::string latest;
  std::string unreadable;
};

Envelopes envelopes(std::string_view json) {
  RecordBuilder builder{lenient(), [](const RecordColumns&) {}};
  JsonReader reader{builder};
  reader.read(json, "");
  const auto& [latest, unreadable] = builder.envelopes();
  return {latest ? format_timestamp(*latest) : "none", unreadable};
}

TEST_CASE("every form of a source gives the same records") {
  const std::string a = named("a");
  const std::string b = named("b");
  for (const auto& source : std::vector<std::string>{
           "[" + a + "," + b + "]", R"({"d":[)" + a + "," + b + "]}", a + b, a + "\n" + b,
           a + "\r\n" + b + "\r\n", a + "\n\n \n" + b, "[" + a + "]\n[" + b + "]",
           R"({"d":[)" + a + R"(]}{"d":[)" + b + "]}", "\xEF\xBB\xBF[" + a + "," + b + "]",
           "[\n  {\n    \"device_name\": \"a\"\n  },\n  {\n    \"device_name\": \"b\"\n  }\n]\n",
           "{\n  \"device_name\": \"a\"\n}\n{\n  \"device_name\": \"b\"\n}\n"}) {
    CAPTURE(source);
    CHECK(names(source) == "a|b");
  }
}

TEST_CASE("nothing at all is an empty table") {
  for (const std::string_view source : {"", " \n ", "[]", "\xEF\xBB\xBF", R"({"d":[]})"}) {
    CAPTURE(source);
    CHECK(read_table(source).size() == 0);
  }
}

TEST_CASE("what is no object is a bad record") {
  for (const std::string_view source : {"[17]", "17", "[null]", "null", R"(["a"])", R"([[17]])"}) {
    CAPTURE(source);
    const std::string before_a_device = std::string{source} + "\n" + named("a");
    const auto error = error_of<RecordError>([&] { (void)read_table(before_a_device, lenient()); });
    CHECK(error.index == 0);
    CHECK(error.field.empty());
    CHECK(error.pointer.empty());
    CHECK_THROWS_AS((void)read_table(source, lenient()), NotDevicesError);
  }
  const auto kept = read_table(R"([{"device_name":"a"},17,{"device_name":"b"}])", keeping());
  CHECK(cells(kept, ColumnId::device_name) == "a|null|b");
  CHECK(cell(kept, ColumnId::error, 1) == "record 1 is 17, expected an object");
}

TEST_CASE("in JSON lines the broken line is lost alone, first, middle or last") {
  for (const std::string_view broken :
       {R"({"device_name":"x)", R"({"device_name":)", R"({"device_name":"x"}})", "x",
        R"({"device_name":"x"} y)", R"({"device_name":tru})", R"({"device_name":1.})",
        "{\"device_name\":\"\xFF\"}", R"({"device_name":"\q"})", "}"}) {
    CAPTURE(broken);
    const std::string line = std::string{broken} + "\n";
    CHECK(names(named("a") + "\n" + line + named("b") + "\n", keeping()) == "a|null|b");
    CHECK(names(named("a") + "\n" + named("b") + "\n" + line, keeping()) == "a|b|null");
    CHECK(names(named("a") + "\n" + std::string{broken}, keeping()) == "a|null");
    CHECK(names(line + named("b") + "\n", keeping()) == "null|b");
  }
}

TEST_CASE("a lost line is null but for its error and its class") {
  const auto table = read_table(named("a") + "\n{\"device_name\":\n", keeping());
  for (const auto& [name, column] : table.columns()) {
    CAPTURE(name);
    CHECK(column.is_valid(1) == (name == "error" || name == "attention"));
  }
  CHECK(cell(table, ColumnId::attention, 1) == "unreadable");
  CHECK(cell(table, ColumnId::error, 1).starts_with("no JSON at line 2, column 16 (byte 35)"));
}

TEST_CASE("a lost line leaves nothing behind in the row that takes its place") {
  const std::string source =
      named("a") + "\n" + R"({"device_name":"x","is_frozen":true,"id":5,})" + "\n";
  const auto table = read_table(source, keeping());
  CHECK(cell(table, ColumnId::device_name, 1) == "null");
  CHECK(cell(table, ColumnId::status, 1) == "null");
  CHECK(cell(table, ColumnId::id, 1) == "null");
}

TEST_CASE("fields of a lost line are not in the data") {
  const std::string links = R"({"is_online":true,"api_heartbeat_state":"online"})";
  ReadOptions keep;
  keep.on_error = OnError::keep;
  for (const std::string_view lost : {R"({"status":null,"image_install":[],"id":tru})",
                                      R"({"status":null,"image_install":[],)"}) {
    const auto act = [&] { (void)read_table(links + "\n" + std::string{lost} + "\n", keep); };
    CHECK(error_of<MissingFieldsError>(act).fields.size() == 6);  // all but the links
  }
}

TEST_CASE("a text that is broken behind its first line is an error or a lost line") {
  const std::string source = named("a") + "\n{\"device_name\":\n\"b\"} x\n" + named("c") + "\n";
  CHECK_THROWS_AS((void)read_table(source, lenient()), JsonError);
  // Its lines stand each for itself: the first two are no JSON.
  CHECK(names(source, keeping()) == "a|null|null|c");
}

TEST_CASE("an envelope is checked also before its list") {
  for (const std::string_view source :
       {R"({"\q":1,"d":[{"is_frozen":null}]})", R"({"n":01,"d":[{"is_frozen":null}]})",
        R"({"n":[tru],"d":[{"is_frozen":null}]})", "{\"\x01\":1,\"d\":[{}]}",
        "{\"\xFF\":1,\"d\":[]}"}) {
    CAPTURE(source);
    CHECK_THROWS_AS((void)read_table(source, keeping()), JsonError);
  }
}

TEST_CASE("without keep a broken line is an error") {
  const auto act = [] { (void)read_table(named("a") + "\n{\"device_name\":\n", lenient()); };
  CHECK(error_of<JsonError>(act).line == 2);
}

TEST_CASE("what is not JSON lines is an error also where records are kept") {
  for (const std::string_view source :
       {R"([{"device_name":"a"},{"device_name":])", R"({"d":[{"device_name":tru}]})",
        R"([{"device_name":"a"}] x)", R"([{"device_name":"a"},])", "{\n\"device_name\":\n}",
        R"({"device_name":)", R"({"device_name":"a"} {"device_name":)", "x",
        R"([{"device_name":"a"}]])", "{\n\"device_name\":\"a\"\n}\n{\n\"device_name\":tru\n}\n"}) {
    CAPTURE(source);
    CHECK_THROWS_AS((void)read_table(source, keeping()), JsonError);
  }
}

TEST_CASE("a malformed value of a field is no JSON wherever it stands") {
  for (const std::string_view record :
       {R"({"device_name":tru})", R"({"id":01})", R"({"image_install":tru})",
        R"({"image_install":[tru]})", R"({"device_config_variable":[01]})",
        R"({"belongs_to__application":[nul]})", R"({"current_services":tru})",
        R"({"current_services":{"main":1.}})"}) {
    CAPTURE(record);
    CHECK_THROWS_AS((void)read_table(record, keeping()), JsonError);
  }
}

TEST_CASE("skipped values are checked by their structure only") {
  CHECK(names(R"({"junk":tru,"other":[1.2.3],"device_name":"a"})") == "a");
  for (const std::string_view source :
       {R"({"junk":[},"device_name":"a"})", R"({"junk":{"a":1]},"device_name":"a"})",
        R"({"junk":"a)", "{\"junk\":\"\xFF\",\"device_name\":\"a\"}",
        "{\"junk\":\"\n\",\"device_name\":\"a\"}"}) {
    CAPTURE(source);
    CHECK_THROWS_AS((void)names(source), JsonError);
  }
}

TEST_CASE("escapes in keys and values mean what they stand for") {
  CHECK(names(R"({"\u0064evice_name":"\u0061\ud83d\ude00"})") == "a\xF0\x9F\x98\x80");
  const auto loading = bare(R"("status":"\u0044ownloading","download_progress":5)");
  CHECK(cell(read_table(loading, lenient(StatusScheme::api_v6)), ColumnId::progress) == "null");
}

TEST_CASE("records next to the end of a batch and of the text are read whole") {
  // A batch holds 1024 records; those next to the end are copied before they are read.
  for (const int n_records : {1023, 1024, 1025, 1026, 2048, 2049, 4096}) {
    CAPTURE(n_records);
    std::string lines;
    for (int i = 0; i < n_records; ++i) lines += named(std::to_string(i)) + "\n";
    const auto table = read_table(lines, lenient());
    REQUIRE(table.size() == static_cast<std::size_t>(n_records));
    CHECK(cell(table, ColumnId::device_name, table.size() - 1) == std::to_string(n_records - 1));
    CHECK(cell(table, ColumnId::device_name, 0) == "0");
  }
}

TEST_CASE("any depth of what is skipped is no trouble") {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  CHECK(names(R"({"junk":)" + deep + R"(,"device_name":"a"})") == "a");
  CHECK(names(R"({"image_install":)" + deep + R"(,"device_name":"a"})", keeping()) == "a");
  CHECK(names(R"({"fetched_at":)" + deep + R"(,"d":[{"device_name":"a"}]})") == "a");
}

TEST_CASE("fetched_at of an envelope may stand before or after the list") {
  for (const std::string_view source :
       {R"({"fetched_at":"2026-01-01T00:00:00Z","d":[{"is_frozen":null}]})",
        R"({"d":[{"is_frozen":null}],"fetched_at":"2026-01-01T00:00:00Z"})",
        R"({"d":[],"fetched_at":"2026-01-01T00:00:00Z"})",
        R"({"a":1, "fetched\u005fat" : "2026-01-01T00:00:00Z" ,"d":[]})"}) {
    CAPTURE(source);
    CHECK(envelopes(source).latest == "2026-01-01T00:00:00Z");
  }
}

TEST_CASE("fetched_at of a record is none of an envelope") {
  CHECK(envelopes(R"({"fetched_at":"2026-01-01T00:00:00Z","device_name":"a"})").latest == "none");
}

TEST_CASE("fetched_at is the latest of all envelopes wherever it stands") {
  const std::string older = R"("fetched_at":"2026-01-01T00:00:00Z")";
  const std::string newer = R"("fetched_at":"2026-02-01T00:00:00+01:00")";
  const std::string list = R"("d":[{"is_frozen":null}])";
  for (const std::string& list_of_one : {list, std::string{R"("d":[])"}}) {
    for (const bool newer_first : {true, false}) {
      const auto& first = newer_first ? newer : older;
      const auto& second = newer_first ? older : newer;
      for (const std::string& source :
           {"{" + first + "," + list_of_one + "}{" + second + "," + list_of_one + "}",
            "{" + list_of_one + "," + first + "}{" + list_of_one + "," + second + "}",
            "{" + list_of_one + "," + first + "}{" + second + "," + list_of_one + "}"}) {
        CAPTURE(source);
        CHECK(envelopes(source).latest == "2026-01-31T23:00:00Z");
      }
    }
  }
}

TEST_CASE("fetched_at that is no time is kept for a message and null is none") {
  CHECK(envelopes(R"({"fetched_at":"soon","d":[]})").unreadable == R"("soon")");
  CHECK(envelopes(R"({"fetched_at":17,"d":[]})").unreadable == "17");
  CHECK(envelopes(R"({"fetched_at":null,"d":[]})").unreadable.empty());
  CHECK(envelopes(R"({"d":[]})").latest == "none");
}

}  // namespace
