#include "readers/json_reader.hpp"

#include <vector>

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

std::string named(std::string_view uuid) { return R"({"uuid":")" + std::string{uuid} + R"("})"; }

/// The uuids of a source, as in `a|b|null`.
std::string uuids(std::string_view json, const ReadOptions& options = lenient()) {
  return cells(read_table(json, options), ColumnId::uuid);
}

struct Envelopes {
  std::string latest;
  std::string unreadable;
};

Envelopes envelopes(std::string_view json) {
  RecordBuilder builder{lenient(), [](const RecordColumns&) {}};
  JsonReader reader{builder};
  reader.read(json, "");
  const auto& [latest, unreadable] = reader.envelopes();
  return {latest ? format_timestamp(*latest) : "none", unreadable};
}

TEST_CASE("every form of a source gives the same records") {
  const std::string a = named("a");
  const std::string b = named("b");
  for (const auto& source : std::vector<std::string>{
           "[" + a + "," + b + "]", R"({"d":[)" + a + "," + b + "]}", a + b, a + "\n" + b,
           a + "\r\n" + b + "\r\n", a + "\n\n \n" + b, "[" + a + "]\n[" + b + "]",
           R"({"d":[)" + a + R"(]}{"d":[)" + b + "]}", "\xEF\xBB\xBF[" + a + "," + b + "]",
           "[\n  {\n    \"uuid\": \"a\"\n  },\n  {\n    \"uuid\": \"b\"\n  }\n]\n",
           "{\n  \"uuid\": \"a\"\n}\n{\n  \"uuid\": \"b\"\n}\n"}) {
    CAPTURE(source);
    CHECK(uuids(source) == "a|b");
  }
}

TEST_CASE("nothing at all is an empty table") {
  for (const std::string_view source : {"", " \n ", "[]", "\xEF\xBB\xBF", R"({"d":[]})"}) {
    CAPTURE(source);
    CHECK(read_table(source).size() == 0);
  }
}

TEST_CASE("what is no object is a bad record") {
  for (const std::string_view source : {"[17]", "17", "[null]", "null", R"(["a"])", "[[{}]]"}) {
    CAPTURE(source);
    const auto error = error_of<RecordError>([&] { (void)read_table(source, lenient()); });
    CHECK(error.index == 0);
    CHECK(error.field.empty());
    CHECK(error.pointer.empty());
  }
  const auto kept = read_table(R"([{"uuid":"a"},17,{"uuid":"b"}])", keeping());
  CHECK(cells(kept, ColumnId::uuid) == "a|null|b");
  CHECK(cell(kept, ColumnId::error, 1) == "record 1 is 17, expected an object");
}

TEST_CASE("in JSON lines the broken line is lost alone, first, middle or last") {
  for (const std::string_view broken :
       {R"({"uuid":"x)", R"({"uuid":)", R"({"uuid":"x"}})", "x", R"({"uuid":"x"} y)",
        R"({"uuid":tru})", R"({"uuid":1.})", "{\"uuid\":\"\xFF\"}", R"({"uuid":"\q"})", "}"}) {
    CAPTURE(broken);
    const std::string line = std::string{broken} + "\n";
    CHECK(uuids(named("a") + "\n" + line + named("b") + "\n", keeping()) == "a|null|b");
    CHECK(uuids(named("a") + "\n" + named("b") + "\n" + line, keeping()) == "a|b|null");
    CHECK(uuids(named("a") + "\n" + std::string{broken}, keeping()) == "a|null");
    CHECK(uuids(line + named("b") + "\n", keeping()) == "null|b");
  }
}

TEST_CASE("a lost line is null but for its error and its class") {
  const auto table = read_table(named("a") + "\n{\"uuid\":\n", keeping());
  for (const auto& [name, column] : table.columns()) {
    CAPTURE(name);
    CHECK(column.is_valid(1) == (name == "error" || name == "attention"));
  }
  CHECK(cell(table, ColumnId::attention, 1) == "unreadable");
  CHECK(cell(table, ColumnId::error, 1).starts_with("no JSON at line 2, column 9 (byte 21)"));
}

TEST_CASE("a lost line leaves nothing behind in the row that takes its place") {
  const std::string source = named("a") + "\n" + R"({"uuid":"x","is_frozen":true,"id":5,})" + "\n";
  const auto table = read_table(source, keeping());
  CHECK(cell(table, ColumnId::uuid, 1) == "null");
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
  const std::string source = named("a") + "\n{\"uuid\":\n\"b\"} x\n" + named("c") + "\n";
  CHECK_THROWS_AS((void)read_table(source, lenient()), JsonError);
  // Its lines stand each for itself: the first two are no JSON.
  CHECK(uuids(source, keeping()) == "a|null|null|c");
}

