// Records that stand in something else: pages of pages, envelopes in lists, fleets that list their
// devices.

#include "classify/classifier.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

std::string named(std::string_view name) {
  return bare(joined({R"("device_name":")", std::string{name}, "\""}, ""));
}

std::string names(std::string_view json, const ReadOptions& options = lenient()) {
  return cells(read_table(json, options), ColumnId::device_name);
}

std::string envelope(const std::string& list) { return R"({"d":)" + list + "}"; }

std::string fleet_of(std::string_view members, const std::string& devices) {
  return joined({"{", std::string{members}, R"(,"owns__device":)", devices, "}"}, "");
}

const std::string a = named("a");
const std::string b = named("b");
const std::string c = named("c");

TEST_CASE("pages of any depth are read in their order") {
  for (const std::string& source :
       {list_of({list_of({a, b}), list_of({c})}), list_of({a, list_of({b}), c}),
        list_of({list_of({list_of({a}), b}), "[]", c}), list_of({envelope(list_of({a, b})), c}),
        list_of({envelope(list_of({list_of({a}), envelope(list_of({b}))})), c}),
        envelope(list_of({list_of({a, b}), envelope(list_of({c}))})),
        list_of({fleet_of(R"("id":1)", list_of({a, b})), c}),
        fleet_of(R"("id":1)", list_of({a, b})) + "\n" + fleet_of(R"("id":2)", list_of({c})) + "\n",
        list_of({a, list_of({fleet_of(R"("id":1)", list_of({b, c}))})})}) {
    CAPTURE(source);
    CHECK(names(source) == "a|b|c");
  }
}

TEST_CASE("what stands among pages and is no record has its place") {
  const auto table =
      read_table(list_of({list_of({a, "17"}), "null", list_of({b, "[[],3]"})}), keeping());
  CHECK(cells(table, ColumnId::device_name) == "a|null|null|b|null");
  CHECK(cell(table, ColumnId::error, 1) == "record 1 is 17, expected an object");
  CHECK(cell(table, ColumnId::error, 2) == "record 2 is null, expected an object");
  CHECK(cell(table, ColumnId::error, 4) == "record 4 is 3, expected an object");
}

TEST_CASE("errors count the records of all pages") {
  const std::string bad = bare(R"("id":"x")");
  for (const std::string& source :
       {list_of({list_of({a, b}), bad}), list_of({a, list_of({b, bad})}),
        list_of({envelope(list_of({a})), envelope(list_of({b, bad}))})}) {
    const auto error = error_of<RecordError>([&] { (void)read_table(source, lenient()); });
    CHECK(error.index == 2);
    CHECK(error.pointer == "/id");
  }
}

std::string deep(const std::string& record, std::size_t n_lists) {
  return std::string(n_lists, '[') + record + std::string(n_lists, ']');
}

