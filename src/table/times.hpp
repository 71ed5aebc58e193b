#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bits.hpp"
#include "rules/read.hpp"
#include "rules/timestamp.hpp"
#include "table/record_table.hpp"

namespace fleetstatus {

/// Times of a table's rows, as they lie in memory.
class Times {
 public:
  Times(const RecordTable& records, ColumnId id)
      : milliseconds_(records.columns.values<std::int64_t>(index_of(id))),
        is_valid_(records.columns.validity(index_of(id))) {}

  [[nodiscard]] Read<Timestamp> operator[](std::size_t row) const noexcept {
    return {Timestamp{Milliseconds{milliseconds_[row]}}, is_valid_[row] != 0};
  }

 private:
  std::span<const std::int64_t> milliseconds_;
  ValidBits is_valid_;
};

}  // namespace fleetstatus
