#pragma once

#include <chrono>

namespace fleetstatus::bench {

/// Seconds that a piece of work takes.
template <class Work>
double seconds(Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace fleetstatus::bench
