#include "table/selection.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

using Rows = std::vector<std::size_t>;

std::string named(std::string_view name, std::string_view more) {
  return device(R"("device_name":")" + std::string{name} + R"(",)" + std::string{more});
}

std::string no_link_since(std::string_view name, std::string_view time) {
  return named(name, R"("is_connected_to_vpn":false,"api_heartbeat_state":"offline",)"
                     R"("changed_api_heartbeat_state_on__date":)" +
                         std::string{time});
}

std::string update(std::string_view name, std::string_view status, std::string_view since) {
  return named(name, R"("update_status":")" + std::string{status} +
                         R"(","last_update_status_event":)" + std::string{since});
}

constexpr std::string_view first_of_month = R"("2026-11-01T00:00:00Z")";
constexpr std::string_view last_of_month = R"("2026-10-31T00:00:00Z")";

/// Names in the order of the list of what needs attention.
std::string listed(std::initializer_list<std::string> records,
                   const AttentionThresholds& thresholds = {}) {
  const auto table = read_table(list_of(records), keeping());
  return cells(attention_list(table, thresholds), ColumnId::device_name);
}

TEST_CASE("classes come worst first and healthy devices not at all") {
  const auto table =
      read_table(list_of({named("frozen", R"("is_frozen":true)"), device(),
                          update("stuck", "downloading", first_of_month),
                          named("reduced", R"("is_connected_to_vpn":false)"),
                          update("failed", "aborted", first_of_month),
                          no_link_since("off", first_of_month), named("bad", R"("id":"x")")}),
                 keeping());
  const auto list = attention_list(table, {});
  CHECK(cells(list, ColumnId::attention) ==
        "unreadable|disconnected|update-failed|reduced|update-stuck|frozen");
  CHECK(cells(list, ColumnId::device_name) == "bad|off|failed|reduced|stuck|frozen");
}

TEST_CASE("devices with a link down come newest first and unknown times last") {
  CHECK(listed({no_link_since("old", last_of_month), no_link_since("never", "null"),
                no_link_since("new", first_of_month)}) == "new|old|never");
}

TEST_CASE("updates come longest first and unknown times last") {
  CHECK(listed({update("new", "rejected", first_of_month), update("never", "aborted", "null"),
                update("old", "aborted", last_of_month)}) == "old|new|never");
  CHECK(listed({update("new", "downloading", first_of_month),
                update("old", "applying changes", last_of_month)}) == "old|new");
}

TEST_CASE("equal devices come by name, those without a name last, then as they stand") {
  CHECK(listed({named("b", R"("is_frozen":1)"), named("a", R"("is_frozen":1,"device_name":null)"),
                named("a", R"("is_frozen":1)")}) == "a|b|null");
  const auto table = read_table(
      list_of({device(R"("is_frozen":1,"id":3)"), device(R"("is_frozen":1,"id":2)")}), lenient());
  CHECK(cells(attention_list(table, {}), ColumnId::id) == "3|2");
}

TEST_CASE("thresholds decide what is stuck in the list, and its column says so") {
  const std::string record = update("slow", "downloading", R"("2026-11-01T11:00:00Z")");
  CHECK(listed({record}).empty());
  AttentionThresholds strict;
  strict.downloading = std::chrono::minutes{60};
  CHECK(listed({record}, strict) == "slow");
  const auto table = read_table(record, lenient());
  CHECK(cell(table, ColumnId::attention) == "null");
  CHECK(cell(attention_list(table, strict), ColumnId::attention) == "update-stuck");
}

Rows found(std::string_view device_text) {
  const auto table = read_table(
      R"([{"uuid":"abcd1","device_name":"abcd"},{"uuid":"abcd2","device_name":"x"},
          {"uuid":"abcd","device_name":"y"},{"uuid":null,"device_name":"x"},
          {"uuid":"xyzw1","device_name":null}])",
      lenient());
  return find(table, device_text);
}

TEST_CASE("a whole uuid goes before a name and a name before the beginning of a uuid") {
  CHECK(found("abcd") == Rows{2});
  CHECK(found("abcd1") == Rows{0});
  CHECK(found("x") == Rows{1, 3});
  CHECK(found("xyzw") == Rows{4});
}

TEST_CASE("the beginning of a uuid has four characters or more") {
  CHECK(found("xyz").empty());
  CHECK(found("").empty());
  CHECK(found("nobody").empty());
}

