#include "table/answers.hpp"

#include <array>
#include <atomic>
#include <new>
#include <thread>
#include <vector>

#include "support.hpp"
#include "table/on_demand.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

TEST_CASE("a value is made once, by the first of several threads that ask") {
  for (int round = 0; round < 50; ++round) {
    OnDemand<int> value;
    std::atomic<int> n_made = 0;
    std::atomic<int> sum = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] { sum += value.get([&] { return ++n_made; }); });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(n_made == 1);
    CHECK(sum == 8);
  }
}

TEST_CASE("a value that could not be made is made at the next use") {
  OnDemand<int> value;
  CHECK_THROWS_AS((void)value.get([]() -> int { throw std::bad_alloc{}; }), std::bad_alloc);
  CHECK(value.get([] { return 7; }) == 7);
  CHECK(value.get([]() -> int { throw std::bad_alloc{}; }) == 7);
}

TEST_CASE("a column of answers is made once, whoever asks") {
  const auto table = read_table(list_of({device(), device(R"("is_frozen":true)")}), lenient());
  const StatusTable copy = table;
  for (const ColumnId id : answer_columns) {
    CHECK(table.column(id).size() == 2);
    const auto place = [&](const Column& column) {
      return column.has_text() ? column.texts()->chunks().front().values.data
                               : column.values().data;
    };
    CHECK(place(table.column(id)) == place(copy.column(id)));
  }
}

TEST_CASE("threads that ask for answers at the same time get the same") {
  const std::string record = device(R"("provisioning_progress":50,"provisioning_state":"x")");
  const std::string json = list_of({record, device(R"("is_active":false)"), bare(), "5"});
  const auto alone = read_table(json, keeping());
  const auto shared = read_table(json, keeping());
  std::vector<std::thread> threads;
  std::vector<int> is_equal(8);
  for (int& equal : is_equal) {
    threads.emplace_back([&] { equal = alone.equals(shared) ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(is_equal == std::vector<int>(8, 1));
}

TEST_CASE("what is wrong with a row stays with it, however rows are taken") {
  const auto table = read_table(list_of({device(), "5", device(R"("id":"x")")}), keeping());
  constexpr std::array<std::size_t, 4> rows{2, 0, 1, 2};
  const auto taken = table.take(rows);
  CHECK(cell(taken, ColumnId::error, 0) == cell(table, ColumnId::error, 2));
  CHECK(cell(taken, ColumnId::error, 1) == "null");
  CHECK(cell(taken, ColumnId::error, 2) == cell(table, ColumnId::error, 1));
  CHECK(cell(taken, ColumnId::error, 3) == cell(table, ColumnId::error, 2));
  CHECK(cells(taken, ColumnId::attention) == "unreadable|null|unreadable|unreadable");
}

TEST_CASE("nine rows are valid, or not, each for itself") {
  std::string json = "[";
  for (int row = 0; row < 9; ++row) {
    const bool has_link = row % 3 != 0;
    json += (row == 0 ? "" : ",") + (has_link ? device() : bare());
  }
  const auto table = read_table(json + "]", lenient());
  CHECK(cells(table, ColumnId::cloudlink) == "null|true|true|null|true|true|null|true|true");
  const std::string well = "Operational|Operational";
  CHECK(cells(table, ColumnId::status) == "null|" + well + "|null|" + well + "|null|" + well);
}

}  // namespace
