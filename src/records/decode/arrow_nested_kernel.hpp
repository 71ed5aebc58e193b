#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "base/optional_column.hpp"
#include "records/decode/arrow_column.hpp"
#include "records/decode/arrow_kernel.hpp"
#include "records/key_table.hpp"
#include "rules/configuration.hpp"

namespace fleetstatus {

// Kernels for structs and lists of structs. Each member has its own kernel, which reads all
// elements of a block at once.

/// Whether a column holds structs.
[[nodiscard]] bool are_structs(const ArrowColumn& column);

/// Whether a column holds lists of structs whose elements are contiguous across rows.
[[nodiscard]] bool are_lists_of_structs(const ArrowColumn& column);

/// All elements of the lists in some rows, including those of null lists.
[[nodiscard]] ArrowRows elements_of(const ArrowColumn& lists, const ArrowRows& rows);

/// The members to read from structs.
class ArrowMembers {
 public:
  ArrowMembers(const ArrowColumn& structs, const KeyTable& keys)
      : structs_(&structs), keys_(&keys) {}

  /// The member with a key, the last one if there are several; null if there is none.
  template <class Key>
  [[nodiscard]] const ArrowColumn* find(Key key) const {
    return find_at(static_cast<int>(key));
  }

  /// Adds the kernel that `make_kernel` makes for the member with a key, if there is one.
  template <class Key, class MakeKernel>
  void add(Key key, MakeKernel make_kernel) {
    if (const ArrowColumn* const member = find(key)) kernels_.push_back(make_kernel(*member));
  }

  /// Adds a kernel that runs after those added before.
  void add(ArrowKernel kernel) { kernels_.push_back(std::move(kernel)); }

  /// Whether all members have a kernel.
  [[nodiscard]] bool are_readable() const;

  [[nodiscard]] bool has_null(const ArrowRows& structs) const;

  /// Runs all kernels on rows of the structs, like an `ArrowKernel`.
  bool operator()(ArrowRows structs) const;

 private:
  [[nodiscard]] const ArrowColumn* find_at(int key_index) const;

  const ArrowColumn* structs_;
  const KeyTable* keys_;
  std::vector<ArrowKernel> kernels_;
};

/// A destination column for a member of linked objects.
using LinkedColumn = std::variant<OptionalColumn<std::int64_t>*, OptionalColumn<std::string_view>*,
                                  OptionalColumn<double>*, OptionalColumn<bool>*,
                                  OptionalColumn<Timestamp>*, OptionalColumn<Configuration>*>;

/// Reads linked objects: structs, or lists of at most one struct. Columns without a member are
/// cleared.
/// @param to  the destination columns of the members
[[nodiscard]] ArrowKernel linked_kernel(const ArrowColumn& column, ArrowMembers members,
                                        std::vector<LinkedColumn> to);

/// Reads lists of configuration variables. Empty if the column has another type, or if names or
/// values are not plain text columns.
[[nodiscard]] ArrowKernel variables_kernel(const ArrowColumn& column, const KeyTable& keys,
                                           OptionalColumn<Configuration>& to);

}  // namespace fleetstatus