TEST_CASE("devices that stand more than once are all listed and null is no uuid") {
  const auto table = read_table(
      list_of({bare(R"("uuid":"a")"), bare(R"("uuid":"b")"), bare(R"("uuid":null)"),
               bare(R"("uuid":"a")"), bare(), bare(R"("uuid":"c")"), bare(R"("uuid":"a")")}),
      lenient());
  CHECK(duplicates(table) == Rows{0, 3, 6});
}

TEST_CASE("one old word among the API's answers tells its sixth version") {
  const auto scheme = [](std::string_view json) {
    return scheme_of_api_answers(read_table(json, lenient()));
  };
  CHECK(scheme(R"([{"overall_status":"operational"},{"is_frozen":null}])") == StatusScheme::api_v7);
  CHECK(scheme(R"([{"overall_status":"updating"},{"overall_status":"idle"}])") ==
        StatusScheme::api_v6);
  CHECK(scheme(R"([{"overall_status":"offline"}])") == StatusScheme::api_v6);
  CHECK(scheme("[]") == StatusScheme::api_v7);
}

TEST_CASE("disagreements are rows where both sides have an answer and not the same") {
  const auto table = read_table(
      list_of({named("same", R"("overall_status":"operational")"),
               named("other", R"("overall_status":"disconnected")"), named("none", R"("id":1)"),
               named("open", R"("overall_status":"operational","is_online":null,)"
                             R"("is_connected_to_vpn":null)")}),
      lenient());
  const auto differing = disagreements(table, StatusScheme::api_v7);
  CHECK(cells(differing, ColumnId::device_name) == "other");
  CHECK(cells(differing, ColumnId::status) == "operational");
  CHECK(differing.info().scheme == StatusScheme::api_v7);
}

TEST_CASE("an answer for another scheme changes what the scheme decides and no more") {
  const auto table = read_table(list_of({device(), named("off", R"("is_connected_to_vpn":false)"),
                                         named("bad", R"("id":"x")")}),
                                keeping());
  TableInfo info = table.info();
  info.scheme = StatusScheme::docs_2021;
  const auto other = table.with(info);
  CHECK(cells(other, ColumnId::status) == "Online|Online|Online");
  CHECK(cells(other, ColumnId::detail) == "null|Heartbeat Only|null");
  for (const ColumnId same : {ColumnId::attention, ColumnId::capabilities, ColumnId::error}) {
    CHECK(cells(other, same) == cells(table, same));
  }
}

TEST_CASE("rows are taken with everything that belongs to them") {
  const auto table =
      read_table(list_of({device(), named("frozen", R"("is_frozen":true)")}), lenient());
  constexpr std::array<std::size_t, 2> rows{1, 1};
  const auto taken = table.take(rows);
  CHECK(cells(taken, ColumnId::device_name) == "frozen|frozen");
  CHECK(cells(taken.with(taken.info()), ColumnId::status) == "Frozen|Frozen");
  CHECK(taken.size() == 2);
}

TEST_CASE("devices that never connected come longest first, behind stuck updates") {
  const auto never = [](std::string_view name, std::string_view created_at) {
    return named(name, R"("is_connected_to_vpn":false,"api_heartbeat_state":"unknown",)"
                       R"("last_connectivity_event":null,"created_at":)" +
                           std::string{created_at});
  };
  CHECK(listed({never("new", R"("2026-10-30T00:00:00Z")"), never("unknown", "null"),
                never("old", R"("2026-10-01T00:00:00Z")"),
                update("stuck", "downloading", first_of_month)}) == "stuck|old|new");
}

TEST_CASE("an OS update that failed has no time to go by, and comes behind other failures") {
  const std::string failed_os =
      named("os", R"("provisioning_progress":90,"provisioning_state":"failed",)"
                  R"("update_status":"done","last_update_status_event":"2026-10-01T00:00:00Z")");
  CHECK(listed({failed_os, update("app", "rejected", first_of_month)}) == "app|os");
}

TEST_CASE("all rows stay where each has the class that it has by other thresholds") {
  const auto table = read_table(
      list_of(
          {named("off", R"("is_connected_to_vpn":false,"last_vpn_event":"2026-11-01T11:59:00Z")"),
           device(), named("bad", R"("id":"x")")}),
      keeping());
  CHECK(cells(table, ColumnId::attention) == "null|null|unreadable");
  const auto strict = with_attention(table, {.reduced = std::chrono::minutes{1}});
  CHECK(cells(strict, ColumnId::attention) == "reduced|null|unreadable");
  CHECK(cells(strict, ColumnId::device_name) == cells(table, ColumnId::device_name));
  CHECK(cells(with_attention(strict, {}), ColumnId::attention) == "null|null|unreadable");
}

