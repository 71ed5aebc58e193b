#include "records/missing_fields.hpp"

#include <algorithm>
#include <vector>

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

using Names = std::vector<std::string>;

MissingFieldsError missing_from(std::string_view json, const ReadOptions& options = {}) {
  return error_of<MissingFieldsError>([&] { (void)read_table(json, options); });
}

/// A source that lacks nothing.
SeenFields everything() {
  SeenFields seen;
  seen.fleet_release = seen.fleet_variables = true;
  for (const FieldEntry& entry : field_table) seen.fields.insert(entry.field);
  return seen;
}

ReadOptions allowing(std::initializer_list<Field> fields) {
  ReadOptions options;
  for (const Field field : fields) options.allow_missing.insert(field);
  return options;
}

TEST_CASE("fields that no record has are named in one order") {
  CHECK(missing_from(bare()).fields == Names{"is_connected_to_vpn", "api_heartbeat_state",
                                             "last_connectivity_event", "provisioning_state",
                                             "provisioning_progress", "download_progress", "status",
                                             "image_install"});
}

TEST_CASE("the library needs other fields") {
  ReadOptions options;
  options.scheme = StatusScheme::library_2020;
  CHECK(missing_from(bare(), options).fields ==
        Names{"is_active", "is_online", "last_connectivity_event", "provisioning_state",
              "provisioning_progress", "download_progress", "status", "current_services"});
  // It reads neither the heartbeat nor the other flag of cloudlink.
  const auto table = read_table(
      R"({"is_active":true,"is_online":null,"last_connectivity_event":null,)"
      R"("provisioning_state":null,"provisioning_progress":null,"download_progress":null,)"
      R"("status":null,"current_services":null})",
      options);
  CHECK(cell(table, ColumnId::status) == "configuring");
}

TEST_CASE("one record with a field is enough for those that are not links") {
  const std::string links = R"({"is_online":true,"api_heartbeat_state":"online"})";
  CHECK(read_table(list_of({links, device(), links})).size() == 3);
  CHECK(missing_from(list_of({links, links})).fields.front() == "last_connectivity_event");
}

TEST_CASE("a field that is null is not missing") {
  CHECK(read_table(device(R"("image_install":null,"last_connectivity_event":null)")).size() == 1);
}

TEST_CASE("the database's spelling will do") {
  const auto error = missing_from(R"({"is connected to vpn":true,"api heartbeat state":"online",
      "last connectivity event":null,"provisioning state":null,"provisioning progress":null,
      "download progress":null,"image install":[]})");
  CHECK(error.fields == Names{"status"});
}

TEST_CASE("either of two fields will do") {
  SeenFields seen;
  const auto misses = [&](Field field) {
    const auto missing = missing_fields(seen, newest, {});
    return std::ranges::find(missing, field) != missing.end();
  };
  CHECK(misses(Field::is_connected_to_vpn));
  CHECK_FALSE(misses(Field::is_online));
  seen.fields.insert(Field::is_online);
  seen.fields.insert(Field::current_services);
  CHECK_FALSE(misses(Field::is_connected_to_vpn));
  CHECK_FALSE(misses(Field::image_install));
}

TEST_CASE("the newer of two fields does not stand in for the one that the library reads") {
  SeenFields seen;
  seen.fields.insert(Field::is_connected_to_vpn);
  seen.fields.insert(Field::image_install);
  const auto missing = missing_fields(seen, StatusScheme::library_2020, {});
  for (const Field field : {Field::is_online, Field::current_services}) {
    CAPTURE(entry_of(field).name);
    CHECK(std::ranges::find(missing, field) != missing.end());
  }
}

TEST_CASE("either name allows both to be missing") {
  CHECK(
      missing_from(bare(), allowing({Field::is_online, Field::current_services})).fields.front() ==
      "api_heartbeat_state");
  const auto options = allowing({Field::is_connected_to_vpn, Field::image_install});
  CHECK(missing_from(bare(), options).fields.back() == "status");
}

