#include <exception>
#include <string_view>

#include "bindings/bindings.hpp"
#include "core/error.hpp"

namespace fleetstatus {
namespace {

/// The message, what is not UTF-8 of it escaped.
py::object message_of(const std::exception& error) {
  const std::string_view what = error.what();
  PyObject* const text =
      PyUnicode_DecodeUTF8(what.data(), static_cast<Py_ssize_t>(what.size()), "backslashreplace");
  if (text == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(text);
}

template <class... Parts>
void raise(const char* name, const Parts&... parts) {
  const py::object type = py::module_::import("fleetstatus.errors").attr(name);
  py::set_error(type, type(parts...));
}

void translate(std::exception_ptr error) {
  try {
    if (error) std::rethrow_exception(error);
  } catch (const RecordError& e) {
    raise("RecordError", message_of(e), e.index, e.field, e.pointer, e.value);
  } catch (const JsonError& e) {
    raise("JSONError", message_of(e), e.offset, e.line, e.column);
  } catch (const MissingFieldsError& e) {
    const py::object make =
        py::module_::import("fleetstatus._missing").attr("missing_fields_error");
    const py::object made = make(py::tuple(py::cast(e.fields)), e.index);
    py::set_error(py::type::of(made), made);
  } catch (const SourceError& e) {
    raise("FleetStatusError", message_of(e));
  } catch (const ArgumentError& e) {
    py::set_error(PyExc_ValueError, message_of(e));
  }
}

}  // namespace

void bind_errors(py::module_& /*m*/) { py::register_local_exception_translator(&translate); }

}  // namespace fleetstatus