TEST_CASE("an envelope is checked also before its list") {
  for (const std::string_view source :
       {R"({"\q":1,"d":[{}]})", R"({"n":01,"d":[{}]})", R"({"n":[tru],"d":[{}]})",
        "{\"\x01\":1,\"d\":[{}]}", "{\"\xFF\":1,\"d\":[]}"}) {
    CAPTURE(source);
    CHECK_THROWS_AS((void)read_table(source, keeping()), JsonError);
  }
}

TEST_CASE("without keep a broken line is an error") {
  const auto act = [] { (void)read_table(named("a") + "\n{\"uuid\":\n", lenient()); };
  CHECK(error_of<JsonError>(act).line == 2);
}

TEST_CASE("what is not JSON lines is an error also where records are kept") {
  for (const std::string_view source :
       {R"([{"uuid":"a"},{"uuid":])", R"({"d":[{"uuid":tru}]})", R"([{"uuid":"a"}] x)",
        R"([{"uuid":"a"},])", "{\n\"uuid\":\n}", R"({"uuid":)", R"({"uuid":"a"} {"uuid":)", "x",
        R"([{"uuid":"a"}]])", "{\n\"uuid\":\"a\"\n}\n{\n\"uuid\":tru\n}\n"}) {
    CAPTURE(source);
    CHECK_THROWS_AS((void)read_table(source, keeping()), JsonError);
  }
}

TEST_CASE("a malformed value of a field is no JSON wherever it stands") {
  for (const std::string_view record :
       {R"({"uuid":tru})", R"({"id":01})", R"({"image_install":tru})", R"({"image_install":[tru]})",
        R"({"device_config_variable":[01]})", R"({"belongs_to__application":[nul]})",
        R"({"current_services":tru})", R"({"current_services":{"main":1.}})"}) {
    CAPTURE(record);
    CHECK_THROWS_AS((void)read_table(record, keeping()), JsonError);
  }
}

TEST_CASE("skipped values are checked by their structure only") {
  CHECK(uuids(R"({"junk":tru,"other":[1.2.3],"uuid":"a"})") == "a");
  for (const std::string_view source :
       {R"({"junk":[},"uuid":"a"})", R"({"junk":{"a":1]},"uuid":"a"})", R"({"junk":"a)",
        "{\"junk\":\"\xFF\",\"uuid\":\"a\"}", "{\"junk\":\"\n\",\"uuid\":\"a\"}"}) {
    CAPTURE(source);
    CHECK_THROWS_AS((void)uuids(source), JsonError);
  }
}

TEST_CASE("escapes in keys and values mean what they stand for") {
  CHECK(uuids(R"({"\u0075uid":"\u0061\ud83d\ude00"})") == "a\xF0\x9F\x98\x80");
  const auto loading = R"({"status":"\u0044ownloading","download_progress":5})";
  CHECK(cell(read_table(loading, lenient(StatusScheme::api_v6)), ColumnId::progress) == "null");
}

TEST_CASE("records next to the end of a batch and of the text are read whole") {
  // A batch holds 4096 records; those next to the end are copied before they are read.
  for (const int n_records : {4095, 4096, 4097, 4098, 8192, 8193}) {
    CAPTURE(n_records);
    std::string lines;
    for (int i = 0; i < n_records; ++i) lines += named(std::to_string(i)) + "\n";
    const auto table = read_table(lines, lenient());
    REQUIRE(table.size() == static_cast<std::size_t>(n_records));
    CHECK(cell(table, ColumnId::uuid, table.size() - 1) == std::to_string(n_records - 1));
    CHECK(cell(table, ColumnId::uuid, 0) == "0");
  }
}

TEST_CASE("any depth of what is skipped is no trouble") {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  CHECK(uuids(R"({"junk":)" + deep + R"(,"uuid":"a"})") == "a");
  CHECK(uuids(R"({"image_install":)" + deep + R"(,"uuid":"a"})", keeping()) == "a");
  CHECK(uuids(R"({"fetched_at":)" + deep + R"(,"d":[{"uuid":"a"}]})") == "a");
}

TEST_CASE("fetched_at of an envelope may stand before or after the list") {
  for (const std::string_view source :
       {R"({"fetched_at":"2026-01-01T00:00:00Z","d":[{}]})",
        R"({"d":[{}],"fetched_at":"2026-01-01T00:00:00Z"})",
        R"({"d":[],"fetched_at":"2026-01-01T00:00:00Z"})",
        R"({"a":1, "fetched\u005fat" : "2026-01-01T00:00:00Z" ,"d":[]})"}) {
    CAPTURE(source);
    CHECK(envelopes(source).latest == "2026-01-01T00:00:00Z");
  }
}

TEST_CASE("fetched_at of a record is none of an envelope") {
  CHECK(envelopes(R"({"fetched_at":"2026-01-01T00:00:00Z","uuid":"a"})").latest == "none");
}

TEST_CASE("fetched_at is the latest of all envelopes wherever it stands") {
  const std::string older = R"("fetched_at":"2026-01-01T00:00:00Z")";
  const std::string newer = R"("fetched_at":"2026-02-01T00:00:00+01:00")";
  const std::string list = R"("d":[{}])";
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
