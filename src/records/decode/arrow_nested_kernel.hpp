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

// Kernels for structs and lists of structs. Each member is read by a kernel of its own, from its
// buffers, for all elements of a block at once.

/// Whether a column holds structs.
[[nodiscard]] bool are_structs(const ArrowColumn& column);

/// Whether a column holds plain lists of structs: the elements of following rows follow each other.
[[nodiscard]] bool are_lists_of_structs(const ArrowColumn& column);

/// All elements of the lists of some rows, those of null lists too.
[[nodiscard]] ArrowRows elements_of(const ArrowColumn& lists, const ArrowRows& rows);

/// The members of structs that are read.
class ArrowMembers {
 public:
  ArrowMembers(const ArrowColumn& structs, const KeyTable& keys)
      : structs_(&structs), keys_(&keys) {}

  /// The member of a key, of several the last; null if there is none.
  template <class Key>
  [[nodiscard]] const ArrowColumn* find(Key key) const {
    return find_at(static_cast<int>(key));
  }

  /// Adds the kernel that `make_kernel` makes for the member of a key, if there is one.
  template <class Key, class MakeKernel>
  void add(Key key, MakeKernel make_kernel) {
    if (const ArrowColumn* const member = find(key)) kernels_.push_back(make_kernel(*member));
  }

  /// Adds what is called after the kernels so far.
  void add(ArrowKernel kernel) { kernels_.push_back(std::move(kernel)); }

  /// Whether all members have a kernel.
  [[nodiscard]] bool are_readable() const;

  [[nodiscard]] bool has_null(const ArrowRows& structs) const;

  /// An `ArrowKernel` for the rows of the structs.
  bool operator()(ArrowRows structs) const;

 private:
  [[nodiscard]] const ArrowColumn* find_at(int key_index) const;

  const ArrowColumn* structs_;
  const KeyTable* keys_;
  std::vector<ArrowKernel> kernels_;
};

/// A column that members of links are read into.
using LinkedColumn = std::variant<OptionalColumn<std::int64_t>*, OptionalColumn<std::string_view>*,
                                  OptionalColumn<double>*, OptionalColumn<bool>*,
                                  OptionalColumn<Timestamp>*, OptionalColumn<Configuration>*>;

/// Reads what links lead to: structs, or lists of at most one. Columns without a member are
/// cleared.
/// @param to  the columns that the members are read into
[[nodiscard]] ArrowKernel linked_kernel(const ArrowColumn& column, ArrowMembers members,
                                        std::vector<LinkedColumn> to);

/// Reads lists of configuration variables. Empty if the column holds something else, or names or
/// values that are no plain text.
[[nodiscard]] ArrowKernel variables_kernel(const ArrowColumn& column, const KeyTable& keys,
                                           OptionalColumn<Configuration>& to);

}  // namespace fleetstatus
