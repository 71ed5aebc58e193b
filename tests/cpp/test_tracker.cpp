#include "changes/tracker.hpp"

#include "base/error.hpp"
#include "snapshots.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;
using std::chrono::minutes;

namespace {

const std::string none;

/// Looks at snapshots one after another.
class Looker {
 public:
  explicit Looker(const TrackerOptions& options = {}) : tracker_(options) {}

  /// What a look tells, a line for each change.
  std::string at(minutes after, const std::vector<std::string>& records,
                 const SnapshotScope& scope = {}, double max_removed = 1.0) {
    last_ = tracker_.look(snapshot(records, after), scope, max_removed);
    tracker_.apply(last_);
    return lines_of(last_.changes, {"uuid", "kind", "before", "after"});
  }

  [[nodiscard]] const Look& last() const noexcept { return last_; }
  [[nodiscard]] const Tracker& tracker() const noexcept { return tracker_; }

 private:
  Tracker tracker_;
  Look last_;
};

std::string down(std::string_view uuid, std::string_view time = "2026-11-01T12:01:00Z") {
  return device_of(uuid, down_since(time));
}

std::string late(std::string_view uuid) {
  return device_of(uuid, R"("api_heartbeat_state":"timeout",)"
                         R"("changed_api_heartbeat_state_on__date":"2026-11-01T12:01:00Z")");
}

TrackerOptions without_hold() {
  TrackerOptions options;
  options.hold = Milliseconds::zero();
  return options;
}

TEST_CASE("the first look tells nothing, the same look again neither") {
  Looker looker;
  CHECK(looker.at(minutes{0}, {device_of("a"), down("b")}) == none);
  CHECK(looker.last().touched.size() == 2);
  CHECK(looker.at(minutes{1}, {device_of("a"), down("b")}) == none);
  CHECK(looker.last().touched.empty());
}

TEST_CASE("a status is told once it has lasted") {
  Looker looker;
  looker.at(minutes{0}, {device_of("a")});
  CHECK(looker.at(minutes{2}, {down("a")}) == none);
  CHECK(looker.at(minutes{3}, {down("a")}) == "a status Operational Disconnected");
  CHECK(lines_of(looker.last().changes,
                 {"at", "not_before", "not_after", "previous_duration_s", "cause"}) ==
        "2026-11-01T12:01:00Z 2026-11-01T12:00:00Z 2026-11-01T12:02:00Z 964860 both-links");
}

TEST_CASE("a status that goes back before is a flap") {
  Looker looker;
  looker.at(minutes{0}, {device_of("a")});
  looker.at(minutes{2}, {down("a", "2026-11-01T12:01:30Z")});
  CHECK(looker.at(minutes{3}, {device_of("a")}) == none);
  CHECK(looker.last().n_flaps == 1);
  CHECK(looker.at(minutes{9}, {device_of("a")}) == none);
}

TEST_CASE("a late heartbeat is told only without hold") {
  Looker held;
  held.at(minutes{0}, {device_of("a")});
  CHECK(held.at(minutes{2}, {late("a")}) == none);
  CHECK(held.at(minutes{9}, {late("a")}) == none);
  CHECK(held.at(minutes{10}, {down("a", "2026-11-01T12:01:00Z")}) ==
        "a status Operational Disconnected");
  CHECK(lines_of(held.last().changes, {"not_before", "not_after"}) ==
        "2026-11-01T12:00:00Z 2026-11-01T12:10:00Z");
  Looker told{without_hold()};
  told.at(minutes{0}, {device_of("a")});
  CHECK(told.at(minutes{2}, {late("a")}) == "a status Operational Reduced Functionality");
}

TEST_CASE("a status that changes too often is told as flapping until it settles") {
  Looker looker;
  looker.at(minutes{0}, {device_of("a")});
  std::string told;
  for (int i = 1; i <= 6; ++i) {
    told = looker.at(minutes{i}, {i % 2 == 1 ? down("a", "2026-11-01T12:00:30Z") : device_of("a")});
  }
  CHECK(told == "a flapping Operational Operational");
  CHECK(looker.at(minutes{7}, {down("a")}) == none);
  CHECK(looker.at(minutes{12}, {down("a")}) == none);
  std::string settled;
  for (int i = 20; i < 300 && settled.empty(); i += 10)
    settled = looker.at(minutes{i}, {down("a")});
  CHECK(settled == "a settled Operational Disconnected");
  CHECK(looker.last().moment == noon + minutes{190});
}

TEST_CASE("many devices that lose their links are one outage, until most are back") {
  const auto all = [](std::size_t n_down) {
    std::vector<std::string> records;
    for (std::size_t i = 0; i < 5; ++i) {
      const std::string uuid = "d" + std::to_string(i);
      records.push_back(i < n_down ? down(uuid) : device_of(uuid));
    }
    return records;
  };
  Looker looker;
  looker.at(minutes{0}, all(0));
  CHECK(looker.at(minutes{1}, all(2)) == none);
  CHECK(looker.at(minutes{2}, all(3)) == "null outage null 3 of 5");
  CHECK(looker.at(minutes{4}, all(3)).find("d0 status Operational Disconnected") == 0);
  CHECK(lines_of(looker.last().changes, {"in_outage"}) == "true\ntrue\ntrue");
  CHECK(looker.at(minutes{5}, all(2)) == none);
  CHECK(looker.at(minutes{6}, all(1)) == "null outage-over 3 of 5 1 of 3");
}

TEST_CASE("a device that is gone is removed, and may return") {
  TrackerOptions options;
  options.forget = minutes{30};
  Looker looker{options};
  looker.at(minutes{0}, {device_of("a"), device_of("b")});
  CHECK(looker.at(minutes{10}, {device_of("a")}) == "b removed Operational null");
  CHECK(looker.at(minutes{40}, {device_of("a"), device_of("b")}) == "b returned null Operational");
  looker.at(minutes{50}, {device_of("a")});
  CHECK(looker.at(minutes{81}, {device_of("a"), device_of("b")}) == "b added null Operational");
}

TEST_CASE("a snapshot that lacks many devices is refused") {
  const std::vector<std::string> all{device_of("a"), device_of("b"), device_of("c"),
                                     device_of("d", "", "acme/other")};
  Looker looker;
  looker.at(minutes{0}, all);
  CHECK_THROWS_WITH_AS(looker.at(minutes{1}, {all[3]}, {}, 0.8),
                       doctest::Contains("all 3 of acme/kiosk"), SnapshotError);
  CHECK_THROWS_AS(looker.at(minutes{1}, {all[0]}, {}, 0.2), SnapshotError);
  CHECK(looker.at(minutes{1}, {all[0], all[1]}, {}, 0.2) ==
        "c removed Operational null\nd removed Operational null");
  CHECK(looker.at(minutes{2}, {all[3]}, {false, {}}, 0.2) == "d returned null Operational");
}

TEST_CASE("looks go forward, and those of one moment agree") {
  Looker looker;
  looker.at(minutes{5}, {device_of("a")});
  CHECK_THROWS_AS(looker.at(minutes{4}, {device_of("a")}), SnapshotError);
  CHECK_THROWS_AS(looker.at(minutes{5}, {down("a")}), SnapshotError);
  CHECK_THROWS_AS(looker.at(minutes{5}, {}), SnapshotError);
  CHECK(looker.at(minutes{5}, {device_of("a")}) == none);
}

TEST_CASE("time that nobody looked at is in no span") {
  Looker looker;
  const std::string updating = R"("download_progress":5,"status":"Downloading")";
  looker.at(minutes{0}, {device_of("a", updating)});
  looker.at(minutes{10}, {device_of("a", updating)});
  CHECK(looker.last().ended_spans.empty());
  looker.at(minutes{60}, {device_of("a", updating)});
  REQUIRE(looker.last().ended_spans.size() == 1);
  CHECK(looker.last().ended_spans.front().until == noon + minutes{10});
  CHECK(looker.last().touched.front().remembered.state.span_first.get() == noon + minutes{60});
}

TEST_CASE("links that have not moved cover the time between looks") {
  Looker looker;
  looker.at(minutes{0}, {device_of("a")});
  looker.at(minutes{600}, {device_of("a")});
  CHECK(looker.last().ended_spans.empty());
}

TEST_CASE("what data lacks for a while is compared with what was known before") {
  Looker looker{without_hold()};
  looker.at(minutes{0}, {device_of("a")});
  CHECK(looker.at(minutes{1}, {device_of("a", R"("update_status":5)")}) == none);
  CHECK(looker.at(minutes{2}, {device_of("a", R"("update_status":"rejected")")}) ==
        "a update Done Rejected");
}

TEST_CASE("a tracker remembers few bytes of a device") {
  std::vector<std::string> records;
  for (int i = 0; i < 4096; ++i) {
    std::string uuid = std::to_string(i);
    uuid.insert(0, 32 - uuid.size(), '0');
    records.push_back(device_of(uuid, R"("device_name":"calm-lake")"));
  }
  Looker looker;
  looker.at(minutes{0}, records);
  CHECK(looker.tracker().memory().devices.n_bytes() / records.size() < 150);
}

}  // namespace
