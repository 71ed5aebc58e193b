#include "changes/counted_rows.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

std::string with_uuid(std::string_view uuid, std::string_view more = "") {
  std::string members = R"("uuid":")" + std::string{uuid} + R"(")";
  if (!more.empty()) members.append(",").append(more);
  return device(members);
}

StatusTable table_of(std::initializer_list<std::string> records) {
  return read_table(list_of(records), keeping());
}

using Rows = std::vector<std::size_t>;

TEST_CASE("the last of several rows of one uuid counts, and each other row is counted once") {
  const auto table = table_of({with_uuid("a"), with_uuid("b"), with_uuid("a"), with_uuid("a"),
                               device(R"("uuid":null)"), with_uuid("c", R"("is_frozen":"x")"),
                               with_uuid("d", R"("is_connected_to_vpn":"x")")});
  const DeviceRows rows{table};
  const CountedRows counted{rows};
  Rows last;
  for (std::size_t row = 0; row < table.size(); ++row) last.push_back(counted.last_row(row));
  CHECK(last == Rows{3, 1, 3, 3, no_row, 5, 6});
  const SnapshotCounts rest = counted.count_rest([](std::size_t) { return true; });
  CHECK(rest.duplicates == 2);
  CHECK(rest.without_uuid == 1);
  CHECK(rest.unreadable == 2);
  CHECK(counted.count_rest([](std::size_t row) { return row < 2; }).duplicates == 1);
  CHECK_FALSE(counted.has_lost_device());
}

TEST_CASE("a row with an error and without uuid may be any device") {
  const auto table = table_of({device(R"("uuid":null,"is_frozen":"x")"), with_uuid("a")});
  const DeviceRows rows{table};
  CHECK(CountedRows{rows}.has_lost_device());
}

TEST_CASE("uuids that begin and end alike are told apart") {
  const std::string middle(40, 'x');
  const auto table = table_of({with_uuid("12345678" + middle + "1" + "87654321"),
                               with_uuid("12345678" + middle + "2" + "87654321")});
  const DeviceRows rows{table};
  const CountedRows counted{rows};
  CHECK(counted.counts(0));
  CHECK(counted.counts(1));
}

}  // namespace
