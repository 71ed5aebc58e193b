#include "base/parallel.hpp"

#include <numeric>
#include <set>
#include <stdexcept>

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

TEST_CASE("each task is done once, on any number of threads") {
  for (const std::size_t n_threads : {1, 2, 3, 16}) {
    for (const std::size_t n_tasks : {0, 1, 2, 100}) {
      CAPTURE(n_threads);
      CAPTURE(n_tasks);
      std::vector<int> times_done(n_tasks);
      do_in_parallel(n_tasks, {n_threads}, [&](std::size_t task) { ++times_done[task]; });
      CHECK(times_done == std::vector<int>(n_tasks, 1));
    }
  }
}

TEST_CASE("tasks run on several threads, and the pause on the first alone") {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  std::set<std::thread::id> pausing;
  std::atomic<int> n_waiting = 0;
  const auto meet = [&](std::size_t /*task*/) {
    ++n_waiting;
    while (n_waiting < 2) std::this_thread::yield();
    const std::scoped_lock lock{mutex};
    threads.insert(std::this_thread::get_id());
  };
  do_in_parallel(2, {2, [&] { pausing.insert(std::this_thread::get_id()); }}, meet);
  CHECK(threads.size() == 2);
  CHECK(pausing == std::set{std::this_thread::get_id()});
}

TEST_CASE("an error ends the work and is thrown, from any thread and from the pause") {
  for (const std::size_t n_threads : {1, 4}) {
    CAPTURE(n_threads);
    std::atomic<int> n_done = 0;
    const auto fail_at_ten = [&](std::size_t task) {
      if (task == 10) throw std::runtime_error("ten");
      ++n_done;
    };
    CHECK_THROWS_WITH(do_in_parallel(1'000'000, {n_threads}, fail_at_ten), "ten");
    CHECK(n_done < 1'000'000);
    const auto rest = [](std::size_t) { std::this_thread::sleep_for(Milliseconds{1}); };
    const auto fail = [] { throw std::runtime_error("pause"); };
    CHECK_THROWS_WITH(do_in_parallel(100, {n_threads, fail}, rest), "pause");
  }
}

TEST_CASE("runs hold every row once, and begin at whole bytes of bits") {
  for (const std::size_t n_threads : {1, 2, 3, 7}) {
    for (const std::size_t n_rows : {0, 1, 32'767, 32'768, 300'000, 300'001, 1'234'567}) {
      const auto sizes = sizes_of_runs(n_rows, {n_threads});
      CHECK(std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}) == n_rows);
      for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
        CHECK(sizes[i] == sizes.front());
        CHECK(sizes[i] % 8 == 0);
      }
      CHECK((n_threads == 1) <= (sizes.size() == 1));
    }
  }
}

}  // namespace
