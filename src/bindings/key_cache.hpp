#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "bindings/bindings.hpp"
#include "records/key_table.hpp"

namespace fleetstatus {

/// A view of a string's text. Precondition: the string is compact ASCII.
[[nodiscard]] inline std::string_view ascii_text(PyObject* text) {
  return {static_cast<const char*>(PyUnicode_DATA(text)),
          static_cast<std::size_t>(PyUnicode_GET_LENGTH(text))};
}

/// The text of a string; none if it has a lone surrogate.
[[nodiscard]] std::optional<std::string_view> text_of(py::handle string);

/// The same, and none unless the object is exactly a str. Creates no Python object, so that the
/// garbage collector cannot run.
[[nodiscard]] std::optional<std::string_view> plain_text_of(PyObject* object);

/// A key of a record, and its index in a key table.
struct KnownKey {
  py::object object;      // owned, so that no other object can get its address
  std::string_view text;  // a view into `object`; empty if the key is not text
  int key_index = KeyTable::not_listed;
};

/// Finds the indexes of the keys of dicts. Dicts of one source mostly have the same keys in the
/// same order, so the search for a key begins after the key before it.
class KeyOrder {
 public:
  explicit KeyOrder(const KeyTable& keys) : keys_(&keys) { forget(); }

  [[nodiscard]] const KeyTable& keys() const noexcept { return *keys_; }

  /// Where the search for the first key of a dict begins.
  [[nodiscard]] const KnownKey* begin() const noexcept { return known_.data(); }

  /// @param next  where the search begins
  /// @return  the key; the search for the next key begins after it. Valid until the next call.
  const KnownKey* find(PyObject* key, const KnownKey* next) {
    if (next->object.ptr() == key) [[likely]]
      return next;
    return find_from(key, next);
  }

  /// The same, but null unless the key is known or is exactly a str of compact ASCII.
  const KnownKey* find_plain(PyObject* key, const KnownKey* next) {
    if (next->object.ptr() == key) [[likely]]
      return next;
    if (!PyUnicode_CheckExact(key) || !PyUnicode_IS_COMPACT_ASCII(key)) return nullptr;
    return find_from(key, next);
  }

 private:
  static constexpr std::size_t most_known = 256;

  const KnownKey* find_from(PyObject* key, const KnownKey* next);
  void forget();

  const KeyTable* keys_;
  std::vector<KnownKey> known_;  // ends with an empty entry
};

/// The order of the keys at each level of a record.
class KeyCache {
 public:
  [[nodiscard]] KeyOrder& order_of(const KeyTable& keys) {
    for (KeyOrder& order : orders_) {
      if (&order.keys() == &keys) return order;
    }
    return orders_.emplace_back(keys);
  }

  void note_odd_key() noexcept { has_odd_key_ = true; }
  [[nodiscard]] bool has_odd_key() const noexcept { return has_odd_key_; }
  void forget_odd_key() noexcept { has_odd_key_ = false; }

  /// The stack of lists whose elements are being read.
  [[nodiscard]] std::vector<PyObject*>& open_lists() noexcept { return open_lists_; }

 private:
  std::deque<KeyOrder> orders_;
  std::vector<PyObject*> open_lists_;
  bool has_odd_key_ = false;
};

}  // namespace fleetstatus
