#include <array>
#include <cstddef>
#include <exception>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "bindings/bindings.hpp"
#include "records/record_error.hpp"

namespace fleetstatus {
namespace {

/// The message, with bytes that are not UTF-8 escaped.
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

/// Raises the exception that a Python function of the package makes, with its message.
template <class... Parts>
void raise_made(const std::string& module, const char* function, const Parts&... parts) {
  const py::object make = py::module_::import(("fleetstatus." + module).c_str()).attr(function);
  const py::object made = make(parts...);
  py::set_error(py::type::of(made), made);
}

/// Indexed by NotDevicesError::Kind.
constexpr std::array<std::string_view, 5> kinds_of_no_devices{"error answer", "no device", "table",
                                                              "owns__device", "tuple"};

void translate(std::exception_ptr error) {
  try {
    if (error) std::rethrow_exception(error);
  } catch (const RecordError& e) {
    raise("RecordError", message_of(e), e.index, e.field, e.pointer, e.value);
  } catch (const JsonError& e) {
    raise("JSONError", message_of(e), e.offset, e.line, e.column);
  } catch (const MissingFieldsError& e) {
    raise_made("_input.missing", "missing_fields_error", py::tuple(py::cast(e.fields)), e.index,
               e.scheme, e.seen, e.bad_record);
  } catch (const MissingCarriedError& e) {
    raise_made("_input.missing", "missing_carried_error", e.names, e.index, e.keys, e.tags);
  } catch (const NotDevicesError& e) {
    raise_made("_input.shapes", "not_devices_error", e.index, e.keys, e.value,
               kinds_of_no_devices[static_cast<std::size_t>(e.kind)], e.source_name);
  } catch (const SnapshotError& e) {
    raise("SnapshotError", message_of(e));
  } catch (const SourceError& e) {
    raise("FleetStatusError", message_of(e));
  } catch (const ArgumentError& e) {
    py::set_error(PyExc_ValueError, message_of(e));
  }
}

}  // namespace

void bind_errors(py::module_& /*m*/) { py::register_local_exception_translator(&translate); }

}  // namespace fleetstatus
