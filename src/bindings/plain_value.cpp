#include "bindings/plain_value.hpp"

#include "bindings/datetimes.hpp"
#include "bindings/python_value.hpp"

namespace fleetstatus {

void PlainValue::need_plain() const {
  PyObject* const o = object_;
  const bool is_plain = o == Py_None || PyUnicode_CheckExact(o) || PyBool_Check(o) ||
                        PyLong_CheckExact(o) || PyFloat_CheckExact(o) || PyDict_CheckExact(o) ||
                        PyList_CheckExact(o) || is_utc_datetime(o);
  if (!is_plain) throw NotPlain{};
}

Scalar PlainValue::other_scalar() const {
  need_plain();
  return PythonValue{object_, *cache_}.scalar();
}

std::string PlainValue::short_form() const {
  need_plain();
  return PythonValue{object_, *cache_}.short_form();
}

std::optional<std::string> PlainValue::plain_text() const {
  need_plain();
  return PythonValue{object_, *cache_}.plain_text();
}

std::string_view PlainValue::name_of(PyObject* key) {
  const auto text = PyUnicode_CheckExact(key) ? text_of(key) : std::nullopt;
  if (!text) throw NotPlain{};
  return *text;
}

}  // namespace fleetstatus