TEST_CASE("an answer that goes by is_online is seen") {
  const auto table =
      read_table(list_of({named("old", R"("is_online":true,"is_connected_to_vpn":false,)"
                                       R"("overall_status":"operational")"),
                          named("same", R"("is_online":false,"is_connected_to_vpn":false,)"
                                        R"("overall_status":"operational")"),
                          named("none", R"("is_online":true)"),
                          named("bad", R"("is_online":"x","overall_status":"operational")")}),
                 keeping());
  CHECK(cells(went_by_is_online(table)) == "true|false|false|false");
  CHECK(cells(disagreements(table, StatusScheme::api_v7), ColumnId::device_name) == "old|same");
}

TEST_CASE("tables are equal if scheme, moment, columns and values are") {
  const std::string json = list_of({device(), named("bad", R"("id":"x")")});
  const auto table = read_table(json, keeping());
  CHECK(table.equals(read_table(json, keeping())));
  CHECK_FALSE(table.equals(read_table(list_of({device(), device()}), keeping())));
  CHECK_FALSE(table.equals(read_table(device(), keeping())));
  CHECK_FALSE(table.equals(read_table(json, keeping(StatusScheme::docs_2024_10))));
  TableInfo later = table.info();
  later.now += Milliseconds{1};
  CHECK_FALSE(table.equals(table.with(later)));
  ReadOptions carrying = keeping();
  carrying.carry = texts_to_carry({"note"});
  CHECK_FALSE(table.equals(read_table(json, carrying)));
  ReadOptions other = keeping();
  other.carry = texts_to_carry({"remark"});
  CHECK_FALSE(read_table(json, carrying).equals(read_table(json, other)));
  ReadOptions typed = keeping();
  typed.carry.push_back({"note", CarriedType::integer, true});
  CHECK_FALSE(read_table(json, carrying).equals(read_table(json, typed)));
}

TEST_CASE("values decide whether tables are equal, and null equals null alone") {
  ReadOptions options = keeping();
  options.carry.push_back({"x", CarriedType::real, true});
  const auto with = [&](std::string_view value) {
    return read_table(bare(joined({"\"x\":", std::string{value}}, "")), options);
  };
  CHECK(with("1.5").equals(with("1.5")));
  CHECK(with("null").equals(with("null")));
  CHECK_FALSE(with("1.5").equals(with("1.25")));
  CHECK_FALSE(with("0").equals(with("null")));
  CHECK_FALSE(with("null").equals(with("0")));
}

TEST_CASE("a server that keeps no heartbeats is told once cloudlinks are up") {
  const auto has_none = [](std::initializer_list<std::string> records) {
    return read_table(list_of(records), keeping()).has_no_heartbeats();
  };
  const std::string up = device(R"("api_heartbeat_state":"unknown")");
  const std::string down = device(R"("api_heartbeat_state":"unknown","is_connected_to_vpn":false)");
  CHECK(has_none({up, down}));
  CHECK(has_none({down, up}));
  CHECK_FALSE(has_none({down}));
  CHECK_FALSE(has_none({}));
  CHECK_FALSE(has_none({up, device()}));
  CHECK_FALSE(has_none({up, device(R"("api_heartbeat_state":"offline")")}));
  CHECK(has_none({up, device(R"("api_heartbeat_state":"x")")}));
}

TEST_CASE("rows that are taken know what the whole source had") {
  const auto table =
      read_table(list_of({device(R"("api_heartbeat_state":"unknown")"),
                          device(R"("belongs_to__application":{"slug":"org/a","app_name":"a"})"),
                          device(R"("belongs_to__application":{"app_name":"b"})")}),
                 lenient());
  constexpr std::array<std::size_t, 1> first{0};
  const auto taken = table.take(first);
  CHECK_FALSE(taken.has_no_heartbeats());
  CHECK(std::vector<AppName>{taken.notes().app_names.begin(), taken.notes().app_names.end()} ==
        std::vector<AppName>{{"b", "b"}, {"org/a", "a"}});
  CHECK(taken.fleets().size() == 2);
}

}  // namespace