TEST_CASE("the first device is the record that lacks them") {
  CHECK(missing_from(bare()).index == 0);
  ReadOptions keep;
  keep.on_error = OnError::keep;
  CHECK(missing_from(list_of({"1", "\"x\"", bare(), bare()}), keep).index == 2);
}

TEST_CASE("nothing is missing where there is no record") {
  CHECK(read_table("", {}).size() == 0);
  CHECK(read_table("[]", {}).size() == 0);
}

TEST_CASE("a link that some records have is missing from the others") {
  const std::string lacking = R"({"uuid":"b","api_heartbeat_state":"online"})";
  for (const auto& json : {list_of({device(), lacking}), list_of({lacking, device()})}) {
    CAPTURE(json);
    const auto error = error_of<RecordError>([&] { (void)read_table(json); });
    CHECK(error.field == "is_connected_to_vpn");
    CHECK(error.pointer == "/is_connected_to_vpn");
    CHECK(error.value == "missing");
    CHECK(error.index == (json == list_of({device(), lacking}) ? 1 : 0));
  }
}

TEST_CASE("a link allowed to be missing leaves the status open past the first rules") {
  const auto options = allowing({Field::api_heartbeat_state});
  const std::string no_heartbeat = R"("api_heartbeat_state":null)";
  const auto table = read_table(device(no_heartbeat), options);
  CHECK(cell(table, ColumnId::status) == "null");
  CHECK(cell(table, ColumnId::reason) == "unknown");
  CHECK(cell(table, ColumnId::heartbeat) == "null");
  CHECK(cell(table, ColumnId::attention) == "null");
  const auto inactive = read_table(device(no_heartbeat + R"(,"is_active":false)"), options);
  CHECK(cell(inactive, ColumnId::status) == "Inactive");
}

TEST_CASE("the gaps say what each field would have told") {
  SeenFields seen = everything();
  CHECK(gaps(seen, newest).empty());
  seen.fields.erase(Field::is_frozen);
  seen.fleet_variables = false;
  const auto found = gaps(seen, newest);
  REQUIRE(found.size() == 2);
  CHECK(found[0].field == "is_frozen");
  CHECK(found[0].hides == "no device can show as Frozen");
  CHECK(found[1].field == "belongs_to__application.application_config_variable");
}

TEST_CASE("the second of two fields is no gap unless the library needs it") {
  SeenFields seen = everything();
  seen.fields.erase(Field::is_online);
  CHECK(gaps(seen, newest).empty());
  REQUIRE(gaps(seen, StatusScheme::library_2020).size() == 1);
  CHECK(gaps(seen, StatusScheme::library_2020)[0].field == "is_online");
}

TEST_CASE("two fields of which one is enough leave one gap if both are missing, else none") {
  SeenFields seen = everything();
  seen.fields.erase(Field::is_connected_to_vpn);
  CHECK(gaps(seen, newest).empty());
  seen.fields.erase(Field::is_online);
  const auto found = gaps(seen, newest);
  REQUIRE(found.size() == 1);
  CHECK(found[0].field == "is_connected_to_vpn");
}

TEST_CASE("what a fleet lacks is a gap only where there are fleets") {
  SeenFields seen = everything();
  seen.fleet_release = seen.fleet_variables = false;
  CHECK(gaps(seen, newest).size() == 2);
  seen.fields.erase(Field::belongs_to__application);
  const auto found = gaps(seen, newest);
  REQUIRE(found.size() == 1);
  CHECK(found[0].field == "belongs_to__application");
}

