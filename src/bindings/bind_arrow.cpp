#include <memory>
#include <string>
#include <vector>

#include "bindings/arrow_batches.hpp"
#include "bindings/bindings.hpp"
#include "table/arrow_export.hpp"

namespace fleetstatus {
namespace {

template <class T>
constexpr const char* capsule_name = nullptr;
template <>
constexpr const char* capsule_name<ArrowSchema> = "arrow_schema";
template <>
constexpr const char* capsule_name<ArrowArray> = "arrow_array";
template <>
constexpr const char* capsule_name<ArrowArrayStream> = "arrow_array_stream";

/// Releases a structure that no one took.
template <class T>
struct Release {
  void operator()(T* structure) const {
    if (structure->release != nullptr) structure->release(structure);
    delete structure;
  }
};

template <class T>
void destroy(PyObject* capsule) {
  Release<T>{}(static_cast<T*>(PyCapsule_GetPointer(capsule, capsule_name<T>)));
}

/// A capsule as the Arrow PyCapsule interface wants it: whoever takes the structure out of it
/// leaves it released.
template <class Make>
py::object capsule_of(Make make) {
  using T = decltype(make());
  std::unique_ptr<T, Release<T>> structure{new T{}};
  *structure = make();
  PyObject* const capsule = PyCapsule_New(structure.get(), capsule_name<T>, &destroy<T>);
  if (capsule == nullptr) throw py::error_already_set();
  static_cast<void>(structure.release());
  return py::reinterpret_steal<py::object>(capsule);
}

using NamedColumns = std::vector<NamedColumn>;

}  // namespace

void bind_arrow(py::module_& m) {
  m.def(
      "arrow_schema",
      [](const NamedColumns& columns) { return capsule_of([&] { return arrow_schema(columns); }); },
      py::arg("columns"));
  m.def(
      "arrow_stream",
      [](const NamedColumns& columns) { return capsule_of([&] { return arrow_stream(columns); }); },
      py::arg("columns"));
  m.def(
      "arrow_stream_of",
      [](const NamedColumns& schema, const py::iterator& batches) {
        return capsule_of([&] { return arrow_stream_of(schema, batches); });
      },
      py::arg("schema"), py::arg("batches"));
  m.def(
      "arrow_column_schema",
      [](const std::string& name, const Column& column) {
        return capsule_of([&] { return arrow_schema(name, column); });
      },
      py::arg("name"), py::arg("column"));
  m.def(
      "arrow_column",
      [](const Column& column) { return capsule_of([&] { return arrow_array(column); }); },
      py::arg("column"));
}

}  // namespace fleetstatus
