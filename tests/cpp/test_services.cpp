// Installs by service, of one fleet or of several.

#include "records/nested_reader.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

std::string pointer_to_bad(std::string_view json) {
  return error_of<RecordError>([&] { (void)read_table(json, lenient()); }).pointer;
}

TEST_CASE("a service without a list has no installs") {
  const auto table = read_table(bare(R"("current_services":{"main":null})"), lenient());
  CHECK(cell(table, ColumnId::error) == "null");
}

TEST_CASE("of two services of one name the last wins") {
  const std::string old = R"("main":[{"id":1,"status":"Downloading","download_progress":5}])";
  const auto status = [](const std::string& services) {
    return cell(
        read_table(R"({"is_active":true,"is_online":true,"current_services":{)" + services + "}}",
                   lenient(StatusScheme::library_2020)),
        ColumnId::status);
  };
  CHECK(status(old) == "updating");
  CHECK(status(old + R"(,"main":[])") == "idle");
  CHECK(status(R"("main":[],"other":[],)" + old) == "updating");
  CHECK(status(old + R"(,"other":[],"m\u0061in":[{"id":2}])") == "idle");
}

TEST_CASE("current services by fleet and service are installs of the device") {
  const auto read = [](std::string_view services, const ReadOptions& options = keeping()) {
    return read_table(
        device(joined({R"("image_install":null,"current_services_by_app":)", std::string{services}},
                      "")),
        options);
  };
  const std::string loading = R"([{"id":1,"status":"Downloading","download_progress":40}])";
  const auto table = read(R"({"org/a":{"main":[]},"org/b":{"main":)" + loading + "}}");
  CHECK(cell(table, ColumnId::reason) == "downloading-service");
  CHECK(cell(table, ColumnId::progress) == "40");
  for (const char* none : {"{}", "null", R"({"org/a":null})", R"({"org/a":{"main":null}})"}) {
    CAPTURE(none);
    CHECK(cell(read(none), ColumnId::error) == "null");
    CHECK(cell(read(none), ColumnId::reason) == "both-links");
  }
  // Of two fleets, or services, of one name the last counts.
  CHECK(cell(read(R"({"a":{"main":)" + loading + R"(},"a":{}})"), ColumnId::reason) ==
        "both-links");
  CHECK(cell(read(R"({"a":5,"a":{"main":)" + loading + "}}"), ColumnId::reason) ==
        "downloading-service");
  struct Bad {
    std::string_view services;
    std::string_view pointer;
  };
  for (const auto& [services, pointer] :
       {Bad{"[]", ""}, Bad{"5", ""}, Bad{R"({"org/a":[]})", "/org~1a"},
        Bad{R"({"z":{},"b":{"z":5,"a":6},"a":5})", "/b/z"}, Bad{R"({"b":5,"a":{"main":5}})", "/b"},
        Bad{R"({"a":{"main":[{},{"id":"x"}]}})", "/a/main/1/id"}}) {
    CAPTURE(services);
    CHECK(pointer_to_bad(bare(joined({R"("current_services_by_app":)", std::string{services}},
                                     ""))) == "/current_services_by_app" + std::string{pointer});
  }
}

TEST_CASE("of installs in three fields the first that is set counts") {
  const auto progress = [](std::string_view more) {
    return cell(
        read_table(
            bare(joined({R"("is_online":true,"api_heartbeat_state":"online",)", std::string{more}},
                        "")),
            lenient()),
        ColumnId::progress);
  };
  const auto installs = [](int percent) {
    return R"([{"status":"Downloading","download_progress":)" + std::to_string(percent) + "}]";
  };
  const std::string plain = R"("image_install":)" + installs(1);
  const std::string by_service = R"("current_services":{"main":)" + installs(2) + "}";
  const std::string by_app = R"("current_services_by_app":{"a":{"main":)" + installs(3) + "}}";
  CHECK(progress(by_app + "," + by_service + "," + plain) == "1");
  CHECK(progress(by_app + "," + by_service) == "2");
  CHECK(progress(by_app + R"(,"current_services":null,"image_install":null)") == "3");
  CHECK(progress(by_app + R"(,"current_services":{})") == "null");
}

}  // namespace
