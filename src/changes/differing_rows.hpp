#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "changes/uuids.hpp"
#include "changes/value_hashes.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// Finds rows that may differ from their old ones in something that is compared: some value that
/// decides it differs, one of the rows has an error, or there is no old one. Thread-safe.
/// Row of the benchmark: diff.
class DifferingRows {
 public:
  /// @param old_row_of  of each new row its old one, or `no_row`; must outlive this object
  /// @param n_threads   how many threads may work at once
  DifferingRows(const StatusTable& old_table, const StatusTable& new_table,
                std::span<const RowIndex> old_row_of, std::size_t n_threads);

  /// Those of some new rows, in order.
  [[nodiscard]] std::vector<RowIndex> among(std::size_t first, std::size_t n) const;

 private:
  /// Rows of an old and of a new snapshot that follow each other in both: row i of the one belongs
  /// to the same device as row i of the other.
  struct Run {
    std::size_t old_first;
    std::size_t new_first;
    std::size_t size;
  };

  /// Some new rows, and which of them may differ.
  struct Range {
    std::size_t first;
    std::vector<Run> runs;
    std::vector<std::uint8_t> marks;  ///< 0 or 1
  };

  /// A column of both tables.
  struct Pair {
    Column old_column;
    Column new_column;
    std::vector<std::int32_t> old_code_of = {};  ///< of each new code; -1: the old table lacks it

    [[nodiscard]] bool has_same_labels() const;
  };

  /// Whether most old rows are in another order than the new ones.
  [[nodiscard]] bool are_scattered() const;
  void hash_old_rows(std::size_t n_threads);
  [[nodiscard]] std::vector<std::uint8_t> marks_by_hashes(std::size_t first, std::size_t n) const;

  /// Both tables' columns as they are hashed.
  [[nodiscard]] std::vector<HashedColumn> old_columns() const;
  [[nodiscard]] std::vector<HashedColumn> new_columns() const;

  /// Whether one of two rows has an error.
  [[nodiscard]] bool has_error(std::size_t old_row, std::size_t row) const;

  [[nodiscard]] Range range_of(std::size_t first, std::size_t n) const;

  void compare_numbers(const Pair& both, Range& range) const;
  void compare_codes(const Pair& both, Range& range) const;
  void compare_validity(const Pair& both, Range& range) const;
  void compare_names(Range& range) const;
  void compare_errors(Range& range) const;

  template <class IsSame, class Differs>
  void mark(Range& range, IsSame is_same, Differs differs) const;

  const StatusTable& old_;
  const StatusTable& new_;
  std::span<const RowIndex> old_row_of_;
  std::vector<Pair> numbers_;
  std::vector<Pair> dictionaries_;
  Pair names_;
  std::vector<std::uint64_t> old_hashes_;  ///< of each old row, if they are scattered
  std::optional<ValueHasher> new_hasher_;  ///< if they are scattered
};

}  // namespace fleetstatus
