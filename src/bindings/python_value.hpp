#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bindings/bindings.hpp"
#include "readers/key_table.hpp"
#include "readers/scalar.hpp"

namespace fleetstatus {

/// Remembers the places of key objects: records of one source mostly share theirs.
class KeyCache {
 public:
  [[nodiscard]] int find(const KeyTable& keys, PyObject* key);

 private:
  struct Entry {
    const KeyTable* keys = nullptr;
    py::object key;  // held, so that no other object can take its address
    int place = KeyTable::not_listed;
  };

  std::array<Entry, 1024> entries_;
};

/// A value of a record made of Python objects: what the record builder reads.
class PythonValue {
 public:
  static constexpr bool text_is_stable = false;

  PythonValue(py::object object, KeyCache& cache) : object_(std::move(object)), cache_(&cache) {}

  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool is_list() const;
  [[nodiscard]] Scalar scalar();
  [[nodiscard]] std::string short_form() const;
  [[nodiscard]] std::optional<std::string> plain_text();

  template <class Visit>
  void for_each_listed(const KeyTable& keys, Visit visit) {
    for_each_item([&](PyObject* key, py::object value) {
      if (!PyUnicode_Check(key)) return;
      const int place = cache_->find(keys, key);
      if (place == KeyTable::not_listed) return;
      PythonValue member{std::move(value), *cache_};
      visit(place, text_of(key), member);
    });
  }

  template <class Visit>
  void for_each_member(Visit visit) {
    for_each_item([&](PyObject* key, py::object value) {
      const std::string name = name_of(key);
      PythonValue member{std::move(value), *cache_};
      visit(std::string_view{name}, member);
    });
  }

  template <class Visit>
  void for_each_element(Visit visit) {
    const auto list = py::reinterpret_steal<py::object>(PySequence_Fast(object_.ptr(), "a list"));
    if (!list) throw py::error_already_set();
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(list.ptr()); ++i) {
      PyObject* const item = PySequence_Fast_GET_ITEM(list.ptr(), i);
      PythonValue element{py::reinterpret_borrow<py::object>(item), *cache_};
      visit(static_cast<std::size_t>(i), element);
    }
  }

 private:
  /// The text of a key that is listed.
  static std::string_view text_of(PyObject* key);

  /// The text of any key, lone surrogates as escapes.
  static std::string name_of(PyObject* key);

  template <class Visit>
  void for_each_item(Visit visit) {
    if (!PyDict_CheckExact(object_.ptr())) return for_each_mapping_item(visit);
    const Py_ssize_t size = PyDict_GET_SIZE(object_.ptr());
    Py_ssize_t position = 0;
    PyObject* key = nullptr;
    PyObject* value = nullptr;
    while (PyDict_Next(object_.ptr(), &position, &key, &value) != 0) {
      const auto held_key = py::reinterpret_borrow<py::object>(key);
      visit(held_key.ptr(), py::reinterpret_borrow<py::object>(value));
      if (PyDict_GET_SIZE(object_.ptr()) != size) {
        py::set_error(PyExc_RuntimeError, "a record changed while it was read");
        throw py::error_already_set();
      }
    }
  }

  template <class Visit>
  void for_each_mapping_item(Visit visit) {
    const auto items = py::reinterpret_steal<py::object>(PyMapping_Items(object_.ptr()));
    if (!items) throw py::error_already_set();
    for (const py::handle item : items) {
      if (!PyTuple_CheckExact(item.ptr()) || PyTuple_GET_SIZE(item.ptr()) != 2) {
        throw py::type_error("items() of a mapping gave something else than pairs");
      }
      visit(PyTuple_GET_ITEM(item.ptr(), 0),
            py::reinterpret_borrow<py::object>(PyTuple_GET_ITEM(item.ptr(), 1)));
    }
  }

  py::object object_;
  KeyCache* cache_;
};

}  // namespace fleetstatus
