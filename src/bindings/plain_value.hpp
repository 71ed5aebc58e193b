#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bindings/bindings.hpp"
#include "bindings/key_cache.hpp"
#include "records/key_table.hpp"
#include "records/scalar.hpp"

namespace fleetstatus {

/// A value of a record made of exact builtins, so that reading it runs no foreign code and pointers
/// into the record stay valid. Anything else reads as a value that no field accepts; `PythonValue`
/// must then read the record again and report what is wrong.
class PlainValue {
 public:
  static constexpr bool text_is_stable = false;

  PlainValue(PyObject* object, KeyCache& cache) : object_(object), cache_(&cache) {}

  [[nodiscard]] bool is_object() const { return PyDict_CheckExact(object_); }
  [[nodiscard]] bool is_list() const { return PyList_CheckExact(object_); }

  template <class Visit>
  decltype(auto) visit_scalar(Visit visit) const {
    if (object_ == Py_None) return visit(Scalar::Null{});
    if (PyUnicode_CheckExact(object_)) {
      if (PyUnicode_IS_COMPACT_ASCII(object_)) return visit(ascii_text(object_));
      const auto text = plain_text_of(object_);
      return text ? visit(*text) : visit(Scalar::Other{});
    }
    if (object_ == Py_True || object_ == Py_False) return visit(object_ == Py_True);
    if (PyLong_CheckExact(object_)) {
      int overflow = 0;
      const std::int64_t value = PyLong_AsLongLongAndOverflow(object_, &overflow);
      return overflow == 0 ? visit(value) : visit(Scalar::Other{});
    }
    if (PyFloat_CheckExact(object_)) {
      const double value = PyFloat_AS_DOUBLE(object_);
      return std::isnan(value) ? visit(Scalar::Null{}) : visit(value);
    }
    return visit(Scalar::Other{});
  }
  [[nodiscard]] Scalar scalar() const {
    return visit_scalar([](auto value) { return Scalar::from(value); });
  }

  // Never part of a message: `PythonValue` reports what is wrong.
  [[nodiscard]] static std::string short_form() { return {}; }
  [[nodiscard]] static std::optional<std::string> plain_text() { return std::nullopt; }

  template <class Visit>
  void for_each_listed(const KeyTable& keys, Visit visit) const {
    KeyOrder& order = cache_->order_of(keys);
    const KnownKey* next = order.begin();
    for_each_item([&](PyObject* key, PyObject* value) {
      const KnownKey* const known = order.find_plain(key, next);
      if (known == nullptr) [[unlikely]]
        return cache_->note_odd_key();
      next = known + 1;
      if (known->key_index == KeyTable::not_listed) return;
      PlainValue member{value, *cache_};
      visit(known->key_index, known->text, member);
    });
  }

  template <class Visit>
  void for_each_member(Visit visit) const {
    for_each_item([&](PyObject* key, PyObject* value) {
      const auto name = plain_text_of(key);
      if (!name) [[unlikely]]
        return cache_->note_odd_key();
      PlainValue member{value, *cache_};
      visit(*name, member);
    });
  }

  template <class Visit>
  void for_each_element(Visit visit) const {
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(object_); ++i) {
      PlainValue element{PyList_GET_ITEM(object_, i), *cache_};
      visit(static_cast<std::size_t>(i), element);
    }
  }

 private:
  template <class Visit>
  void for_each_item(Visit visit) const {
    Py_ssize_t position = 0;
    PyObject* key = nullptr;
    PyObject* value = nullptr;
    while (PyDict_Next(object_, &position, &key, &value) != 0) visit(key, value);
  }

  PyObject* object_;
  KeyCache* cache_;
};

}  // namespace fleetstatus
