// The cases that doctest and pytest share: tests/data/<concept>/<case>.json.

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "support.hpp"
#include "table/write.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;
using Json = nlohmann::ordered_json;  // the order of keys counts

namespace {

struct Case {
  std::string name;
  Json content;
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  const std::filesystem::path root{FLEETSTATUS_TEST_DATA};
  for (const auto& entry : std::filesystem::recursive_directory_iterator{root}) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file{entry.path()};
    cases.push_back({std::filesystem::relative(entry.path(), root).string(), Json::parse(file)});
  }
  std::ranges::sort(cases, {}, &Case::name);
  return cases;
}

std::vector<Case> cases_with(std::string_view part) {
  auto cases = all_cases();
  std::erase_if(cases, [&](const Case& one) { return !one.content.contains(part); });
  REQUIRE_FALSE(cases.empty());
  return cases;
}

FieldSet fields_named(const Json& names) {
  FieldSet fields;
  for (const FieldEntry& entry : field_table) {
    if (std::find(names.begin(), names.end(), entry.name) != names.end())
      fields.insert(entry.field);
  }
  return fields;
}

SourceSettings settings_of(const Json& content) {
  SourceSettings settings;
  settings.assume_utc = content.value("assume_utc", false);
  if (content.contains("default_poll_interval_ms")) {
    settings.default_poll_interval = Milliseconds{content["default_poll_interval_ms"].get<int>()};
  }
  return settings;
}

/// The case's record as the second of two, so that no field is missing from the source.
StatusTable read_case(const Case& one, StatusScheme scheme, OnError on_error) {
  ReadOptions options;
  options.scheme = scheme;
  options.on_error = on_error;
  if (one.content.contains("allow_missing")) {
    options.allow_missing = fields_named(one.content["allow_missing"]);
  }
  options.settings = settings_of(one.content);
  const std::string complete = device(R"("is_online":true,"current_services":null)");
  TableBuilder table;
  RecordBuilder builder{options, [&](const RecordColumns& batch) { table.append(batch); }};
  JsonReader{builder}.read(list_of({complete, one.content["record"].dump()}), one.name);
  builder.finish();
  return table.finish({scheme, moment(one.content["now"].get<std::string>()), {}, {}});
}

Json row_of(const StatusTable& table) {
  return Json::parse(write(table.columns(), TextFormat::ndjson, table.size() - 1, table.size()));
}

void check_columns(const Json& row, const Json& expected) {
  for (const auto& [column, value] : expected.items()) {
    CAPTURE(column);
    CHECK(row.at(column) == value);
  }
}

TEST_CASE("every case says something and names nothing unknown") {
  const auto cases = all_cases();
  CHECK(cases.size() > 100);
  for (const Case& one : cases) {
    CAPTURE(one.name);
    CHECK((one.content.contains("expect") || one.content.contains("columns") ||
           one.content.contains("error")));
    for (const auto& [part, value] : one.content.items()) {
      CAPTURE(part);
      constexpr std::array<std::string_view, 10> parts{
          "source",  "record", "now",  "allow_missing", "assume_utc", "default_poll_interval_ms",
          "columns", "expect", "kept", "error"};
      CHECK(std::ranges::find(parts, part) != parts.end());
    }
  }
}

TEST_CASE("schemes answer what the cases expect") {
  for (const Case& one : cases_with("expect")) {
    CAPTURE(one.name);
    for (const auto& [name, expected] : one.content["expect"].items()) {
      CAPTURE(name);
      const auto scheme = status_schemes.find(name);
      REQUIRE(scheme);
      check_columns(row_of(read_case(one, *scheme, OnError::raise)), expected);
    }
  }
}

TEST_CASE("columns hold what the cases expect") {
  for (const Case& one : cases_with("columns")) {
    CAPTURE(one.name);
    check_columns(row_of(read_case(one, newest, OnError::raise)), one.content["columns"]);
  }
}

TEST_CASE("bad records are named by field and pointer") {
  for (const Case& one : cases_with("error")) {
    CAPTURE(one.name);
    const auto error = error_of<RecordError>([&] { (void)read_case(one, newest, OnError::raise); });
    CHECK(error.index == 1);
    CHECK(error.field == one.content["error"]["field"].get<std::string>());
    CHECK(error.pointer == one.content["error"]["pointer"].get<std::string>());
  }
}

TEST_CASE("kept records answer what they can") {
  for (const Case& one : cases_with("kept")) {
    CAPTURE(one.name);
    const Json row = row_of(read_case(one, newest, OnError::keep));
    check_columns(row, one.content["kept"]);
    CHECK(row["attention"] == "unreadable");
    CHECK(row["error"].is_string());
  }
}

}  // namespace
