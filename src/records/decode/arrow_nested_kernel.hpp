#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/optional_column.hpp"
#include "records/decode/arrow_column.hpp"
#include "records/decode/arrow_kernel.hpp"
#include "records/key_table.hpp"
#include "rules/configuration.hpp"

namespace fleetstatus {

// Kernels for structs and lists of structs: members are read by kernels of their own, straight from
// their buffers, for all rows at once. Cells must be without values before: those of rows without a
// struct are left alone.

/// Whether a column holds structs.
[[nodiscard]] bool are_structs(const ArrowColumn& column);

/// Whether a column holds plain lists of structs: the elements of following rows follow each other.
[[nodiscard]] bool are_lists_of_structs(const ArrowColumn& column);

/// Plain lists.
class ArrowLists {
 public:
  explicit ArrowLists(const ArrowColumn& column) : column_(&column) {}

  /// Turns to some rows.
  void read(const ArrowRows& rows);

  /// All elements of these rows, and maybe of rows that are null.
  [[nodiscard]] ArrowRows elements() const noexcept {
    return {begins_.front(), begins_.back() - begins_.front()};
  }

  /// Whether a row is wanted and not null.
  [[nodiscard]] bool is_set(std::size_t row) const noexcept { return is_set_[row] != 0; }

  /// Which rows of the child are the elements of a row.
  [[nodiscard]] std::size_t begin(std::size_t row) const noexcept { return begins_[row]; }
  [[nodiscard]] std::size_t end(std::size_t row) const noexcept { return begins_[row + 1]; }

 private:
  const ArrowColumn* column_;
  std::vector<std::size_t> begins_;
  std::vector<std::uint8_t> is_set_;
};

/// Reads those members of structs that matter.
class ArrowMembers {
 public:
  ArrowMembers(const ArrowColumn& structs, const KeyTable& keys)
      : structs_(&structs), keys_(&keys) {}

  /// The member at a place among the keys, of several the last; null if there is none.
  [[nodiscard]] const ArrowColumn* find(int place) const;

  /// Adds what `make_kernel` makes for the member at a place, if there is one.
  template <class MakeKernel>
  void add(int place, MakeKernel make_kernel) {
    if (const ArrowColumn* const member = find(place)) kernels_.push_back(make_kernel(*member));
  }

  /// Whether all that were added have a kernel.
  [[nodiscard]] bool are_readable() const;

  /// An `ArrowKernel` for the rows of the structs.
  bool operator()(ArrowRows rows);

  /// The same for elements of lists, of which none may be null.
  bool read_elements(const ArrowRows& rows);

  /// Whether some of these structs are null.
  [[nodiscard]] bool has_null(const ArrowRows& rows);

 private:
  const ArrowColumn* structs_;
  const KeyTable* keys_;
  std::vector<ArrowKernel> kernels_;
  std::vector<std::uint8_t> flags_;
};

/// Reads what links of a column lead to: structs, or lists of at most one.
/// @param structs  the column itself, or its elements
[[nodiscard]] ArrowKernel linked_kernel(const ArrowColumn& column, ArrowMembers members);

/// Reads lists of configuration variables. Empty if the column holds something else, or names or
/// values that are no plain text.
[[nodiscard]] ArrowKernel variables_kernel(const ArrowColumn& column, const KeyTable& keys,
                                           OptionalColumn<Configuration>& to);

}  // namespace fleetstatus
