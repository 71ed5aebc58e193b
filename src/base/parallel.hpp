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

/// Threads that can run at once.
[[nodiscard]] inline std::size_t n_cores() noexcept {
  const unsigned n = std::thread::hardware_concurrency();
  return n == 0 ? 1 : n;
}

/// How much may be done at the same time.
struct Threads {
  std::size_t n = 1;                    ///< this one among them
  std::function<void()> pause = [] {};  ///< called on this thread after each of its tasks
};

/// Cuts rows into runs that are worth a thread's while, equal but for the last: one, or some for
/// each thread, so that all end at about the same time. Packed bits of two runs share no byte.
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

/// Sets aside what the system takes for a thread's first exception, while there is memory: to find
/// none once something is to be thrown would end the process.
/// @return false if there is none
[[nodiscard]] inline bool can_throw() noexcept {
  constexpr std::size_t more_than_enough = std::size_t{64} << 10U;
  void* volatile const room = std::malloc(more_than_enough);
  if (room == nullptr) return false;
  std::free(room);
  (void)std::current_exception();
  return true;
}

/// Does a number of tasks on several threads, with fewer if the system or memory has no more. After
/// an error no task begins.
/// @param work  is called with the number of each task once, from 0 on
/// @throws what the first call that throws does
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
  others.reserve(n_others);  // once threads run, nothing may throw before they have ended
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
