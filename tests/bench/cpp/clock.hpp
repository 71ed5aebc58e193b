#pragma once

#include <chrono>
#include <ctime>

namespace fleetstatus::bench {

/// Seconds that a piece of work takes.
template <class Work>
double seconds(Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Seconds that the processor works on it, so that other programs do not count.
template <class Work>
double cpu_seconds(Work&& work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

}  // namespace fleetstatus::bench
