#include "bindings/key_cache.hpp"

#include <utility>

namespace fleetstatus {

std::optional<std::string_view> text_of(py::handle string) {
  PyObject* const o = string.ptr();
  if (PyUnicode_IS_COMPACT_ASCII(o)) return ascii_text(o);
  Py_ssize_t size = 0;
  const char* const characters = PyUnicode_AsUTF8AndSize(o, &size);
  if (characters == nullptr) {
    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) throw py::error_already_set();
    PyErr_Clear();
    return std::nullopt;
  }
  return std::string_view{characters, static_cast<std::size_t>(size)};
}

std::optional<std::string_view> plain_text_of(PyObject* object) {
  if (!PyUnicode_CheckExact(object) || !PyUnicode_IS_COMPACT(object)) return std::nullopt;
  const Py_UCS4 first_surrogate = 0xD800;
  const Py_UCS4 last_surrogate = 0xDFFF;
  const int kind = PyUnicode_KIND(object);
  const void* const characters = PyUnicode_DATA(object);
  for (Py_ssize_t i = 0; kind != PyUnicode_1BYTE_KIND && i < PyUnicode_GET_LENGTH(object); ++i) {
    const Py_UCS4 character = PyUnicode_READ(kind, characters, i);
    if (first_surrogate <= character && character <= last_surrogate) return std::nullopt;
  }
  return text_of(object);
}

const KnownKey* KeyOrder::find_from(PyObject* key, const KnownKey* next) {
  const auto text = PyUnicode_Check(key) ? text_of(key) : std::nullopt;
  for (const KnownKey* known = next; text && known->object; ++known) {
    if (known->text == *text) return known;
  }
  if (known_.size() == most_known) {
    forget();
    next = begin();
  }
  KnownKey known{py::reinterpret_borrow<py::object>(key), text.value_or(std::string_view{}),
                 text ? keys_->find(*text) : KeyTable::not_listed};
  return &*known_.insert(known_.begin() + (next - begin()), std::move(known));
}

void KeyOrder::forget() {
  known_.clear();
  known_.reserve(most_known);
  known_.emplace_back();
}

}  // namespace fleetstatus
