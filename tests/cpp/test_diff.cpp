#include "changes/diff.hpp"

#include "base/error.hpp"
#include "snapshots.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;
using std::chrono::minutes;

namespace {

std::string kinds(const StatusTable& old_table, const StatusTable& new_table,
                  const SnapshotScope& scope = {}) {
  return lines_of(diff(old_table, new_table, scope).columns, {"uuid", "kind", "before", "after"});
}

/// The changes of one device from what it is by default.
std::string changes_to(std::string_view more) {
  const auto old_table = snapshot({device_of("a")}, minutes{0});
  const auto new_table = snapshot({device_of("a", more)}, minutes{10});
  return kinds(old_table, new_table);
}

TEST_CASE("a snapshot does not differ from itself in any order of rows") {
  const auto table = snapshot({device_of("a"), device_of("b"), device_of("c")}, minutes{0});
  const auto turned = snapshot({device_of("c"), device_of("a"), device_of("b")}, minutes{0});
  CHECK(kinds(table, table).empty());
  CHECK(kinds(table, turned).empty());
}

TEST_CASE("each kind of change is told") {
  CHECK(changes_to(down_since("2026-11-01T12:05:00Z")) == "a status Operational Disconnected");
  CHECK(changes_to(R"("last_vpn_event":"2026-11-01T12:05:00Z")") == "a relinked null null");
  CHECK(changes_to(R"("update_status":"rejected")") == "a update Done Rejected");
  CHECK(changes_to(R"("is_running__release":{"__id":2,"raw_version":"2.0.0"})") ==
        "a release 1.0.0 2.0.0");
  CHECK(changes_to(R"("last_update_status_event":"2026-11-01T12:05:00Z")") ==
        "a restarted null null");
  CHECK(changes_to(R"("last_update_status_event":"2026-11-01T12:05:00Z",)"
                   R"("is_running__release":null)") == "a refreshed null null");
  CHECK(changes_to(R"("device_name":"other")") == "a renamed name-a other");
  CHECK(changes_to(R"("belongs_to__application":[{"slug":"acme/other"}])") ==
        "a moved acme/kiosk acme/other");
}

TEST_CASE("a reason may change under one status") {
  const auto old_table =
      snapshot({device_of("a", cloudlink_down_since("2026-11-01T11:00:00Z"))}, minutes{0});
  const auto new_table =
      snapshot({device_of("a", R"("api_heartbeat_state":"offline",)"
                               R"("changed_api_heartbeat_state_on__date":"2026-11-01T12:04:00Z")")},
               minutes{10});
  CHECK(lines_of(diff(old_table, new_table, {}).columns,
                 {"kind", "before", "after", "cause", "at"}) ==
        "reason heartbeat-only cloudlink-only both-links 2026-11-01T12:04:00Z");
}

TEST_CASE("a release is known by its id") {
  CHECK(changes_to(R"("is_running__release":{"__id":2,"raw_version":"1.0.0"})") ==
        "a release 1.0.0 1.0.0");
  CHECK(changes_to(R"("is_running__release":{"raw_version":"1.0.0"})").empty());
  CHECK(changes_to(R"("is_running__release":null)").empty());
}

TEST_CASE("devices come and go") {
  const auto old_table = snapshot({device_of("a"), device_of("b")}, minutes{0});
  const auto new_table = snapshot({device_of("c"), device_of("b")}, minutes{10});
  CHECK(kinds(old_table, new_table) == "c added null Operational\na removed Operational null");
  CHECK(kinds(old_table, new_table, {false, {}}) == "c added null Operational");
}

TEST_CASE("a row that says no status says nothing") {
  const std::string unreadable = R"("is_connected_to_vpn":"x")";
  const auto readable = snapshot({device_of("a")}, minutes{0});
  CHECK(kinds(readable, snapshot({device_of("a", unreadable)}, minutes{10})).empty());
  CHECK(kinds(snapshot({device_of("a", unreadable)}, minutes{0}),
              snapshot({device_of("a")}, minutes{10}))
            .empty());
  const auto lost = snapshot({device_of("b", R"("uuid":null,"is_frozen":"x")")}, minutes{10});
  CHECK(kinds(readable, lost).empty());
}

TEST_CASE("a snapshot of some fleets says nothing of others") {
  const auto old_table = snapshot({device_of("a"), device_of("b", "", "acme/other")}, minutes{0});
  const auto new_table = snapshot({device_of("c", "", "acme/other"), device_of("d")}, minutes{10});
  const SnapshotScope scope{true, {{"acme/kiosk"}}};
  CHECK(kinds(old_table, new_table, scope) ==
        "d added null Operational\na removed Operational null");
}

TEST_CASE("a time counts as that of a change within a minute of the two looks") {
  const auto at = [](std::string_view time) {
    const auto old_table = snapshot({device_of("a")}, minutes{0});
    const auto new_table = snapshot({device_of("a", down_since(time))}, minutes{10});
    return lines_of(diff(old_table, new_table, {}).columns, {"at"});
  };
  CHECK(at("2026-11-01T11:59:00Z") == "2026-11-01T11:59:00Z");
  CHECK(at("2026-11-01T11:58:59.999Z") == "null");
  CHECK(at("2026-11-01T12:11:00Z") == "2026-11-01T12:11:00Z");
  CHECK(at("2026-11-01T12:11:00.001Z") == "null");
}

TEST_CASE("snapshots are given in the order of their moments") {
  const auto early = snapshot({device_of("a")}, minutes{0});
  const auto late = snapshot({device_of("a", R"("device_name":"other")")}, minutes{10});
  CHECK_THROWS_AS((void)diff(late, early, {}), SnapshotError);
  const auto same = snapshot({device_of("a", R"("device_name":"other")")}, minutes{0});
  CHECK_THROWS_AS((void)diff(early, same, {}), SnapshotError);
  TableInfo other = late.info();
  other.scheme = StatusScheme::api_v7;
  CHECK_THROWS_AS((void)diff(early, late.with(std::move(other)), {}), ArgumentError);
}

TEST_CASE("where moments are those of files, the newest events decide the order") {
  const auto of_file = [](std::string_view event, minutes after) {
    const auto table = snapshot({device_of("a", down_since(event))}, after);
    TableInfo info = table.info();
    info.now_source = NowSource::file;
    return table.with(std::move(info));
  };
  const auto old_table = of_file("2026-11-01T12:05:00Z", minutes{20});
  CHECK_THROWS_AS((void)diff(old_table, of_file("2026-11-01T12:04:00Z", minutes{30}), {}),
                  SnapshotError);
  const auto changed = diff(old_table, of_file("2026-11-01T12:15:00Z", minutes{16}), {});
  CHECK(lines_of(changed.columns, {"kind", "not_before", "not_after"}) ==
        "relinked 2026-11-01T12:05:00Z 2026-11-01T12:16:00Z");
}

TEST_CASE("fields that only one snapshot has are not compared, and named if they decide a reason") {
  const auto whole = snapshot({device_of("a")}, minutes{0});
  TableInfo info = whole.info();
  info.gaps = std::make_shared<const Gaps>(Gaps{{"device_name", ""}, {"is_frozen", ""}});
  const auto later =
      snapshot({device_of("a", R"("is_frozen":true,"device_name":"other")")}, minutes{10});
  const auto named = diff(whole.with(std::move(info)), later, {});
  CHECK(lines_of(named.columns, {"kind"}) == "status");
  REQUIRE(named.notes.size() == 1);
  CHECK(named.notes.front().find("is_frozen is only in the newer snapshot") == 0);
}

TEST_CASE("large snapshots give the same changes on several threads") {
  std::vector<std::string> old_records;
  std::vector<std::string> new_records;
  for (int i = 0; i < 40'000; ++i) {
    const std::string uuid = std::to_string(i);
    old_records.push_back(R"({"uuid":")" + uuid +
                          R"(","is_connected_to_vpn":true,"api_heartbeat_state":"online"})");
    if (i == 7) continue;
    const std::string state = i % 10'000 == 9 ? "offline" : "online";
    new_records.push_back(R"({"uuid":")" + uuid +
                          R"(","is_connected_to_vpn":true,"api_heartbeat_state":")" + state +
                          R"("})");
  }
  CHECK(kinds(snapshot(old_records, minutes{0}), snapshot(new_records, minutes{10})) ==
        "9 status Operational Reduced Functionality\n"
        "10009 status Operational Reduced Functionality\n"
        "20009 status Operational Reduced Functionality\n"
        "30009 status Operational Reduced Functionality\n"
        "7 removed Operational null");
}

}  // namespace
