#include "changes/differing_rows.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <string>

#include "changes/diff.hpp"
#include "changes/join_rows.hpp"
#include "snapshots.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;
using std::chrono::minutes;

namespace {

using Rows = std::vector<RowIndex>;

/// What decides a change, each as members that differ from those by default.
constexpr std::array<std::string_view, 12> differences{
    R"("is_frozen":true)",
    R"("is_connected_to_vpn":false)",
    R"("changed_api_heartbeat_state_on__date":"2026-10-22T08:00:00Z")",
    R"("changed_api_heartbeat_state_on__date":null)",
    R"("last_vpn_event":"2026-10-22T08:00:00Z")",
    R"("update_status":"rejected")",
    R"("update_status":null)",
    R"("last_update_status_event":"2026-10-22T08:00:00Z")",
    R"("is_running__release":{"__id":2,"raw_version":"1.0.0"})",
    R"("is_running__release":{"__id":1,"raw_version":"2.0.0"})",
    R"("device_name":"other")",
    R"("belongs_to__application":[{"slug":"acme/other"}])"};

std::string uuid_of(std::size_t i) { return std::to_string(100'000 + i * 7); }

std::vector<std::string> records(std::size_t n) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < n; ++i) {
    all.push_back(device_of(uuid_of(i), i % 5 == 0 ? R"("device_name":null)" : "",
                            i % 3 == 0 ? "acme/kiosk" : "acme/till"));
  }
  return all;
}

/// The rows of a new table that differ from those of the same uuid.
Rows differing(const StatusTable& old_table, const StatusTable& new_table) {
  const auto joined = join_rows(Uuids{old_table.column(ColumnId::uuid)},
                                Uuids{new_table.column(ColumnId::uuid)}, 1);
  return DifferingRows{old_table, new_table, joined.old_row_of, 2}.among(0, new_table.size());
}

std::vector<std::size_t> shuffled(std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::shuffle(order, std::mt19937{5});
  return order;
}

TEST_CASE("whatever differs in a row is found, in any place and in any order of rows") {
  constexpr std::size_t n = 2500;
  const auto all = records(n);
  const auto old_table = snapshot(all, minutes{0});
  const auto order = shuffled(n);
  CHECK(differing(old_table, old_table).empty());
  CHECK(differing(old_table, old_table.take(order)).empty());
  auto changed = all;
  Rows expected;
  std::size_t i = 0;
  for (const std::size_t row : {0, 1, 31, 32, 33, 63, 64, 65, 1000, 2047, 2048, 2499}) {
    changed[row] =
        device_of(uuid_of(row), differences[i++], row % 3 == 0 ? "acme/kiosk" : "acme/till");
    expected.push_back(static_cast<RowIndex>(row));
  }
  const auto new_table = snapshot(changed, minutes{10});
  CHECK(differing(old_table, new_table) == expected);
  Rows expected_shuffled;
  for (std::size_t row = 0; row < n; ++row) {
    if (std::ranges::binary_search(expected, order[row])) {
      expected_shuffled.push_back(static_cast<RowIndex>(row));
    }
  }
  CHECK(differing(old_table, new_table.take(order)) == expected_shuffled);
}

TEST_CASE("each difference is found alone, next to rows without a value") {
  for (const std::string_view difference : differences) {
    for (const std::size_t row : {0, 2, 32, 39}) {
      auto all = records(40);
      const auto old_table = snapshot(all, minutes{0});
      all[row] = device_of(uuid_of(row), std::string{difference} + R"(,"note":"x")",
                           row % 3 == 0 ? "acme/kiosk" : "acme/till");
      CHECK(differing(old_table, snapshot(all, minutes{10})) == Rows{static_cast<RowIndex>(row)});
    }
  }
}

TEST_CASE("texts whose letters have moved to the next row differ") {
  auto all = records(40);
  all[3] = device_of(uuid_of(3), R"("device_name":"ab")");
  all[4] = device_of(uuid_of(4), R"("device_name":"c")");
  const auto old_table = snapshot(all, minutes{0});
  all[3] = device_of(uuid_of(3), R"("device_name":"a")");
  all[4] = device_of(uuid_of(4), R"("device_name":"bc")");
  CHECK(differing(old_table, snapshot(all, minutes{10})) == Rows{3, 4});
}

TEST_CASE("rows with an error and new rows may differ in any order of rows") {
  constexpr std::size_t n = 1500;
  auto all = records(n);
  all[700] = device_of(uuid_of(700), R"("is_frozen":"x")", "acme/till");
  const auto old_table = snapshot(all, minutes{0});
  CHECK(differing(old_table, old_table) == Rows{700});
  const auto order = shuffled(n);
  const auto place = std::ranges::find(order, std::size_t{700}) - order.begin();
  const auto turned = old_table.take(order);
  CHECK(differing(old_table, turned) == Rows{static_cast<RowIndex>(place)});
  CHECK(differing(old_table.take(std::vector<std::size_t>{}), turned).size() == n);
}

TEST_CASE("snapshots in another order have the same changes") {
  constexpr std::size_t n = 3000;
  auto all = records(n);
  const auto old_table = snapshot(all, minutes{0});
  std::mt19937 random{3};
  for (std::size_t i = 0; i < n; ++i) {
    if (random() % 20 == 0) {
      all[i] = device_of(uuid_of(i), differences[random() % differences.size()]);
    }
  }
  for (std::size_t i = 0; i < 30; ++i) all.erase(all.begin() + static_cast<std::ptrdiff_t>(i * 90));
  for (std::size_t i = 0; i < 20; ++i) all.push_back(device_of("new" + std::to_string(i)));
  const auto lines = [&](const StatusTable& new_table) {
    std::multiset<std::string> found;
    std::string all_lines =
        lines_of(diff(old_table, new_table, {}).columns, {"uuid", "kind", "before", "after", "at"});
    for (std::size_t begin = 0; begin < all_lines.size();) {
      const std::size_t end = std::min(all_lines.find('\n', begin), all_lines.size());
      found.insert(all_lines.substr(begin, end - begin));
      begin = end + 1;
    }
    return found;
  };
  const auto new_table = snapshot(all, minutes{10});
  const auto expected = lines(new_table);
  CHECK(expected.size() > 150);
  CHECK(lines(new_table.take(shuffled(new_table.size()))) == expected);
}

}  // namespace