TEST_CASE("of fields of which one is enough only those count that the scheme needs") {
  CHECK(alternatives_to(Field::is_online, newest) ==
        set_of({Field::is_online, Field::is_connected_to_vpn}));
  CHECK(alternatives_to(Field::is_online, StatusScheme::library_2020) ==
        set_of({Field::is_online}));
  CHECK(alternatives_to(Field::current_services_by_app, newest) ==
        set_of({Field::image_install, Field::current_services, Field::current_services_by_app}));
  CHECK(alternatives_to(Field::current_services, StatusScheme::library_2020) ==
        set_of({Field::current_services, Field::current_services_by_app}));
  CHECK(alternatives_to(Field::uuid, newest) == set_of({Field::uuid}));
}

TEST_CASE("services by fleet stand in for those of one fleet") {
  SeenFields seen = everything();
  seen.fields.erase(Field::image_install);
  seen.fields.erase(Field::current_services);
  for (const auto scheme : {newest, StatusScheme::library_2020}) {
    CHECK(missing_fields(seen, scheme, {}).empty());
    CHECK(gaps(seen, scheme).empty());
  }
  seen.fields.erase(Field::current_services_by_app);
  CHECK(missing_fields(seen, newest, {}) == std::vector{Field::image_install});
  CHECK(missing_fields(seen, StatusScheme::library_2020, {}) ==
        std::vector{Field::current_services});
  REQUIRE(gaps(seen, StatusScheme::library_2020).size() == 1);
  CHECK(gaps(seen, StatusScheme::library_2020)[0].field == "current_services");
}

TEST_CASE("older names are no gaps, and every gap says what it hides") {
  for (std::size_t i = 0; i < status_schemes.names.size(); ++i) {
    for (const Gap& gap : gaps(SeenFields{}, static_cast<StatusScheme>(i))) {
      CAPTURE(gap.field);
      CHECK_FALSE(gap.hides.empty());
      for (const FieldEntry& entry : field_table) {
        CHECK_FALSE((entry.alias_of && entry.name == gap.field));
      }
    }
  }
}

TEST_CASE("installs that do not say their release are a gap") {
  SeenFields seen = everything();
  CHECK(gaps(seen, newest).empty());
  seen.install_without_release = true;
  REQUIRE(gaps(seen, newest).size() == 1);
  CHECK(gaps(seen, newest)[0].field == "image_install.is_provided_by__release");
}

bool has_install_without_release(std::string_view more) {
  RecordBuilder builder{lenient(), [](const RecordColumns&) {}};
  JsonReader{builder}.read(device(more), "");
  return builder.seen().install_without_release;
}

TEST_CASE("an install says its release by link, id or commit, wherever installs stand") {
  CHECK_FALSE(has_install_without_release(""));
  for (const char* field :
       {R"("image_install":[{"id":1@}])", R"("current_services":{"main":[{"id":1@}]})",
        R"("current_services_by_app":{"org/a":{"main":[{"id":1@}]}})"}) {
    CAPTURE(field);
    const auto with = [&](std::string_view more) {
      std::string text = field;
      text.replace(text.find('@'), 1, more);
      return has_install_without_release(text);
    };
    CHECK(with(""));
    CHECK(with(R"(,"release_id":null,"commit":"")"));
    CHECK_FALSE(with(R"(,"is_provided_by__release":null)"));
    CHECK_FALSE(with(R"(,"release_id":5)"));
    CHECK_FALSE(with(R"(,"commit":"abc")"));
  }
}

TEST_CASE("the error names the scheme and the fields that there are, older names too") {
  ReadOptions options;
  options.scheme = StatusScheme::api_v6;
  const auto error = missing_from(R"({"is_online":true,"api heartbeat state":"online","name":"a",
      "last_seen_time":null,"note":1})",
                                  options);
  CHECK(error.scheme == static_cast<int>(StatusScheme::api_v6));
  CHECK(error.seen == Names{"device_name", "is_online", "api_heartbeat_state",
                            "last_connectivity_event", "name", "last_seen_time"});
  CHECK(std::string{error.what()}.starts_with("no record has provisioning_state, "));
}

}  // namespace
