#include "rules/update_status.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

void check_support(UpdateStatusSupport expected, std::initializer_list<std::string_view> versions) {
  for (const std::string_view version : versions) {
    CAPTURE(version);
    CHECK(update_status_support(supervisor_age(version)) == expected);
  }
}

TEST_CASE("supervisors report an update status from 16.7.0 on") {
  check_support(UpdateStatusSupport::yes, {"16.7.0", "16.7.1", "16.10.0", "17.0.0", "100.0.0"});
  check_support(UpdateStatusSupport::no, {"16.6.9", "16.0.0", "9.99.99", "0.0.0", "16.6.100"});
}

TEST_CASE("version numbers compare as numbers of any length") {
  check_support(UpdateStatusSupport::yes,
                {"16.7.99999999999999999999999", "99999999999999999999999.0.0"});
  check_support(UpdateStatusSupport::no, {"16.6.99999999999999999999999", "2.99999999999999.0"});
}

TEST_CASE("one small v may stand before a version") {
  check_support(UpdateStatusSupport::yes, {"v16.7.0"});
  check_support(UpdateStatusSupport::no, {"v16.6.9"});
  check_support(UpdateStatusSupport::unknown, {"V16.7.0", "vv16.7.0", "v", "v 16.7.0"});
}

TEST_CASE("a pre-release counts as its release") {
  check_support(UpdateStatusSupport::yes, {"16.7.0-x", "16.7.0-rc.1", "16.7.0-0", "16.7.0--",
                                           "16.7.0-0a", "16.7.0-alpha.0.x-y", "17.0.0-1+b"});
  check_support(UpdateStatusSupport::no, {"16.6.0-x"});
}

TEST_CASE("build numbers may have leading zeros and pre-releases may not") {
  check_support(UpdateStatusSupport::yes, {"16.7.0+001", "16.7.0+20.b-7"});
  check_support(UpdateStatusSupport::unknown, {"16.7.0-01", "16.7.0-a.01"});
}

TEST_CASE("a pre-release is made of digits, hyphens and the letters from A to Z and a to z") {
  check_support(UpdateStatusSupport::yes, {"16.7.0-A", "16.7.0-Z", "16.7.0-a", "16.7.0-z"});
  // The neighbours of those in ASCII.
  check_support(UpdateStatusSupport::unknown,
                {"16.7.0-@", "16.7.0-[", "16.7.0-`", "16.7.0-{", "16.7.0-/", "16.7.0-:"});
}

TEST_CASE("a version ends with its view, whatever stands behind") {
  constexpr std::string_view longer = "16.7.01";
  CHECK(update_status_support(supervisor_age(longer)) == UpdateStatusSupport::unknown);
  CHECK(update_status_support(supervisor_age(longer.substr(0, 6))) == UpdateStatusSupport::yes);
}

TEST_CASE("text that is no semantic version says nothing") {
  check_support(
      UpdateStatusSupport::unknown,
      {"",           "16",       "16.7",           "16.7.",       "16.7.0.0",  "16.07.0",
       "016.7.0",    "16.7.0-",  "16.7.0+",        "16.7.0-a..b", "16.7.0-.a", "16.7.0-a.",
       "16.7.0+a+b", "16.7.0_1", "16.7.0 ",        " 16.7.0",     "-1.0.0",    "16.7.x",
       "a.b.c",      "16,7,0",   "16.7.0-\xC3\xA4"});
}

TEST_CASE("a version says what a supervisor can do") {
  CHECK(supervisor_age("16.6.9") == SupervisorAge::reports_no_update_status);
  CHECK(supervisor_age("16.7.0") == SupervisorAge::flickers);
  CHECK(supervisor_age("16.7.0-x") == SupervisorAge::flickers);
  CHECK(supervisor_age("17.6.99") == SupervisorAge::flickers);
  CHECK(supervisor_age("v17.7.0") == SupervisorAge::reports);
  CHECK(supervisor_age("18.100.100") == SupervisorAge::reports);
  CHECK(supervisor_age("19.0.0") == SupervisorAge::queues);
  CHECK(supervisor_age("100.0.0") == SupervisorAge::queues);
  CHECK(supervisor_age("") == SupervisorAge::unknown);
}

TEST_CASE("a duration ends now and is never negative") {
  const auto hour = std::chrono::hours{1};
  CHECK(duration_since(noon - hour, noon) == hour);
  CHECK(duration_since(noon, noon) == Milliseconds{0});
  CHECK(duration_since(noon + hour, noon) == Milliseconds{0});
  CHECK_FALSE(duration_since(std::nullopt, noon));
  CHECK(duration_since(earliest_timestamp, latest_timestamp) ==
        latest_timestamp - earliest_timestamp);
}

TEST_CASE("durations in a table are whole seconds cut towards zero") {
  // 12:00:00 - 11:58:30.001 = 89.999 s
  const auto table = read_table(device(R"("last_update_status_event":"2026-11-01T11:58:30.001Z")"));
  CHECK(cell(table, ColumnId::update_status_duration_s) == "89");
  CHECK(cell(table, ColumnId::update_status) == "null");
}

TEST_CASE("update statuses have labels for people") {
  for (std::size_t i = 0; i < update_statuses.names.size(); ++i) {
    const std::string_view reported = reported_update_statuses.names[i];
    CAPTURE(reported);
    const auto table = read_table(device(R"("update_status":")" + std::string{reported} + R"(")"));
    CHECK(cell(table, ColumnId::update_status) == update_statuses.names[i]);
  }
  CHECK(update_statuses[UpdateStatus::applying_changes] == "Applying Changes");
}

TEST_CASE("labels are not what devices report") {
  const auto act = [] { (void)read_table(device(R"("update_status":"Applying Changes")")); };
  CHECK(error_of<RecordError>(act).field == "update_status");
}

TEST_CASE("support is unknown without a version and null where it is unreadable") {
  CHECK(cell(read_table(device()), ColumnId::update_status_support) == "unknown");
  const auto bad = read_table(device(R"("supervisor_version":16)"), keeping());
  CHECK(cell(bad, ColumnId::update_status_support) == "null");
}

}  // namespace
