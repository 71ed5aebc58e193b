#include "bindings/arrow_capsules.hpp"

namespace fleetstatus {
namespace {

template <class T>
T& content(const py::capsule& capsule, const char* name) {
  void* const pointer = PyCapsule_GetPointer(capsule.ptr(), name);
  if (pointer == nullptr) throw py::error_already_set();
  return *static_cast<T*>(pointer);
}

}  // namespace

ArrowArrayStream& stream_of(const py::capsule& capsule) {
  return content<ArrowArrayStream>(capsule, "arrow_array_stream");
}

ArrowSchema& schema_of(const py::capsule& capsule) {
  return content<ArrowSchema>(capsule, "arrow_schema");
}

ArrowArray& array_of(const py::capsule& capsule) {
  return content<ArrowArray>(capsule, "arrow_array");
}

}  // namespace fleetstatus
