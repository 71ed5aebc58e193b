#include <exception>

#include "bindings/bindings.hpp"
#include "core/error.hpp"

namespace fleetstatus {
namespace {

template <class... Parts>
void raise(const char* name, const Parts&... parts) {
  const py::object type = py::module_::import("fleetstatus.errors").attr(name);
  py::set_error(type, type(parts...));
}

void translate(std::exception_ptr error) {
  try {
    if (error) std::rethrow_exception(error);
  } catch (const RecordError& e) {
    raise("RecordError", e.what(), e.index, e.field, e.pointer, e.value);
  } catch (const JsonError& e) {
    raise("JSONError", e.what(), e.offset, e.line, e.column);
  } catch (const MissingFieldsError& e) {
    const py::object make =
        py::module_::import("fleetstatus._missing").attr("missing_fields_error");
    const py::object made = make(py::tuple(py::cast(e.fields)), e.index);
    py::set_error(py::type::of(made), made);
  } catch (const SourceError& e) {
    raise("FleetStatusError", e.what());
  } catch (const ArgumentError& e) {
    py::set_error(PyExc_ValueError, e.what());
  }
}

}  // namespace

void bind_errors(py::module_& /*m*/) { py::register_local_exception_translator(&translate); }

}  // namespace fleetstatus
