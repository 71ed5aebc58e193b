#include "records/record_builder.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

RecordError bad(std::string_view json, const ReadOptions& options = lenient()) {
  return error_of<RecordError>([&] { (void)read_table(json, options); });
}

ReadOptions carrying(std::initializer_list<std::string> names) {
  ReadOptions options = keeping();
  options.carry = texts_to_carry(names);
  return options;
}

/// The values of the first carried column.
std::string carried(std::string_view json, const ReadOptions& options) {
  return cells(read_table(json, options).columns()[column_names.size()].second);
}

TEST_CASE("of duplicate keys the last wins, also over a bad one and in another spelling") {
  const auto device_name = [](std::string_view json) {
    return cell(read_table(json, lenient()), ColumnId::device_name);
  };
  CHECK(device_name(R"({"device_name":"a","device_name":"b"})") == "b");
  CHECK(device_name(R"({"device_name":17,"device_name":"b"})") == "b");
  CHECK(device_name(R"({"device_name":"a","device_name":null})") == "null");
  CHECK(bad(R"({"device_name":"a","device_name":17})").field == "device_name");
  const auto table = read_table(R"({"is_frozen":"x","is frozen":true})", lenient());
  CHECK(cell(table, ColumnId::status) == "Frozen");
}

TEST_CASE("of several bad fields the error names the first in the record") {
  CHECK(bad(R"({"device_name":1,"id":"x"})").field == "device_name");
  CHECK(bad(R"({"id":"x","device_name":1})").field == "id");
  CHECK(bad(R"({"id":"x","device_name":1,"id":"y"})").field == "device_name");
  CHECK(bad(bare(R"("image_install":[{"id":"x"},{"status":1}],"id":"x")")).pointer ==
        "/image_install/0/id");
}

TEST_CASE("the first bad record of a source is raised") {
  CHECK(bad(list_of({bare(), bare(R"("id":"x")"), bare(R"("device_name":1)")})).index == 1);
  CHECK(bad(list_of({bare(), "17", bare(R"("device_name":1)")})).index == 1);
}

TEST_CASE("an error tells where, what and what was expected") {
  const RecordError plain = bad(list_of({bare(), bare(R"("download_progress":"50")")}));
  CHECK(std::string{plain.what()} ==
        R"(record 1: download_progress is "50", expected a whole number of 32 bits)");
  CHECK(plain.value == R"("50")");
  const RecordError nested = bad(bare(R"("belongs to-application":[{"slug":{}}])"));
  CHECK(std::string{nested.what()} ==
        "record 0: belongs_to__application at /belongs to-application/0/slug is an object, "
        "expected text");
}

TEST_CASE("pointers lead to the value that is bad") {
  struct Bad {
    std::string_view record;
    std::string_view pointer;
  };
  for (const auto& [record, pointer] :
       {Bad{R"({"image_install":{}})", "/image_install"},
        Bad{R"({"image_install":[{},5]})", "/image_install/1"},
        Bad{R"({"image_install":[{"is_provided_by__release":{"__id":"x"}}]})",
            "/image_install/0/is_provided_by__release/__id"},
        Bad{R"({"image install":[{"is provided by-release":"x"}]})",
            "/image install/0/is provided by-release"},
        Bad{R"({"current_services":{"a/b":[{"id":"x"}]}})", "/current_services/a~1b/0/id"},
        Bad{R"({"current_services":[]})", "/current_services"},
        Bad{R"({"device_config_variable":[{"name":5}]})", "/device_config_variable/0/name"},
        Bad{R"({"is_pinned_on__release":[{},{}]})", "/is_pinned_on__release"},
        Bad{R"({"is_pinned_on__release":[5]})", "/is_pinned_on__release/0"},
        Bad{R"({"is_pinned_on__release":true})", "/is_pinned_on__release"},
        Bad{R"({"belongs_to__application":{"application config variable":[{"value":5,
            "name":"BALENA_SUPERVISOR_VPN_CONTROL"}]}})",
            "/belongs_to__application/application config variable/0/value"}}) {
    CAPTURE(record);
    CHECK(bad(bare(record.substr(1, record.size() - 2))).pointer == pointer);
  }
}

TEST_CASE("a field that is null is never bad, but for the links") {
  for (const FieldEntry& entry : field_table) {
    CAPTURE(entry.name);
    const std::string record = bare('"' + std::string{entry.name} + R"(":null)");
    CHECK(read_table(record, lenient()).size() == 1);
  }
  const auto error = bad(device(R"("api_heartbeat_state":null)"), {});
  CHECK(error.field == "api_heartbeat_state");
  CHECK(error.value == "null");
  CHECK(bad(device(R"("is_connected_to_vpn":null)"), {}).field == "is_connected_to_vpn");
}

TEST_CASE("a lone surrogate makes bad a text that is read and no other") {
  CHECK(bad(R"({"device_name":"\ud800"})").field == "device_name");
  CHECK(read_table(bare(R"("junk":"\ud800","\udc00":1)"), lenient()).size() == 1);
}

