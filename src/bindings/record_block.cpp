#include "bindings/record_block.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "bindings/plain_value.hpp"
#include "bindings/python_value.hpp"

namespace fleetstatus {
namespace {

/// Prefetches an object; most take two cache lines.
void prefetch(const PyObject* object) {
  constexpr std::uintptr_t into_next_line = 48;
  __builtin_prefetch(object);
  __builtin_prefetch(
      reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(object) + into_next_line));
}

/// Prefetches dicts and their tables of keys, to which the dicts point.
void prefetch_dicts(std::span<PyObject* const> dicts) {
  for (const PyObject* dict : dicts) prefetch(dict);
  for (PyObject* dict : dicts) {
    Py_ssize_t position = 0;
    if (PyDict_CheckExact(dict)) PyDict_Next(dict, &position, nullptr, nullptr);
  }
}

/// Marks a list as open while its elements are read, to detect a list that contains itself.
class OpenList {
 public:
  OpenList(std::vector<PyObject*>& open, PyObject* list) : open_(open) {
    if (std::ranges::find(open, list) != open.end()) {
      throw py::value_error("a list of records holds itself");
    }
    open.push_back(list);
  }
  OpenList(const OpenList&) = delete;
  OpenList& operator=(const OpenList&) = delete;
  ~OpenList() { open_.pop_back(); }

 private:
  std::vector<PyObject*>& open_;
};

}  // namespace

bool RecordBlock::add(std::span<PyObject* const> records, KeyCache& keys, RecordBuilder& builder) {
  prefetch_dicts(records);
  KeyOrder& order = keys.order_of(builder.fields().keys());
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!gather(records[i], i, order)) return false;
  }
  keys.forget_odd_key();
  return builder.add_good_records(
      std::span{fields_}.first(records.size()),
      [&](Field field, std::size_t record) {
        return PlainValue{values_[static_cast<std::size_t>(field)][record], keys};
      },
      [&] { return !keys.has_odd_key(); });
}

/// @return false if it is not a dict, or has a key that must be read on its own, such as an alias
bool RecordBlock::gather(PyObject* record, std::size_t at, KeyOrder& order) {
  if (!PyDict_CheckExact(record)) return false;
  FieldSet fields;
  const KnownKey* next = order.begin();
  Py_ssize_t position = 0;
  PyObject* key = nullptr;
  PyObject* value = nullptr;
  while (PyDict_Next(record, &position, &key, &value) != 0) {
    const KnownKey* const known = order.find_plain(key, next);
    if (known == nullptr) return false;
    next = known + 1;
    if (known->key_index == KeyTable::not_listed) continue;
    const auto key_index = static_cast<std::size_t>(known->key_index);
    const auto field = static_cast<Field>(key_index);
    if (key_index >= n_fields || alias_fields.contains(field) || fields.contains(field))
      return false;
    fields.insert(field);
    values_[key_index][at] = value;
    prefetch(value);
  }
  fields_[at] = fields;
  return true;
}

/// After a record that must be read on its own, the next ones mostly must be too. Reading such a
/// record may run code that changes the list.
void PythonValue::add_elements(RecordBuilder& builder) {
  const OpenList open{cache_->open_lists(), object_};
  const auto list = py::reinterpret_steal<py::object>(PySequence_Fast(object_, "a list"));
  if (!list) throw py::error_already_set();
  const auto size = [&] { return static_cast<std::size_t>(PySequence_Fast_GET_SIZE(list.ptr())); };
  const auto items = [&] { return PySequence_Fast_ITEMS(list.ptr()); };
  RecordBlock block;
  std::size_t n_alone = 0;
  for (std::size_t i = 0; i < size();) {
    const std::size_t n = std::min({RecordBlock::most, size() - i, builder.n_left()});
    if (block.add({items() + i, n}, *cache_, builder)) {
      i += n;
      n_alone = 0;
      continue;
    }
    n_alone = std::clamp(2 * n_alone, RecordBlock::most, RecordBuilder::block_size);
    for (const std::size_t end = i + n_alone; i < std::min(end, size()); ++i) {
      PythonValue element{items()[i], *cache_};
      builder.add(element);
    }
  }
}

}  // namespace fleetstatus
