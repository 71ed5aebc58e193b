#pragma once

#include <cstddef>
#include <vector>

#include "bindings/bindings.hpp"
#include "bindings/key_order.hpp"
#include "readers/record_builder.hpp"

namespace fleetstatus {

/// Dicts of a list that have the same keys in the same order: a table of their values.
class DictBlock {
 public:
  static constexpr std::size_t capacity = 256;

  /// Learns the keys of a dict, which the next ones are compared with.
  void learn_keys(PyObject* dict, KeyOrder& order);
  [[nodiscard]] bool knows_keys() const noexcept { return !keys_.empty(); }

  /// Takes the dicts of a list from `first` on, up to one that has other keys, or is no dict.
  /// @return how many
  std::size_t take(PyObject* list, std::size_t first);

  /// Reads what was taken into the builder.
  /// @throws NotPlain  having read nothing
  void read(RecordBuilder& builder, KeyCache& cache) const;

 private:
  struct Key {
    KnownKey known;
    std::size_t column;  ///< of `values_`, if it is listed
  };

  bool take_values(PyObject* dict);

  std::vector<Key> keys_;
  std::vector<PyObject*> values_;  ///< borrowed; those of a key stand together
  std::size_t n_taken_ = 0;
};

/// Reads lists of records. Dicts of plain values are read in blocks, key by key, which takes a
/// fraction of the time; all else record by record.
class ListReader {
 public:
  ListReader(RecordBuilder& builder, KeyCache& cache) : builder_(builder), cache_(cache) {}

  void read(PyObject* list);

 private:
  [[nodiscard]] std::size_t take_block(PyObject* list, std::size_t first);
  [[nodiscard]] bool read_block();

  RecordBuilder& builder_;
  KeyCache& cache_;
  DictBlock block_;
  bool is_plain_ = true;       ///< until a block is not
  std::size_t n_strange_ = 0;  ///< records in a row that the block did not take
};

}  // namespace fleetstatus
