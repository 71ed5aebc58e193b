#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <functional>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

namespace fleetstatus {

/// Number of threads that the hardware can run at once; at least 1.
[[nodiscard]] inline std::size_t n_cores() noexcept {
  const unsigned n = std::thread::hardware_concurrency();
  return n == 0 ? 1 : n;
}

/// How many threads may work at once.
struct Threads {
  std::size_t n = 1;                    ///< including the calling thread
  std::function<void()> pause = [] {};  ///< called on the calling thread after each of its tasks
};

/// Splits rows into runs of equal size, except the last: one run if there are few rows, else
/// several for each thread, so that all threads end at about the same time. Each run begins at a
/// multiple of 8, so that packed bits of two runs share no byte.
[[nodiscard]] inline std::vector<std::size_t> sizes_of_runs(std::size_t n_rows,
                                                            const Threads& threads) {
  constexpr std::size_t least = std::size_t{1} << 14U;
  constexpr std::size_t runs_per_thread = 8;
  if (threads.n == 1 || n_rows < 2 * least) return {n_rows};
  const std::size_t size = std::max(least, n_rows / threads.n / runs_per_thread / 8 * 8);
  std::vector<std::size_t> sizes(n_rows / size, size);
  sizes.back() += n_rows % size;
  return sizes;
}

/// Allocates what the runtime needs for a thread's first exception: if that failed at the throw
/// itself, the process would end.
/// @return false if memory is short
[[nodiscard]] inline bool can_throw() noexcept {
  constexpr std::size_t more_than_enough = std::size_t{64} << 10U;
  void* volatile const room = std::malloc(more_than_enough);
  if (room == nullptr) return false;
  std::free(room);
  (void)std::current_exception();
  return true;
}

/// Runs tasks on several threads, or on fewer if the system lacks threads or memory. After an
/// exception no further task begins.
/// @param work  called once with the index of each task, from 0
/// @throws the first exception of `work`
template <class Work>
void do_in_parallel(std::size_t n_tasks, const Threads& threads, Work work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr error;
  const auto work_on = [&](auto after_each) {
    try {
      for (std::size_t task = next++; task < n_tasks; task = next++) {
        work(task);
        after_each();
      }
    } catch (...) {
      next = n_tasks;
      const std::scoped_lock lock{mutex};
      if (!error) error = std::current_exception();
    }
  };
  const std::size_t n_others = std::max<std::size_t>(std::min(threads.n, n_tasks), 1) - 1;
  std::vector<std::thread> others;
  others.reserve(n_others);  // while threads run, nothing may throw before they are joined
  try {
    while (others.size() < n_others) {
      others.emplace_back([&] {
        if (can_throw()) work_on([] {});
      });
    }
  } catch (const std::system_error&) {  // NOLINT(bugprone-empty-catch)
  } catch (const std::bad_alloc&) {     // NOLINT(bugprone-empty-catch)
  }
  work_on(threads.pause);
  for (std::thread& other : others) other.join();
  if (error) std::rethrow_exception(error);
}

}  // namespace fleetstatus