TEST_CASE("lists in too many lists are one bad record") {
  CHECK(names(list_of({a, deep(b, 16)})) == "a|b");
  const auto table = read_table(list_of({a, deep(b + "," + c, 17), c}), keeping());
  CHECK(cells(table, ColumnId::device_name) == "a|null|c");
  CHECK(cell(table, ColumnId::error, 1) ==
        "record 1 is a list in too many lists, expected an object");
  CHECK(names(list_of({a, deep(b, 100'000), c}), keeping()) == "a|null|c");
}

TEST_CASE("envelopes in lists tell when they were fetched, and the latest counts") {
  const auto fetched = [](std::string_view json) {
    RecordBuilder builder{lenient(), [](const RecordColumns&) {}};
    JsonReader{builder}.read(json, "");
    const auto& [latest, unreadable] = builder.envelopes();
    return (latest ? format_timestamp(*latest) : "none") + unreadable;
  };
  const std::string older = R"({"fetched_at":"2026-01-01T00:00:00Z","d":[)" + a + "]}";
  const std::string newer = R"({"d":[)" + a + R"(],"fetched\u005fat":"2026-02-01T00:00:00Z"})";
  CHECK(fetched(list_of({older, newer})) == "2026-02-01T00:00:00Z");
  CHECK(fetched(list_of({newer, older})) == "2026-02-01T00:00:00Z");
  CHECK(fetched(older + list_of({newer})) == "2026-02-01T00:00:00Z");
  CHECK(fetched(list_of({R"({"fetched_at":"soon","d":[]})"})) == R"(none"soon")");
  CHECK(fetched(list_of({R"({"fetched_at":[1],"d":[]})"})) == "nonea list");
  CHECK(fetched(list_of({R"({"fetched_at":null,"d":[]})"})) == "none");
}

TEST_CASE("an object with a field before d is no envelope") {
  const auto table = read_table(list_of({a, R"({"id":1,"d":[{"is_frozen":true}]})"}), keeping());
  CHECK(table.size() == 2);
  CHECK(cell(table, ColumnId::error, 1) == "record 1 has no field of a device; its keys: id, d");
  CHECK(names(R"([{"device_name":"x","d":[{"is_frozen":true}]}])") == "x");
  CHECK(names(R"([{"d":5,"device_name":"x"}])") == "x");
}

TEST_CASE("what is broken inside of a page is an error of the whole source") {
  for (const std::string& source :
       {list_of({list_of({a, "{"})}), list_of({list_of({a, "tru"})}), list_of({list_of({a}) + "]"}),
        list_of({envelope("[" + a + ",{\"id\":01}]")}), "[[" + a + "," + a,
        list_of({fleet_of(R"("id":1)", "[" + a + ",nul]")})}) {
    CAPTURE(source);
    CHECK_THROWS_AS((void)read_table(source, keeping()), JsonError);
  }
}

TEST_CASE("of a fleet that is a broken line no device is read") {
  const std::string good = fleet_of(R"("slug":"org/x")", list_of({a, b}));
  for (const std::string& broken :
       {fleet_of(R"("slug":"org/x")", "[" + a + ",tru]"),
        fleet_of(R"("slug":"org/x")", "[" + a + "," + b + "]").substr(0, 60),
        fleet_of(R"("slug":"org/x")", list_of({a})) + " x",
        fleet_of(R"("slug":01)", list_of({a}))}) {
    CAPTURE(broken);
    CHECK(names(good + "\n" + broken + "\n" + c + "\n", keeping()) == "a|b|null|c");
    CHECK(names(c + "\n" + broken + "\n" + good + "\n", keeping()) == "c|null|a|b");
  }
}

// Fleets that list their devices.

std::string fleets(std::string_view json, const ReadOptions& options = lenient()) {
  return cells(read_table(json, options), ColumnId::fleet);
}

TEST_CASE("a device takes from the fleet that lists it what it does not say itself") {
  const std::string devices =
      list_of({a, bare(R"("belongs_to__application":{"__id":5})"),
               bare(R"("belongs_to__application":{"slug":"own/slug"})"),
               bare(R"("belongs_to__application":null)"), bare(R"("fleet":"old/slug")")});
  CHECK(fleets(list_of({fleet_of(R"("slug":"org/x","app_name":"x")", devices), a})) ==
        "org/x|org/x|own/slug|org/x|old/slug|null");
}

TEST_CASE("the fleet's release and configuration count for its devices") {
  const std::string owner =
      R"("slug":"org/x","should_be_running__release":{"__id":5},)"
      R"("application_config_variable":[{"name":"RESIN_SUPERVISOR_POLL_INTERVAL","value":"3600000"}])";
  const auto table = read_table(
      list_of(
          {fleet_of(owner, list_of({bare(R"("is_running__release":5)"),
                                    bare(R"("is_running__release":5,"is_pinned_on__release":6)"),
                                    bare(R"("is_running__release":6,"belongs_to__application":)"
                                         R"({"should_be_running__release":6})")})),
           bare(R"("is_running__release":5)")}),
      lenient());
  CHECK(cells(table, ColumnId::on_target) == "true|false|true|null");
  CHECK(cells(table, ColumnId::heartbeat_window_s) == "5400|5400|5400|1350");
}

TEST_CASE("several fleets keep their own words, whatever is written in escapes") {
  std::string source;
  std::string expected;
  for (int i = 0; i < 40; ++i) {
    const std::string number = std::to_string(i);
    source +=
        (i == 0 ? "" : ",") + fleet_of(R"("slug":"org\/\u0061)" + number + "\"", list_of({a, b}));
    expected += (i == 0 ? "" : "|") + ("org/a" + number + "|org/a" + number);
  }
  CHECK(fleets("[" + source + "]") == expected);
}

TEST_CASE("a fleet of more devices than a batch keeps its words") {
  std::string devices;
  constexpr std::size_t n = 3 * RecordBuilder::block_size;
  for (std::size_t i = 0; i < n; ++i) devices += (i == 0 ? "" : ",") + named("\\u0061");
  const std::string source =
      R"([{"slug":"org\/\u0061bc","app_name":"\u0061bc","owns\u005f_device":[)" + devices +
      R"(,5],"note":"\u0061"}])";
  const auto table = read_table(source, keeping());
  REQUIRE(table.size() == n + 1);
  const Column fleet = table.column(ColumnId::fleet);
  const Column name = table.column(ColumnId::device_name);
  for (std::size_t row = 0; row < n; ++row) {
    if (fleet.text(row) != "org/abc" || name.text(row) != "a") FAIL(row);
  }
  CHECK(cell(table, ColumnId::error, n) ==
        "record " + std::to_string(n) + " is 5, expected an object");
}

TEST_CASE("pointers to what is bad in a device lead through its fleet") {
  std::string devices;
  for (int i = 0; i < 1030; ++i) devices += named("a") + ",";
  const auto pointer = [](const std::string& source) {
    return error_of<RecordError>([&] { (void)read_table(source, lenient()); });
  };
  const std::string bad = bare(R"("image_install":[{},{"id":"x"}])");
  const auto error = pointer(list_of({fleet_of(R"("id":1)", "[" + devices + bad + "]")}));
  CHECK(error.index == 1030);
  CHECK(error.pointer == "/owns__device/1030/image_install/1/id");
  CHECK(error.field == "image_install");
  const auto escaped = pointer(R"([{"id":1,"owns\u005f_device":[)" + devices + bad + "]}]");
  CHECK(escaped.pointer == error.pointer);
  const auto spaced = pointer(R"({"id":1,"owns-device":[)" + a + "," + bad + "]}");
  CHECK(spaced.pointer == "/owns-device/1/image_install/1/id");
  CHECK(pointer(list_of({fleet_of(R"("id":1)", list_of({a, b})), bad})).pointer ==
        "/image_install/1/id");
  CHECK(std::string{error.what()}.find("at /owns__device/1030/image_install/1/id is") !=
        std::string::npos);
}

TEST_CASE("what is bad in a fleet makes bad all its devices that it counts for") {
  const std::string source = list_of(
      {fleet_of(R"("slug":5)", list_of({a, b})), fleet_of(R"("slug":"org/y")", list_of({c}))});
  const auto table = read_table(source, keeping());
  CHECK(cells(table, ColumnId::fleet) == "null|null|org/y");
  CHECK(cells(table, ColumnId::attention) == "unreadable|unreadable|null");
  const auto error = error_of<RecordError>([&] { (void)read_table(source, lenient()); });
  CHECK(error.index == 0);
  CHECK(error.field == "belongs_to__application");
}

TEST_CASE("a fleet whose devices are no list is refused") {
  struct Bad {
    std::string_view devices;
    std::string_view value;
  };
  for (const auto& [devices, value] :
       {Bad{R"({"__deferred":{"uri":"/x"}})", "an object"}, Bad{"5", "5"}, Bad{"null", "null"}}) {
    for (const ReadOptions& options : {ReadOptions{}, keeping()}) {
      const auto error = error_of<NotDevicesError>([&] {
        (void)read_table(list_of({a, fleet_of(R"("id":1)", std::string{devices})}), options);
      });
      CHECK(error.kind == NotDevicesError::Kind::owns_device);
      CHECK(error.value == value);
    }
  }
}

TEST_CASE("what a fleet lists and is no device is a bad record") {
  const auto table = read_table(
      list_of({fleet_of(R"("slug":"org/x")", list_of({a, "17", R"({"id":1})", list_of({b}),
                                                      fleet_of(R"("id":2)", list_of({c})),
                                                      envelope(list_of({c})), b}))}),
      keeping());
  CHECK(cells(table, ColumnId::device_name) == "a|null|null|null|null|null|b");
  CHECK(cells(table, ColumnId::fleet) == "org/x|null|null|null|null|null|org/x");
  CHECK(cell(table, ColumnId::error, 3) == "record 3 is a list, expected an object");
  CHECK(cell(table, ColumnId::error, 4) == "record 4 is an object, expected an object");
}

TEST_CASE("a device may list devices of its own, which are not read") {
  CHECK(names(fleet_of(R"("device_name":"x")", list_of({a, b}))) == "x");
}

TEST_CASE("fleets with devices leave no gap of a fleet") {
  Classifier classifier{lenient(), Threads{}};
  classifier.read_json(
      fleet_of(R"("slug":"org/x","should_be_running__release":null)", list_of({a})), "");
  std::string fields;
  for (const Gap& gap : *classifier.finish(noon).info().gaps) fields += gap.field + " ";
  CHECK(fields.find("belongs_to__application ") == std::string::npos);
  CHECK(fields.find("belongs_to__application.should_be_running__release") == std::string::npos);
  CHECK(fields.find("belongs_to__application.application_config_variable") != std::string::npos);
}

}  // namespace
