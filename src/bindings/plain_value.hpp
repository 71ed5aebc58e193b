#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "bindings/bindings.hpp"
#include "bindings/key_order.hpp"
#include "readers/scalar.hpp"

namespace fleetstatus {

/// Thrown where only `PythonValue` can read on.
struct NotPlain {};

/// A value of a record as JSON makes them: a dict, a list, text, a number, a flag, None; a datetime
/// in UTC, too. To read these runs no code of anyone, so that nothing can change meanwhile.
/// Whatever may not be asked of another value throws `NotPlain`.
class PlainValue {
 public:
  static constexpr bool text_is_stable = false;

  /// @param object  held by whoever holds the record
  PlainValue(PyObject* object, KeyCache& cache) : object_(object), cache_(&cache) {}

  [[nodiscard]] bool is_object() const {
    if (PyDict_CheckExact(object_)) return true;
    need_plain();
    return false;
  }
  [[nodiscard]] bool is_list() const {
    if (PyList_CheckExact(object_)) return true;
    need_plain();
    return false;
  }

  [[nodiscard]] Scalar scalar() const {
    if (object_ == Py_None) return {};
    if (PyUnicode_CheckExact(object_) && PyUnicode_IS_COMPACT_ASCII(object_)) {
      return Scalar::from(ascii_text(object_));
    }
    if (object_ == Py_True || object_ == Py_False) return Scalar::from(object_ == Py_True);
    return other_scalar();
  }

  [[nodiscard]] std::string short_form() const;
  [[nodiscard]] std::optional<std::string> plain_text() const;

  template <class Visit>
  void for_each_listed(const KeyTable& keys, Visit visit) {
    KeyOrder& order = cache_->order_of(keys);
    const KnownKey* next = order.begin();
    for_each_item([&](PyObject* key, PyObject* value) {
      const KnownKey& known = *order.find(key, next);
      next = &known + 1;
      if (!known.is_listed()) return;
      PlainValue member{value, *cache_};
      visit(known.place, known.text, member);
    });
  }

  template <class Visit>
  void for_each_member(Visit visit) {
    for_each_item([&](PyObject* key, PyObject* value) {
      PlainValue member{value, *cache_};
      visit(name_of(key), member);
    });
  }

  template <class Visit>
  void for_each_element(Visit visit) {
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(object_); ++i) {
      PlainValue element{PyList_GET_ITEM(object_, i), *cache_};
      visit(static_cast<std::size_t>(i), element);
    }
  }

 private:
  template <class Visit>
  void for_each_item(Visit visit) {
    Py_ssize_t position = 0;
    PyObject* key = nullptr;
    PyObject* value = nullptr;
    while (PyDict_Next(object_, &position, &key, &value) != 0) visit(key, value);
  }

  void need_plain() const;
  [[nodiscard]] Scalar other_scalar() const;
  static std::string_view name_of(PyObject* key);

  PyObject* object_;
  KeyCache* cache_;
};

}  // namespace fleetstatus
