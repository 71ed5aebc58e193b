#pragma once

#include <pybind11/pybind11.h>

#include <chrono>
#include <thread>

namespace fleetstatus {

/// Takes the GIL back, or blocks for ever if Python is shutting down. Before 3.14 Python ends such
/// a thread by an exception that C++ cannot survive; since 3.14 it blocks the thread, as is done
/// here.
template <class TakeBack>
void take_gil(TakeBack take_back) noexcept {
  try {
    take_back();
  } catch (...) {
    for (;;) std::this_thread::sleep_for(std::chrono::hours{1});
  }
}

/// Releases the GIL for its lifetime.
class WithoutGil {
 public:
  WithoutGil() : state_{PyEval_SaveThread()} {}
  ~WithoutGil() {
    take_gil([this] { PyEval_RestoreThread(state_); });
  }
  WithoutGil(const WithoutGil&) = delete;
  WithoutGil& operator=(const WithoutGil&) = delete;

 private:
  PyThreadState* state_;
};

/// Whether Python has begun to end. The GIL must not be asked for then by a thread that never had
/// it or that outlives Python: what such a thread would be known by is gone.
[[nodiscard]] inline bool python_ends() noexcept { return Py_IsInitialized() == 0; }

/// Holds the GIL for its lifetime; not while python_ends().
class WithGil {
 public:
  WithGil() {
    take_gil([this] { state_ = PyGILState_Ensure(); });
  }
  ~WithGil() { PyGILState_Release(state_); }
  WithGil(const WithGil&) = delete;
  WithGil& operator=(const WithGil&) = delete;

 private:
  PyGILState_STATE state_{};
};

}  // namespace fleetstatus
