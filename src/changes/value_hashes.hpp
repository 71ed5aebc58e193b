#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/text_hash.hpp"
#include "table/column.hpp"

namespace fleetstatus {

/// A column that is hashed.
struct HashedColumn {
  Column column;
  /// What stands for each code, where two tables have other labels; else empty.
  std::span<const std::int32_t> code_of = {};
};

/// Hashes of several values of each row, so that rows in any order are compared by one number each.
/// They have 64 bits and depend on a random key of the process: no choice of values makes rows that
/// differ look alike, and chance practically never does. Row of the benchmark: diff, other order.
class ValueHasher {
 public:
  explicit ValueHasher(std::vector<HashedColumn> columns);

  /// @param hashes  of the rows from `first` on
  void hash(std::size_t first, std::span<std::uint64_t> hashes) const;

 private:
  __extension__ using Sum = unsigned __int128;

  /// Adds a column to the sums of some rows.
  void add(std::size_t column, std::size_t first, std::span<Sum> sums) const;

  template <class ValueAt>
  void add_values(std::size_t column, std::size_t first, std::span<Sum> sums,
                  ValueAt value_at) const;

  std::vector<HashedColumn> columns_;
  TextHash hash_of_text_;
  std::vector<std::uint64_t> keys_;
};

}  // namespace fleetstatus
