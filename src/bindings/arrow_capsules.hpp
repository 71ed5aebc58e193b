#pragma once

#include <memory>

#include "base/arrow_abi.hpp"
#include "bindings/bindings.hpp"

namespace fleetstatus {

// Capsules of the Arrow PyCapsule interface.

template <class T>
constexpr const char* capsule_name = nullptr;
template <>
inline constexpr const char* capsule_name<ArrowSchema> = "arrow_schema";
template <>
inline constexpr const char* capsule_name<ArrowArray> = "arrow_array";
template <>
inline constexpr const char* capsule_name<ArrowArrayStream> = "arrow_array_stream";

/// The structure in a capsule, which owns it until it is moved out.
template <class T>
[[nodiscard]] T& content_of(const py::capsule& capsule) {
  void* const structure = PyCapsule_GetPointer(capsule.ptr(), capsule_name<T>);
  if (structure == nullptr) throw py::error_already_set();
  return *static_cast<T*>(structure);
}

[[nodiscard]] inline ArrowSchema& schema_of(const py::capsule& capsule) {
  return content_of<ArrowSchema>(capsule);
}
[[nodiscard]] inline ArrowArray& array_of(const py::capsule& capsule) {
  return content_of<ArrowArray>(capsule);
}
[[nodiscard]] inline ArrowArrayStream& stream_of(const py::capsule& capsule) {
  return content_of<ArrowArrayStream>(capsule);
}

/// Releases a structure that no consumer has moved out.
template <class T>
struct ReleaseUntaken {
  void operator()(T* structure) const {
    if (structure->release != nullptr) structure->release(structure);
    delete structure;
  }
};

/// A capsule of what `make` returns. A consumer that moves the structure out marks it as released.
template <class Make>
[[nodiscard]] py::object capsule_of(Make make) {
  using T = decltype(make());
  std::unique_ptr<T, ReleaseUntaken<T>> structure{new T{}};
  *structure = make();
  const auto destroy = [](PyObject* capsule) {
    ReleaseUntaken<T>{}(static_cast<T*>(PyCapsule_GetPointer(capsule, capsule_name<T>)));
  };
  PyObject* const capsule = PyCapsule_New(structure.get(), capsule_name<T>, destroy);
  if (capsule == nullptr) throw py::error_already_set();
  static_cast<void>(structure.release());
  return py::reinterpret_steal<py::object>(capsule);
}

}  // namespace fleetstatus
