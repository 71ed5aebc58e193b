#include "rules/status_since.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;
using std::chrono::hours;

namespace {

constexpr Timestamp earlier = noon - hours{2};
constexpr Timestamp later = noon - hours{1};

Facts facts_with(HeartbeatState heartbeat, bool cloudlink_never_up = false) {
  Facts facts;
  facts.set(fact::heartbeat, heartbeat);
  facts.set(fact::cloudlink_never_up, cloudlink_never_up);
  return facts;
}

std::optional<Timestamp> since(Reason reason, Facts facts, std::optional<Timestamp> heartbeat,
                               std::optional<Timestamp> cloudlink,
                               std::optional<Timestamp> created = std::nullopt) {
  const auto time_of = [&](StartTime time) {
    const auto& of = time == StartTime::heartbeat_since   ? heartbeat
                     : time == StartTime::cloudlink_since ? cloudlink
                                                          : created;
    return Read<Timestamp>{of.value_or(Timestamp{}), of.has_value()};
  };
  return status_since(reason, facts, time_of).get();
}

TEST_CASE("a state begins when the second link takes its present state") {
  const Facts facts = facts_with(HeartbeatState::online);
  CHECK(since(Reason::both_links, facts, earlier, later) == later);
  CHECK(since(Reason::both_links, facts, later, earlier) == later);
}

TEST_CASE("a needed time that is missing leaves the beginning open") {
  const Facts facts = facts_with(HeartbeatState::offline);
  CHECK_FALSE(since(Reason::no_link, facts, std::nullopt, later));
  CHECK_FALSE(since(Reason::no_link, facts, later, std::nullopt));
}

TEST_CASE("a heartbeat that was never seen needs no time, even if one is there") {
  const Facts facts = facts_with(HeartbeatState::unknown);
  CHECK(since(Reason::cloudlink_only, facts, std::nullopt, earlier) == earlier);
  CHECK(since(Reason::cloudlink_only, facts, later, earlier) == earlier);
}

TEST_CASE("a cloudlink that was never up needs no time") {
  const Facts facts = facts_with(HeartbeatState::online, true);
  CHECK(since(Reason::heartbeat_only, facts, earlier, std::nullopt) == earlier);
}

TEST_CASE("two links that were never up have no beginning") {
  const Facts facts = facts_with(HeartbeatState::unknown, true);
  CHECK_FALSE(since(Reason::no_link, facts, std::nullopt, std::nullopt));
}

TEST_CASE("a device that never connected is in that state since its registration") {
  const Facts facts = facts_with(HeartbeatState::unknown, true);
  CHECK(since(Reason::never_connected, facts, later, later, earlier) == earlier);
  CHECK_FALSE(since(Reason::never_connected, facts, later, later));
  const std::string never = R"("is_connected_to_vpn":false,"api_heartbeat_state":"unknown",)"
                            R"("last_connectivity_event":null,)"
                            R"("changed_api_heartbeat_state_on__date":null,)";
  const auto table = read_table(device(never + R"("created_at":"2026-10-31T12:00:00Z")"));
  CHECK(cell(table, ColumnId::status_since) == "2026-10-31T12:00:00Z");
  CHECK(cell(table, ColumnId::status_duration_s) == "86400");
  const auto unreadable = read_table(device(never + R"("created_at":"soon")"), keeping());
  CHECK(cell(unreadable, ColumnId::status_since) == "null");
}

TEST_CASE("the first instant of 1970 is no time, but counts as seen") {
  const std::string epoch = R"("1970-01-01T00:00:00Z")";
  const auto since = [&](std::string_view more) {
    return cell(read_table(device(more)), ColumnId::status_since);
  };
  CHECK(since(R"("changed_api_heartbeat_state_on__date":)" + epoch) == "null");
  CHECK(since(R"("last_vpn_event":)" + epoch) == "2026-10-21T08:00:00Z");
  CHECK(since(R"("last_connectivity_event":)" + epoch) == "null");
  CHECK(since(R"("last_connectivity_event":"1970-01-01 01:00:00+01")") == "null");
  CHECK(since(R"("last_connectivity_event":"1970-01-01T00:00:00.001Z")") == "2026-10-21T08:00:00Z");
  const std::string down = R"("is_connected_to_vpn":false,"api_heartbeat_state":"unknown",)";
  const auto table = read_table(device(down + R"("last_connectivity_event":)" + epoch));
  CHECK(cell(table, ColumnId::reason) == "no-link");
  CHECK(cell(table, ColumnId::cloudlink_since) == "null");
  const auto updated = read_table(device(R"("last_update_status_event":)" + epoch));
  CHECK(cell(updated, ColumnId::update_status_since) == "null");
  CHECK(cell(updated, ColumnId::update_status_duration_s) == "null");
}

TEST_CASE("the newest event is the latest real time of the source, registrations too") {
  const auto newest_of = [](std::string_view json) {
    const auto time = read_table(json, lenient()).info().newest_event;
    return time ? format_timestamp(*time) : "none";
  };
  CHECK(newest_of(bare(R"("last_vpn_event":"1970-01-01T00:00:00Z")")) == "none");
  CHECK(newest_of(bare(R"("created_at":"2026-10-31T12:00:00Z")")) == "2026-10-31T12:00:00Z");
  CHECK(newest_of(list_of({device(), device(R"("last_vpn_event":"1969-01-01T00:00:00Z")")})) ==
        "2026-10-21T08:00:00Z");
  CHECK(newest_of(bare(R"("last_vpn_event":"1969-01-01T00:00:00Z")")) == "1969-01-01T00:00:00Z");
}

TEST_CASE("only a status that follows from the links has a beginning") {
  const Facts facts = facts_with(HeartbeatState::online);
  for (std::size_t i = 0; i < reasons.names.size(); ++i) {
    const auto reason = static_cast<Reason>(i);
    CAPTURE(reasons[reason]);
    const bool of_links = reason == Reason::no_link ||
                          (reason >= Reason::heartbeat_late && reason <= Reason::both_links);
    CHECK((entry_of(reason).start == StatusStart::links) == of_links);
    CHECK(has_start(reason) == (of_links || reason == Reason::never_connected));
    CHECK(since(reason, facts, earlier, later).has_value() == of_links);
  }
}

TEST_CASE("cloudlink's time is its last event, else the last of connectivity") {
  const auto since = [](std::string_view more) {
    return cell(read_table(device(more)), ColumnId::cloudlink_since);
  };
  CHECK(since(R"("last_vpn_event":"2026-10-30T08:00:00Z")") == "2026-10-30T08:00:00Z");
  CHECK(since("") == "2026-10-20T08:00:00Z");
  CHECK(since(R"("last_connectivity_event":null)") == "null");
}

TEST_CASE("a table tells since when and for how many seconds") {
  // The heartbeat came on 2026-10-21 at 8: 11 days and 4 hours before noon of November 1st.
  const auto table = read_table(device());
  CHECK(cell(table, ColumnId::status_since) == "2026-10-21T08:00:00Z");
  CHECK(cell(table, ColumnId::status_duration_s) == std::to_string(11 * 86400 + 4 * 3600));
}

TEST_CASE("a beginning after now has lasted no time") {
  const auto table =
      read_table(device(R"("changed_api_heartbeat_state_on__date":"2026-11-01T12:00:00.001Z")"));
  CHECK(cell(table, ColumnId::status_duration_s) == "0");
}

/// By the library's rules, which alone can say that without a heartbeat.
std::string since_of_offline(std::string_view more, const ReadOptions& options) {
  const auto table = read_table(device(R"("is_online":false,)" + std::string{more}), options);
  CHECK(cell(table, ColumnId::status) == "offline");
  return cell(table, ColumnId::status_since);
}

TEST_CASE("a heartbeat that the data lacks needs its time as one that was seen does") {
  const auto options = lenient(StatusScheme::library_2020);
  const std::string lacking = R"("api_heartbeat_state":null)";
  CHECK(since_of_offline(lacking, options) == "2026-10-21T08:00:00Z");
  CHECK(since_of_offline(lacking + R"(,"changed_api_heartbeat_state_on__date":null)", options) ==
        "null");
}

TEST_CASE("an unreadable heartbeat leaves the beginning open where its time would count") {
  const auto options = keeping(StatusScheme::library_2020);
  const std::string bad = R"("api_heartbeat_state":"x")";
  CHECK(since_of_offline(bad, options) == "null");
  const std::string before_cloudlink =
      R"(,"changed_api_heartbeat_state_on__date":"2026-10-19T08:00:00Z")";
  CHECK(since_of_offline(bad + before_cloudlink, options) == "2026-10-20T08:00:00Z");
}

TEST_CASE("an unreadable time is null, and so is what rests on it") {
  const auto table = read_table(device(R"("last_vpn_event":"soon")"), keeping());
  CHECK(cell(table, ColumnId::cloudlink_since) == "null");
  CHECK(cell(table, ColumnId::status_since) == "null");
  CHECK(cell(table, ColumnId::status) == "Operational");
}

}  // namespace
