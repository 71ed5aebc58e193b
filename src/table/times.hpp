#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/read.hpp"
#include "core/timestamp.hpp"
#include "table/bits.hpp"
#include "table/record_table.hpp"

namespace fleetstatus {

/// Times of a table's rows, as they lie in memory.
class Times {
 public:
  Times(const RecordTable& records, ColumnId id) : Times(records, place_of(id)) {}

  /// @param place  of the column in the records' store
  Times(const RecordTable& records, std::size_t place)
      : milliseconds_(records.columns.values<std::int64_t>(place)),
        is_valid_(records.columns.validity(place)) {}

  [[nodiscard]] Read<Timestamp> operator[](std::size_t row) const noexcept {
    return {Timestamp{Milliseconds{milliseconds_[row]}}, is_valid_[row]};
  }

 private:
  std::span<const std::int64_t> milliseconds_;
  ValidBits is_valid_;
};

/// The time since then; zero if a clock is ahead.
[[nodiscard]] inline Read<Milliseconds> duration_of(Read<Timestamp> since, Timestamp now) noexcept {
  return {std::max(now - since.value, Milliseconds::zero()), since.is_set};
}

}  // namespace fleetstatus
