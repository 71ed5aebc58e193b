#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "bindings/key_cache.hpp"
#include "records/field.hpp"
#include "records/record_builder.hpp"

namespace fleetstatus {

/// Reads a few records that are plain dicts at a time, field by field: their objects are scattered
/// in memory, so those of several records are prefetched together.
class RecordBlock {
 public:
  static constexpr std::size_t most = 32;

  /// Adds some records, as `RecordBuilder::add` does.
  /// @return false if one of them must be read on its own; then nothing has changed
  [[nodiscard]] bool add(std::span<PyObject* const> records, KeyCache& keys,
                         RecordBuilder& builder);

 private:
  [[nodiscard]] bool gather(PyObject* record, std::size_t at, KeyOrder& order);

  std::array<FieldSet, most> fields_;                         // of each record
  std::array<std::array<PyObject*, most>, n_fields> values_;  // where the record has the field
};

}  // namespace fleetstatus
