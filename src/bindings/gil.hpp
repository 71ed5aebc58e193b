#pragma once

#include <pybind11/pybind11.h>

#include <chrono>
#include <thread>

namespace fleetstatus {

/// Where a thread is that Python, at its own end, no longer lets in: before 3.14 Python ends it by
/// an exception that C++ cannot survive, so it sleeps until the process has ended, as since 3.14.
template <class TakeBack>
void take_gil(TakeBack take_back) noexcept {
  try {
    take_back();
  } catch (...) {
    for (;;) std::this_thread::sleep_for(std::chrono::hours{1});
  }
}

/// Lets other threads of Python run, while it lives.
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

/// Lets this thread use Python, while it lives.
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
