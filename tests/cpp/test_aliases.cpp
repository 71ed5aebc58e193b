// Older names of fields: each is read where the newer one has no value.

#include "arrow_support.hpp"
#include "classify/classifier.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

struct Alias {
  ColumnId column;
  std::string_view newer, older;        ///< keys
  std::string_view newer_value, value;  ///< of the newer and of the older, in JSON
  std::string_view shown, older_shown;
  std::string_view wrong;  ///< no value of the older
};

const std::vector<Alias> aliases{
    {ColumnId::device_name, "device_name", "name", R"("new")", R"("old")", "new", "old", "5"},
    {ColumnId::cloudlink_since, "last_connectivity_event", "last_seen_time",
     R"("2026-10-20T08:00:00Z")", R"("2026-10-19T08:00:00Z")", "2026-10-20T08:00:00Z",
     "2026-10-19T08:00:00Z", R"("soon")"},
    {ColumnId::fleet, "belongs_to__application", "application", R"({"slug":"org/new"})",
     R"([{"slug":"org/old"}])", "org/new", "org/old", R"("org/x")"},
    {ColumnId::fleet, "belongs_to__application", "fleet", R"({"slug":"org/new"})", R"("org/old")",
     "org/new", "org/old", "[5]"},
};

std::string member(std::string_view key, std::string_view value) {
  return joined({"\"", std::string{key}, "\":", std::string{value}}, "");
}

std::string read(const Alias& alias, std::initializer_list<std::string> members) {
  const auto table = read_table(bare(joined(members, ",")), keeping());
  CHECK(cell(table, ColumnId::error) == "null");
  return cell(table, alias.column);
}

TEST_CASE("an older name fills what the newer lacks, whichever stands first") {
  for (const Alias& alias : aliases) {
    CAPTURE(alias.older);
    const std::string newer = member(alias.newer, alias.newer_value);
    const std::string older = member(alias.older, alias.value);
    const std::string null = member(alias.newer, "null");
    CHECK(read(alias, {newer, older}) == alias.shown);
    CHECK(read(alias, {older, newer}) == alias.shown);
    CHECK(read(alias, {older}) == alias.older_shown);
    CHECK(read(alias, {null, older}) == alias.older_shown);
    CHECK(read(alias, {older, null}) == alias.older_shown);
    CHECK(read(alias, {newer, member(alias.older, "null")}) == alias.shown);
    CHECK(read(alias, {null, member(alias.older, "null")}) == "null");
  }
}

TEST_CASE("an older name of another type is somebody's own column and is skipped") {
  for (const Alias& alias : aliases) {
    CAPTURE(alias.older);
    const std::string wrong = member(alias.older, alias.wrong);
    CHECK(read(alias, {wrong}) == "null");
    CHECK(read(alias, {wrong, member(alias.newer, alias.newer_value)}) == alias.shown);
    CHECK(read(alias, {wrong, member(alias.older, alias.value)}) == alias.older_shown);
    CHECK(read(alias, {member(alias.older, alias.value), wrong}) == "null");
    const auto act = [&] { (void)read_table(bare(wrong), lenient()); };
    CHECK_NOTHROW(act());
  }
}

TEST_CASE("an older name does not hide that the newer is unreadable") {
  for (const Alias& alias : aliases) {
    CAPTURE(alias.older);
    const auto table = read_table(
        bare(member(alias.newer, "true") + "," + member(alias.older, alias.value)), keeping());
    CHECK(cell(table, ColumnId::error) != "null");
    CHECK(cell(table, alias.column) == "null");
  }
}

TEST_CASE("the database's spelling of an older name will do") {
  CHECK(cell(read_table(R"({"last seen time":"2026-10-19T08:00:00Z"})", lenient()),
             ColumnId::cloudlink_since) == "2026-10-19T08:00:00Z");
}

TEST_CASE("application is read where the fleet gives no value, fleet where it has no slug") {
  const auto fleet = [](std::string_view members) {
    return cell(read_table(bare(members), lenient()), ColumnId::fleet);
  };
  CHECK(fleet(R"("application":{"slug":"org/a"},"fleet":"org/b")") == "org/a");
  CHECK(fleet(R"("application":{"app_name":"a"},"fleet":"org/b")") == "org/b");
  CHECK(fleet(R"("belongs_to__application":{"__id":5},"fleet":"org/b")") == "org/b");
  CHECK(fleet(R"("belongs_to__application":{"__id":5},"application":{"slug":"org/a"})") == "5");
  CHECK(fleet(R"("belongs_to__application":[],"application":{"slug":"org/a"})") == "org/a");
}

