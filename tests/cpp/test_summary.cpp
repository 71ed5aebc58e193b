#include "table/summary.hpp"

#include <algorithm>
#include <vector>

#include "rules/attention.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

/// A device in a fleet, of which the status has lasted so many seconds.
std::string lasting(int seconds, std::string_view fleet = "a") {
  const std::string since = format_timestamp(noon - Seconds{seconds});
  return device(R"("belongs_to__application":{"slug":")" + std::string{fleet} +
                R"("},"last_vpn_event":null,"last_connectivity_event":")" + since +
                R"(","changed_api_heartbeat_state_on__date":")" + since + "\"");
}

std::vector<Share> summary(const StatusTable& table, ColumnId of = ColumnId::status) {
  return summarize(table, std::vector<std::int32_t>(table.size()), 1, of);
}

const Share& share_of(const std::vector<Share>& shares, std::int32_t label,
                      std::int32_t group = 0) {
  const auto found = std::ranges::find_if(
      shares, [&](const Share& share) { return share.label == label && share.group == group; });
  REQUIRE(found != shares.end());
  return *found;
}

constexpr std::int32_t operational = 0;
constexpr std::int32_t frozen = 7;
constexpr std::int32_t of_null = -1;

TEST_CASE("every label is counted, zeros included") {
  const auto shares = summary(read_table(list_of({lasting(1), lasting(2)})));
  CHECK(shares.size() == 8);  // the labels of docs-2024-11
  CHECK(share_of(shares, operational).devices == 2);
  CHECK(share_of(shares, operational).share == 1.0);
  CHECK(share_of(shares, frozen).devices == 0);
  CHECK(share_of(shares, frozen).share == 0.0);
  CHECK_FALSE(share_of(shares, frozen).median_duration_s);
}

TEST_CASE("null is counted only where it occurs") {
  const auto shares = summary(read_table(list_of({bare(), bare()}), lenient()));
  CHECK(shares.size() == 9);
  CHECK(share_of(shares, of_null).devices == 2);
}

TEST_CASE("shares are those of the group") {
  const auto table = read_table(list_of({lasting(1), lasting(2, "b"), lasting(3),
                                         device(R"("is_frozen":1,"application":{"slug":"a"})")}));
  const Groups groups = group_rows(table.size(), {table.column(ColumnId::fleet)});
  CHECK(groups.group_of == std::vector<std::int32_t>{0, 1, 0, 0});
  CHECK(groups.first_rows == std::vector<std::size_t>{0, 1});
  const auto shares = summarize(table, groups.group_of, 2, ColumnId::status);
  CHECK(shares.size() == 16);
  CHECK(share_of(shares, operational, 0).share == doctest::Approx(2.0 / 3.0));
  CHECK(share_of(shares, frozen, 0).share == doctest::Approx(1.0 / 3.0));
  CHECK(share_of(shares, operational, 1).share == 1.0);
}

TEST_CASE("percentiles are interpolated between neighbours") {
  const auto table = read_table(list_of({lasting(40), lasting(10), lasting(30), lasting(20)}));
  const Share share = share_of(summary(table), operational);
  // Places 0.5 x 3 = 1.5 and 0.95 x 3 = 2.85 among 10, 20, 30, 40.
  CHECK(*share.median_duration_s == doctest::Approx(25.0));
  CHECK(*share.p95_duration_s == doctest::Approx(38.5));
}

TEST_CASE("one device is its own median") {
  const Share share = share_of(summary(read_table(lasting(17))), operational);
  CHECK(share.median_duration_s == 17.0);
  CHECK(share.p95_duration_s == 17.0);
}

TEST_CASE("devices without a duration count and have no part in percentiles") {
  const auto table =
      read_table(list_of({lasting(10), device(R"("changed_api_heartbeat_state_on__date":null)")}));
  const Share share = share_of(summary(table), operational);
  CHECK(share.devices == 2);
  CHECK(share.median_duration_s == 10.0);
}

TEST_CASE("update statuses have their own durations") {
  // The status has lasted 500 s, the update status 100 s.
  const auto table = read_table(
      device(R"("update_status":"downloading","last_update_status_event":"2026-11-01T11:58:20Z",)"
             R"("changed_api_heartbeat_state_on__date":"2026-11-01T11:51:40Z")"));
  const auto of_update = summary(table, ColumnId::update_status);
  CHECK(
      share_of(of_update, static_cast<std::int32_t>(UpdateStatus::downloading)).median_duration_s ==
      100.0);
  CHECK(share_of(summary(table), operational).median_duration_s == 500.0);
}

TEST_CASE("attention has the duration of what needs it") {
  const std::string update =
      R"("update_status":"rejected","last_update_status_event":"2026-11-01T11:58:20Z",)"
      R"("changed_api_heartbeat_state_on__date":"2026-11-01T11:51:40Z")";
  const auto median = [](const StatusTable& table, Attention attention) {
    return share_of(summary(table, ColumnId::attention), static_cast<std::int32_t>(attention))
        .median_duration_s;
  };
  CHECK(median(read_table(device(update)), Attention::update_failed) == 100.0);
  const std::string off =
      update + R"(,"is_connected_to_vpn":false,"api_heartbeat_state":"offline")";
  CHECK(median(read_table(device(off)), Attention::disconnected) == 500.0);
}

TEST_CASE("a table without rows has no groups and no shares") {
  const auto table = read_table("[]");
  CHECK(group_rows(0, {table.column(ColumnId::fleet)}).first_rows.empty());
  CHECK(summarize(table, {}, 0, ColumnId::status).empty());
}

TEST_CASE("rows share a group if all their values are equal and null equals null") {
  const auto table =
      read_table(list_of({bare(R"("uuid":"a","device_name":"bc")"),
                          bare(R"("uuid":"ab","device_name":"c")"), bare(R"("uuid":"a")"),
                          bare(R"("uuid":null)"), bare(), bare(R"("uuid":"a","device_name":"bc")"),
                          bare(R"("uuid":"-;")"), bare(R"("uuid":"")")}),
                 lenient());
  const auto groups =
      group_rows(table.size(), {table.column(ColumnId::uuid), table.column(ColumnId::device_name)});
  CHECK(groups.group_of == std::vector<std::int32_t>{0, 1, 2, 3, 3, 0, 4, 5});
}

TEST_CASE("flags, numbers, codes and times can make groups") {
  const auto table = read_table(list_of({lasting(5), lasting(6), device(R"("is_frozen":1)")}));
  for (const ColumnId by : {ColumnId::heartbeat, ColumnId::heartbeat_window_s}) {
    CHECK(group_rows(3, {table.column(by)}).first_rows.size() == 1);
  }
  CHECK(group_rows(3, {table.column(ColumnId::status)}).first_rows.size() == 2);
  CHECK(group_rows(3, {table.column(ColumnId::heartbeat_since)}).first_rows.size() == 3);
}

}  // namespace
