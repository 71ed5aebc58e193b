#pragma once

#include <atomic>
#include <mutex>
#include <optional>

namespace fleetstatus {

/// A value that is made once, at its first use, by any thread. If making it throws, the next use
/// tries again (which std::call_once does not do on every platform).
template <class T>
class OnDemand {
 public:
  template <class Make>
  [[nodiscard]] const T& get(Make make) {
    if (!is_made_.load(std::memory_order_acquire)) {
      const std::scoped_lock lock{mutex_};
      if (!value_) {
        value_.emplace(make());
        is_made_.store(true, std::memory_order_release);
      }
    }
    return *value_;
  }

 private:
  std::atomic<bool> is_made_ = false;
  std::mutex mutex_;
  std::optional<T> value_;
};

}  // namespace fleetstatus