TEST_CASE("scalars are carried as text") {
  const std::string json = R"([{"is_online":1,"os_version":"2.0"},{"is_online":1,"os_version":""},
      {"is_online":1,"os_version":12},{"is_online":1,"os_version":1.5},
      {"is_online":1,"os_version":true},{"is_online":1,"os_version":null},{"is_online":1}])";
  CHECK(carried(json, carrying({"os_version"})) == "2.0||12|1.5|true|null|null");
  CHECK(carried(bare(R"("os version":"x")"), carrying({"os_version"})) == "x");
}

TEST_CASE("a field that is read can be carried too") {
  CHECK(carried(list_of({bare(R"("id":7)"), bare(R"("id":null)")}), carrying({"id"})) == "7|null");
  CHECK(carried(R"({"is_active":1})", carrying({"is_active"})) == "1");
}

TEST_CASE("fields one link deep are carried") {
  const auto options = carrying({"is_running__release.raw_version"});
  CHECK(carried(R"([{"is_running__release":{"raw_version":"1.2"}},
      {"is_running__release":[{"raw version":"3"}]},{"is running-release":[]},
      {"is_running__release":null},{"is_running__release":{"__id":5}},{"is_running__release":5}])",
                options) == "1.2|3|null|null|null|null");
  CHECK(carried(bare(R"("belongs_to__application":{"slug":"a/b"})"),
                carrying({"belongs_to__application.slug"})) == "a/b");
}

TEST_CASE("a carried value of the last spelling wins") {
  CHECK(carried(R"({"is_running__release":{"raw_version":"1"},"is_running__release":null})",
                carrying({"is_running__release.raw_version"})) == "null");
}

TEST_CASE("a carried list or object is a bad record of its own field") {
  const auto error = bad(bare(R"("os_version":{})"), [] {
    ReadOptions options = lenient();
    options.carry = texts_to_carry({"os_version"});
    return options;
  }());
  CHECK(error.field == "os_version");
  CHECK(error.pointer == "/os_version");
}

TEST_CASE("the field of a carried link is its top-level name") {
  ReadOptions options = lenient();
  options.carry = texts_to_carry({"is_running__release.raw_version"});
  const auto error = bad(R"({"is running-release":[{"raw_version":{}}]})", options);
  CHECK(error.pointer == "/is running-release/0/raw_version");
  CHECK(error.field == "is_running__release");
}

TEST_CASE("names of services that are no text are shown as text") {
  const auto error = bad(bare(R"("current_services":{"\ud800":5})"));
  CHECK(error.pointer == "/current_services/\xEF\xBF\xBD");  // U+FFFD
}

TEST_CASE("fleets are named by slug, else by name, else by id") {
  const auto fleet = [](std::string_view link) {
    return cell(read_table(bare(R"("belongs_to__application":)" + std::string{link}), keeping()),
                ColumnId::fleet);
  };
  CHECK(fleet(R"({"__id":5,"slug":"org/a","app_name":"a"})") == "org/a");
  CHECK(fleet(R"([{"id":5,"app_name":"a"}])") == "a");
  CHECK(fleet(R"({"__id":5,"id":6})") == "5");
  CHECK(fleet("5") == "5");
  CHECK(fleet("[]") == "null");
  CHECK(fleet("null") == "null");
  CHECK(fleet(R"({"__id":5,"slug":7})") == "null");
}

TEST_CASE("batches join into one table") {
  std::size_t n_batches = 0;
  std::size_t n_records = 0;
  RecordBuilder builder{lenient(), [&](const RecordColumns& batch) {
                          ++n_batches;
                          n_records += batch.n_records;
                        }};
  std::string json;
  for (int i = 0; i < 10'000; ++i) json += bare() + "\n";
  JsonReader{builder}.read(json, "");
  JsonReader{builder}.read("", "");
  builder.finish();
  CHECK(n_records == 10'000);
  constexpr std::size_t size = RecordBuilder::block_size;
  CHECK(n_batches == (n_records + size - 1) / size);
  CHECK(builder.n_records() == 10'000);
}

TEST_CASE("nothing of one batch is left in the next") {
  const std::string first = R"({"device_name":"a","id":"x","image_install":[{}],"is_frozen":true})";
  std::string json = "[" + first;
  constexpr std::size_t size = RecordBuilder::block_size;
  for (std::size_t i = 1; i < size; ++i) json += "," + first;
  const auto table = read_table(json + "," + bare() + "]", keeping());
  CHECK(cell(table, ColumnId::error, size) == "null");
  CHECK(cell(table, ColumnId::device_name, size) == "null");
  CHECK(cell(table, ColumnId::reason, size) == "unknown");
}

TEST_CASE("a link that records of the source lack is judged before what is wrong with the next") {
  ReadOptions options;
  const std::string unlinked = R"({"is_online":true})";
  const std::string bad_later = device(R"("id":"x")");
  const auto error =
      error_of<RecordError>([&] { (void)read_table(list_of({unlinked, bad_later}), options); });
  CHECK(error.index == 0);
  CHECK(error.field == "api_heartbeat_state");
}

}  // namespace
