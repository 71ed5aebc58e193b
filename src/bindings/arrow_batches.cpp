#include "bindings/arrow_batches.hpp"

#include <cerrno>
#include <exception>
#include <string>
#include <utility>

#include "bindings/gil.hpp"

namespace fleetstatus {
namespace {

using NamedColumns = std::vector<NamedColumn>;

/// The state of a stream. Consumers may call from any thread, with or without the GIL.
struct StreamOwner {
  NamedColumns schema;
  std::optional<SchemaNote> note;
  py::iterator batches;
  std::string error;
};

StreamOwner& owner_of(ArrowArrayStream* stream) {
  return *static_cast<StreamOwner*>(stream->private_data);
}

/// The class, message and notes of an exception; lone surrogates are escaped.
std::string words_of(const py::error_already_set& error) {
  const py::object lines =
      py::module_::import("traceback").attr("format_exception_only")(error.type(), error.value());
  const py::object words = py::str("").attr("join")(lines).attr("rstrip")();
  return words.attr("encode")("utf-8", "backslashreplace").cast<std::string>();
}

/// Calls a function and turns an exception into an error code, because no exception may pass
/// through a caller written in C. The message stays empty if it cannot be made.
template <class Call>
int guarded(StreamOwner& owner, Call call) noexcept {
  int code = EINVAL;
  owner.error.clear();
  try {
    try {
      call();
      return 0;
    } catch (const py::error_already_set& error) {
      if (error.matches(PyExc_OSError)) code = EIO;
      owner.error = words_of(error);
    } catch (const std::exception& error) {
      code = ENOMEM;
      owner.error = error.what();
    }
  } catch (...) {
  }
  return code;
}

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) noexcept {
  StreamOwner& owner = owner_of(stream);
  return guarded(owner, [&] { *out = arrow_schema(owner.schema, owner.note); });
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) noexcept {
  StreamOwner& owner = owner_of(stream);
  *out = {};
  if (python_ends()) {
    owner.error = "Python has ended";
    return EIO;
  }
  const WithGil gil;
  return guarded(owner, [&] {
    PyObject* const next = PyIter_Next(owner.batches.ptr());
    if (next == nullptr && PyErr_Occurred() != nullptr) throw py::error_already_set();
    if (next == nullptr) return;
    *out = arrow_array(py::reinterpret_steal<py::object>(next).cast<NamedColumns>());
  });
}

const char* get_last_error(ArrowArrayStream* stream) noexcept {
  return owner_of(stream).error.c_str();
}

void release(ArrowArrayStream* stream) noexcept {
  stream->release = nullptr;
  if (python_ends()) return;  // too late to release objects
  const WithGil gil;
  delete &owner_of(stream);
}

}  // namespace

ArrowArrayStream arrow_stream_of(std::vector<NamedColumn> schema, std::optional<SchemaNote> note,
                                 py::iterator batches) {
  return {&get_schema, &get_next, &get_last_error, &release,
          new StreamOwner{std::move(schema), std::move(note), std::move(batches), {}}};
}

}  // namespace fleetstatus
