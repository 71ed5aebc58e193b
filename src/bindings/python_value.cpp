#include "bindings/python_value.hpp"

#include <pybind11/gil_safe_call_once.h>

#include <cmath>

#include "bindings/datetimes.hpp"
#include "records/problem.hpp"

namespace fleetstatus {
namespace {

std::string_view type_name(py::handle object) { return Py_TYPE(object.ptr())->tp_name; }

/// Whether an object is a NumPy scalar or an array without dimensions.
bool is_numpy_scalar(py::handle object) {
  return type_name(object).starts_with("numpy.") && py::hasattr(object, "item") &&
         object.attr("ndim").cast<int>() == 0;
}

/// Whether an object is pandas.NA or pandas.NaT, by the name of its type, so that pandas need not
/// be imported.
bool is_pandas_null(py::handle object) {
  const std::string_view name = type_name(object);
  return name.ends_with("NAType") || name.ends_with("NaTType");
}

Scalar scalar_of_text(py::handle string) {
  const auto text = text_of(string);
  return text ? Scalar::from(*text) : Scalar::other();
}

Scalar scalar_of_integer(py::handle integer) {
  int overflow = 0;
  const long long value = PyLong_AsLongLongAndOverflow(integer.ptr(), &overflow);
  if (overflow != 0) return Scalar::other();
  if (value == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
  return Scalar::from(std::int64_t{value});
}

Scalar scalar_of_datetime(py::handle datetime) {
  if (is_pandas_null(datetime)) return Scalar{};
  if (is_naive(datetime)) {
    const auto time = from_naive_datetime(datetime);
    return time ? Scalar::from(Scalar::LocalTime{*time}) : Scalar::other();
  }
  const auto time = from_datetime(datetime);
  return time ? Scalar::from(*time) : Scalar::other();
}

Scalar scalar_of(py::handle object) {
  PyObject* const o = object.ptr();
  if (o == Py_None) return Scalar{};
  if (PyUnicode_Check(o)) return scalar_of_text(object);
  if (PyBool_Check(o)) return Scalar::from(o == Py_True);
  if (PyLong_Check(o)) return scalar_of_integer(object);
  if (PyFloat_Check(o)) {
    const double value = PyFloat_AS_DOUBLE(o);
    return std::isnan(value) ? Scalar{} : Scalar::from(value);
  }
  if (is_datetime(object)) return scalar_of_datetime(object);
  if (is_pandas_null(object)) return Scalar{};
  return Scalar::other();
}

/// The decimal digits of an int; none if there are more than `sys.get_int_max_str_digits()`.
std::optional<std::string> digits_of(py::handle integer) {
  const auto digits = py::reinterpret_steal<py::object>(PyNumber_ToBase(integer.ptr(), 10));
  if (digits) return digits.cast<std::string>();
  if (!PyErr_ExceptionMatches(PyExc_ValueError)) throw py::error_already_set();
  PyErr_Clear();
  return std::nullopt;
}

/// Whether an object has an attribute. Passes on any exception other than AttributeError.
bool has_attribute(py::handle object, const char* name) {
  if (PyObject* const found = PyObject_GetAttrString(object.ptr(), name); found != nullptr) {
    Py_DECREF(found);
    return true;
  }
  if (!PyErr_ExceptionMatches(PyExc_AttributeError)) throw py::error_already_set();
  PyErr_Clear();
  return false;
}

bool is_a_mapping(py::handle object) {
  PYBIND11_CONSTINIT static py::gil_safe_call_once_and_store<py::object> storage;
  const py::object& mapping = storage
                                  .call_once_and_store_result([] {
                                    return py::module_::import("collections.abc").attr("Mapping");
                                  })
                                  .get_stored();
  const int answer = PyObject_IsInstance(object.ptr(), mapping.ptr());
  if (answer < 0) throw py::error_already_set();
  return answer != 0;
}

}  // namespace

std::string PythonValue::name_of(PyObject* key) {
  const py::str text{py::handle(key)};
  const auto bytes = py::reinterpret_steal<py::bytes>(
      PyUnicode_AsEncodedString(text.ptr(), "utf-8", "backslashreplace"));
  if (!bytes) throw py::error_already_set();
  return bytes;
}

std::optional<std::string> PythonValue::plain_text() {
  const Scalar value = scalar();
  switch (value.kind) {
    case Scalar::Kind::null: return std::nullopt;
    case Scalar::Kind::text: return std::string{value.text};
    case Scalar::Kind::boolean: return value.boolean ? "true" : "false";
    case Scalar::Kind::integer: return std::to_string(value.integer);
    case Scalar::Kind::real: return py::repr(py::float_(value.real)).cast<std::string>();
    case Scalar::Kind::timestamp: return format_timestamp(value.timestamp);
    case Scalar::Kind::local_time:
    case Scalar::Kind::other: break;
  }
  return PyLong_Check(object_) ? digits_of(object_) : std::nullopt;
}

bool PythonValue::is_other_object() const {
  PyObject* const o = object_;
  const bool is_known = PyLong_Check(o) || PyFloat_Check(o) || PyList_Check(o);
  return !is_known && is_a_mapping(o);
}

bool PythonValue::is_other_list() const {
  PyObject* const o = object_;
  if (PyTuple_Check(o)) return true;
  if (PyUnicode_Check(o) || PyBytes_Check(o) || PyByteArray_Check(o)) return false;
  return PySequence_Check(o) != 0 && !is_object() && !is_numpy_scalar(object_);
}

bool PythonValue::is_row_of_scalars() const {
  if (PyList_CheckExact(object_)) return false;
  // Rows such as those of sqlite3 are sequences that have the names of their columns.
  const auto has = [this](const char* name) { return has_attribute(object_, name); };
  if (!PyTuple_Check(object_) && (!has("keys") || !has("__len__"))) return false;
  const Py_ssize_t size = PySequence_Size(object_);
  if (size < 0) throw py::error_already_set();
  if (size == 0) return false;
  const auto first = py::reinterpret_steal<py::object>(PySequence_GetItem(object_, 0));
  if (!first) throw py::error_already_set();
  const PythonValue value{first.ptr(), *cache_};
  return !value.is_object() && !value.is_list();
}

Scalar PythonValue::other_scalar() {
  const Scalar scalar = scalar_of(object_);
  if (scalar.kind != Scalar::Kind::other || !is_numpy_scalar(object_)) return scalar;
  if (type_name(object_) == "numpy.datetime64") {
    const py::object time = held_.attr("astype")("datetime64[us]").attr("item")();
    if (time.is_none()) return Scalar{};
    return is_datetime(time) ? scalar_of(time) : Scalar::other();
  }
  return scalar_of(held_.attr("item")());
}

std::string PythonValue::short_form() const {
  if (is_object()) return "an object";
  if (is_list()) return "a list";
  PyObject* const o = object_;
  if (is_datetime(object_)) {
    return is_naive(object_) ? "a datetime without a zone" : "a datetime out of range";
  }
  if (PyUnicode_Check(o)) {
    const Scalar text = scalar_of_text(object_);
    return text.kind == Scalar::Kind::text ? quoted_short_form(text.text)
                                           : "text with a lone surrogate";
  }
  if (o == Py_None || PyBool_Check(o) || PyFloat_Check(o)) {
    return fleetstatus::short_form(py::str(object_).cast<std::string>());
  }
  if (PyLong_Check(o)) {
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(o, &overflow);
    if (overflow == 0) return std::to_string(value);
    return digits_of(object_) ? "a number of more than 64 bits"
                              : "a number of more digits than Python writes";
  }
  return "a " + std::string{type_name(object_)};
}

}  // namespace fleetstatus
