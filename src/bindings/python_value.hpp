#pragma once

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

class RecordBuilder;

/// A value of a record made of any Python objects, as the record builder reads it.
class PythonValue {
 public:
  static constexpr bool text_is_stable = false;

  /// Owns the object, because reading it may run code that removes it from its record. Objects
  /// whose reading runs no code are only borrowed.
  PythonValue(PyObject* object, KeyCache& cache)
      : object_(object),
        held_(runs_no_code(object) ? py::object{} : py::reinterpret_borrow<py::object>(object)),
        cache_(&cache) {}

  [[nodiscard]] bool is_object() const {
    return PyDict_Check(object_) || (!runs_no_code(object_) && is_other_object());
  }
  [[nodiscard]] bool is_list() const {
    return PyList_Check(object_) || (!runs_no_code(object_) && is_other_list());
  }
  /// Whether the value is a row of a database cursor that gives no names.
  [[nodiscard]] bool is_row_of_scalars() const;

  template <class Visit>
  decltype(auto) visit_scalar(Visit visit) {
    if (object_ == Py_None) return visit(Scalar::Null{});
    if (PyUnicode_Check(object_) && PyUnicode_IS_COMPACT_ASCII(object_)) {
      return visit(ascii_text(object_));
    }
    if (object_ == Py_True || object_ == Py_False) return visit(object_ == Py_True);
    return other_scalar().visit_scalar(visit);
  }
  [[nodiscard]] Scalar scalar() {
    return visit_scalar([](auto value) { return Scalar::from(value); });
  }
  [[nodiscard]] std::string short_form() const;
  [[nodiscard]] std::optional<std::string> plain_text();

  template <class Visit>
  void for_each_listed(const KeyTable& keys, Visit visit) {
    KeyOrder& order = cache_->order_of(keys);
    const KnownKey* next = order.begin();
    for_each_item([&](PyObject* key, PyObject* value) {
      const KnownKey& known = *order.find(key, next);
      next = &known + 1;
      if (known.key_index == KeyTable::not_listed) return;
      PythonValue member{value, *cache_};
      visit(known.key_index, known.text, member);
    });
  }

  template <class Visit>
  void for_each_member(Visit visit) {
    for_each_item([&](PyObject* key, PyObject* value) {
      PythonValue member{value, *cache_};
      const std::string name = name_of(key);
      visit(std::string_view{name}, member);
    });
  }

  /// Adds the elements of a list as `RecordBuilder::add` does.
  void add_elements(RecordBuilder& builder);

  template <class Visit>
  void for_each_element(Visit visit) {
    const auto list = py::reinterpret_steal<py::object>(PySequence_Fast(object_, "a list"));
    if (!list) throw py::error_already_set();
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(list.ptr()); ++i) {
      PythonValue element{PySequence_Fast_GET_ITEM(list.ptr(), i), *cache_};
      visit(static_cast<std::size_t>(i), element);
    }
  }

 private:
  [[nodiscard]] static bool runs_no_code(PyObject* object) {
    return PyUnicode_Check(object) || PyLong_CheckExact(object) || object == Py_None;
  }

  [[nodiscard]] bool is_other_object() const;
  [[nodiscard]] bool is_other_list() const;
  [[nodiscard]] Scalar other_scalar();

  /// The text of any key, with lone surrogates escaped.
  static std::string name_of(PyObject* key);

  template <class Visit>
  void for_each_item(Visit visit) {
    if (!PyDict_CheckExact(object_)) [[unlikely]]
      return for_each_mapping_item(visit);
    const Py_ssize_t size = PyDict_GET_SIZE(object_);
    Py_ssize_t position = 0;
    PyObject* key = nullptr;
    PyObject* value = nullptr;
    while (PyDict_Next(object_, &position, &key, &value) != 0) {
      visit(key, value);
      if (PyDict_GET_SIZE(object_) != size) [[unlikely]] {
        py::set_error(PyExc_RuntimeError, "a record changed while it was read");
        throw py::error_already_set();
      }
    }
  }

  template <class Visit>
  void for_each_mapping_item(Visit visit) {
    const auto items = py::reinterpret_steal<py::object>(PyMapping_Items(object_));
    if (!items) throw py::error_already_set();
    for (const py::handle item : items) {
      if (!PyTuple_CheckExact(item.ptr()) || PyTuple_GET_SIZE(item.ptr()) != 2) {
        throw py::type_error("items() of a mapping gave something else than pairs");
      }
      visit(PyTuple_GET_ITEM(item.ptr(), 0), PyTuple_GET_ITEM(item.ptr(), 1));
    }
  }

  PyObject* object_;
  py::object held_;
  KeyCache* cache_;
};

}  // namespace fleetstatus
