#include "bindings/arrow_batches.hpp"

#include <cerrno>
#include <exception>
#include <string>
#include <utility>

#include "bindings/gil.hpp"
#include "table/arrow_export.hpp"

namespace fleetstatus {
namespace {

using NamedColumns = std::vector<NamedColumn>;

/// Consumers call from any thread, with or without the GIL.
struct StreamOwner {
  NamedColumns schema;
  py::iterator batches;
  std::string error;
};

StreamOwner& owner_of(ArrowArrayStream* stream) {
  return *static_cast<StreamOwner*>(stream->private_data);
}

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  try {
    *out = arrow_schema(owner_of(stream).schema);
    return 0;
  } catch (const std::exception& error) {
    owner_of(stream).error = error.what();
    return ENOMEM;
  }
}

/// Its class, message and notes.
std::string words_of(const py::error_already_set& error) {
  const py::object lines =
      py::module_::import("traceback").attr("format_exception_only")(error.type(), error.value());
  return py::str("").attr("join")(lines).attr("rstrip")().cast<std::string>();
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  StreamOwner& owner = owner_of(stream);
  *out = {};
  const WithGil gil;
  try {
    PyObject* const next = PyIter_Next(owner.batches.ptr());
    if (next == nullptr && PyErr_Occurred() != nullptr) throw py::error_already_set();
    if (next == nullptr) return 0;
    *out = arrow_array(py::reinterpret_steal<py::object>(next).cast<NamedColumns>());
    return 0;
  } catch (const py::error_already_set& error) {
    owner.error = words_of(error);
    return error.matches(PyExc_OSError) ? EIO : EINVAL;
  } catch (const std::exception& error) {
    owner.error = error.what();
    return ENOMEM;
  }
}

const char* get_last_error(ArrowArrayStream* stream) { return owner_of(stream).error.c_str(); }

void release(ArrowArrayStream* stream) {
  stream->release = nullptr;
  if (Py_IsInitialized() == 0) return;  // too late to give anything back
  const WithGil gil;
  delete &owner_of(stream);
}

}  // namespace

ArrowArrayStream arrow_stream_of(std::vector<NamedColumn> schema, py::iterator batches) {
  return {&get_schema, &get_next, &get_last_error, &release,
          new StreamOwner{std::move(schema), std::move(batches), {}}};
}

}  // namespace fleetstatus