TEST_CASE("an older name is the newer field where that is needed") {
  const std::string complete = device();
  std::string old = complete;
  const auto at = old.find("last_connectivity_event");
  old.replace(at, std::string_view{"last_connectivity_event"}.size(), "last_seen_time");
  CHECK(read_table(old).size() == 1);
  old.replace(old.find("2026-10-20T08:00:00Z"), 20, "a year or so ago    ");
  const auto error = error_of<MissingFieldsError>([&] { (void)read_table(old); });
  CHECK(error.fields == std::vector<std::string>{"last_connectivity_event"});
  // Of duplicate keys the last counts.
  old.pop_back();
  CHECK(read_table(old + R"(,"last_seen_time":null})").size() == 1);
}

TEST_CASE("what an older name fills in is no gap and an older name never is") {
  const auto gap_fields = [](std::string_view json) {
    Classifier classifier{lenient(), Threads{}};
    classifier.read_json(json, "");
    std::string names;
    for (const Gap& gap : *classifier.finish(noon).info().gaps) names += gap.field + " ";
    return names;
  };
  const std::string with = gap_fields(bare(R"("name":"a","last_seen_time":null,"fleet":"b")"));
  for (const char* name :
       {"device_name ", "last_connectivity_event ", "belongs_to__application "}) {
    CHECK(with.find(name) == std::string::npos);
    CHECK(gap_fields(bare()).find(name) != std::string::npos);
  }
  const std::string skipped = gap_fields(bare(R"("name":5,"last_seen_time":"x","fleet":[])"));
  CHECK(skipped == gap_fields(bare()));
}

TEST_CASE("an older name can be carried, also where it is somebody's own column") {
  ReadOptions options = keeping();
  options.carry = texts_to_carry({"fleet", "name", "application.slug"});
  const auto table =
      read_table(list_of({bare(R"("fleet":5,"name":true,"application":{"slug":"org/a"})"),
                          bare(R"("fleet":"b","name":"c")"), bare(R"("fleet":6)")}),
                 options);
  const std::size_t first = column_names.size();
  CHECK(cells(table, ColumnId::error) == "null|null|null");
  CHECK(cells(table.column(first)) == "5|b|6");
  CHECK(cells(table.column(first + 1)) == "true|c|null");
  CHECK(cells(table.column(first + 2)) == "org/a|null|null");
}

// The same in columns.

StatusTable read_columns(std::int64_t n_rows, std::vector<Made> columns,
                         const ReadOptions& options = keeping()) {
  columns.push_back(named("is_frozen", made("n", n_rows, {})));
  const Made batch = structs(n_rows, std::move(columns));
  ArrowArray given = give(batch);
  Classifier classifier{options, Threads{}};
  classifier.read_arrow(arrow_type(batch->schema), take_over(given));
  return classifier.finish(noon);
}

/// Three texts, of which some are null.
Made three(std::string_view text, std::uint8_t validity) {
  return made(
      "u", 3,
      {bytes_of<std::uint8_t>({validity}), bytes_of<std::int32_t>({0, 1, 2, 3}), bytes_of(text)});
}

TEST_CASE("in columns an older name fills what the newer lacks, in either order") {
  const auto newer = [] { return named("device_name", three("abc", 0b101)); };
  const auto older = [] { return named("name", three("xyz", 0b011)); };
  CHECK(cells(read_columns(3, {newer(), older()}), ColumnId::device_name) == "a|y|c");
  CHECK(cells(read_columns(3, {older(), newer()}), ColumnId::device_name) == "a|y|c");
  CHECK(cells(read_columns(3, {older()}), ColumnId::device_name) == "x|y|null");
}

TEST_CASE("in columns an older name of another type is skipped") {
  const auto table = read_columns(
      3, {named("device_name", three("abc", 0b101)), named("name", integers({1, 2, 3})),
          named("fleet", integers({1, 2, 3})), named("last_seen_time", three("abc", 0b111))});
  CHECK(cells(table, ColumnId::device_name) == "a|null|c");
  CHECK(cells(table, ColumnId::fleet) == "null|null|null");
  CHECK(cells(table, ColumnId::error) == "null|null|null");
}

TEST_CASE("in columns a fleet's slug may stand alone") {
  CHECK(cells(read_columns(3, {named("fleet", three("abc", 0b101))}), ColumnId::fleet) ==
        "a|null|c");
  const auto table = read_columns(3, {named("fleet", three("abc", 0b101)),
                                      named("belongs_to__application", integers({1, 2, 3}))});
  CHECK(cells(table, ColumnId::fleet) == "a|2|c");
}

TEST_CASE("in columns an older name can be carried, whatever it holds") {
  ReadOptions options = keeping();
  options.carry = texts_to_carry({"fleet"});
  const auto table = read_columns(3, {named("fleet", integers({1, 2, 3}))}, options);
  CHECK(cells(table.column(column_names.size())) == "1|2|3");
  const auto texts = read_columns(3, {named("fleet", three("abc", 0b101))}, options);
  CHECK(cells(texts.column(column_names.size())) == "a|null|c");
}

}  // namespace
