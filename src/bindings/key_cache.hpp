#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "bindings/bindings.hpp"
#include "records/key_table.hpp"

namespace fleetstatus {

/// The text of a string that is compact ASCII, read in place.
[[nodiscard]] inline std::string_view ascii_text(PyObject* text) {
  return {static_cast<const char*>(PyUnicode_DATA(text)),
          static_cast<std::size_t>(PyUnicode_GET_LENGTH(text))};
}

/// The text of a string; none if it has a lone surrogate.
[[nodiscard]] std::optional<std::string_view> text_of(py::handle string);

/// The same, but none too of anything that is not exactly a string; makes no Python object, so that
/// no garbage is collected meanwhile.
[[nodiscard]] std::optional<std::string_view> plain_text_of(PyObject* object);

/// A key of a record, and its place in a key table.
struct KnownKey {
  py::object object;      // held, so that no other object can take its address
  std::string_view text;  // its own; empty if the key is no text
  int key_index = KeyTable::not_listed;
};

/// Tells the places of the keys of dicts. Those of one source mostly have the same keys in the same
/// order, so each key is looked for where the one before it was found, and on from there.
class KeyOrder {
 public:
  explicit KeyOrder(const KeyTable& keys) : keys_(&keys) { forget(); }

  [[nodiscard]] const KeyTable& keys() const noexcept { return *keys_; }

  /// Where to look for the first key of a dict.
  [[nodiscard]] const KnownKey* begin() const noexcept { return known_.data(); }

  /// @param next  where to look
  /// @return  the key, followed by where to look for the next one; it holds until then
  const KnownKey* find(PyObject* key, const KnownKey* next) {
    if (next->object.ptr() == key) [[likely]]
      return next;
    return find_from(key, next);
  }

  /// The same, but null unless the key is known or plain ASCII text.
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
  std::vector<KnownKey> known_;  // the last one is none
};

/// The order of keys at each level of a record.
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

  /// Lists whose elements are being read, each within the one before it.
  [[nodiscard]] std::vector<PyObject*>& open_lists() noexcept { return open_lists_; }

 private:
  std::deque<KeyOrder> orders_;
  std::vector<PyObject*> open_lists_;
  bool has_odd_key_ = false;
};

}  // namespace fleetstatus
