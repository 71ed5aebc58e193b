#include "bindings/list_reader.hpp"

#include <algorithm>

#include "bindings/plain_value.hpp"
#include "bindings/python_value.hpp"

namespace fleetstatus {
namespace {

/// Of less than this a block is not worth it.
constexpr std::size_t least_block = 8;

std::size_t size_of(PyObject* list) { return static_cast<std::size_t>(PyList_GET_SIZE(list)); }

PyObject* item_of(PyObject* list, std::size_t i) {
  return PyList_GET_ITEM(list, static_cast<Py_ssize_t>(i));
}

}  // namespace

void DictBlock::learn_keys(PyObject* dict, KeyOrder& order) {
  keys_.clear();
  std::size_t n_columns = 0;
  const KnownKey* next = order.begin();
  Py_ssize_t position = 0;
  PyObject* key = nullptr;
  PyObject* value = nullptr;
  while (PyDict_Next(dict, &position, &key, &value) != 0) {
    const KnownKey* const known = order.find(key, next);
    next = known + 1;
    const bool is_listed = known->is_listed();
    keys_.push_back({*known, is_listed ? n_columns++ : 0});
  }
  values_.resize(n_columns * capacity);
}

std::size_t DictBlock::take(PyObject* list, std::size_t first) {
  n_taken_ = 0;
  const std::size_t end = std::min(size_of(list), first + capacity);
  while (first + n_taken_ < end && take_values(item_of(list, first + n_taken_))) ++n_taken_;
  return n_taken_;
}

bool DictBlock::take_values(PyObject* dict) {
  if (!PyDict_CheckExact(dict)) return false;
  if (static_cast<std::size_t>(PyDict_GET_SIZE(dict)) != keys_.size()) return false;
  Py_ssize_t position = 0;
  PyObject* object = nullptr;
  PyObject* value = nullptr;
  for (const Key& key : keys_) {
    if (PyDict_Next(dict, &position, &object, &value) == 0 || !key.known.is(object)) return false;
    if (key.known.is_listed()) values_[key.column * capacity + n_taken_] = value;
  }
  return true;
}

void DictBlock::read(RecordBuilder& builder, KeyCache& cache) const {
  builder.begin_block(n_taken_);
  try {
    for (const Key& key : keys_) {
      if (!key.known.is_listed()) continue;
      PyObject* const* const values = values_.data() + key.column * capacity;
      builder.read_column(key.known.place, key.known.text,
                          [&](std::size_t record) { return PlainValue{values[record], cache}; });
    }
  } catch (const NotPlain&) {
    builder.abandon_block();
    throw;
  }
  builder.end_block();
}

void ListReader::read(PyObject* list) {
  is_plain_ = true;
  for (std::size_t i = 0; i < size_of(list);) {
    const std::size_t n_alike = take_block(list, i);
    if (n_alike >= least_block && read_block()) {
      i += n_alike;
      continue;
    }
    const std::size_t end = i + std::max<std::size_t>(n_alike, 1);
    for (; i < end && i < size_of(list); ++i) {
      const auto record = py::reinterpret_borrow<py::object>(item_of(list, i));
      PythonValue value{record.ptr(), cache_};
      builder_.add(value);
    }
  }
}

/// @return how many records from `first` on have the keys of a block; 0 if none is worth it
std::size_t ListReader::take_block(PyObject* list, std::size_t first) {
  if (!is_plain_ || size_of(list) - first < least_block) return 0;
  std::size_t n_alike = block_.take(list, first);
  // A single record may have other keys; of two in a row the next ones will, too.
  n_strange_ = n_alike > 0 ? 0 : n_strange_ + 1;
  PyObject* const record = item_of(list, first);
  if (n_strange_ == 0 || !PyDict_CheckExact(record)) return n_alike;
  if (block_.knows_keys() && n_strange_ < 2) return 0;
  block_.learn_keys(record, cache_.order_of(builder_.keys()));
  return block_.take(list, first);
}

/// @return false if nothing was read: the block takes reading record by record
bool ListReader::read_block() {
  try {
    block_.read(builder_, cache_);
  } catch (const NotPlain&) {
    is_plain_ = false;  // and the next ones are not, either
  }
  return is_plain_;
}

}  // namespace fleetstatus
