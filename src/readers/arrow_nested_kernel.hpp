#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "core/configuration.hpp"
#include "core/record_columns.hpp"
#include "readers/arrow_column.hpp"
#include "readers/arrow_kernel.hpp"
#include "readers/key_table.hpp"
#include "readers/visit_field.hpp"

namespace fleetstatus {

// Kernels for structs and lists of structs: what stands inside is read by kernels of its own, for
// all rows at once. They are called by address, since these kernels fill what they hold.

/// Plain lists of structs: the elements of following rows follow each other.
class ArrowLists {
 public:
  /// Whether a column holds such lists.
  [[nodiscard]] static bool are_in(const ArrowColumn& column);

  explicit ArrowLists(const ArrowColumn& column) : column_(&column) {}

  /// Turns to some rows.
  void read(ArrowRows rows);

  /// What stands in all the lists, and maybe in rows that are null.
  [[nodiscard]] ArrowRows elements() const noexcept {
    return {begins_.front(), begins_.back() - begins_.front()};
  }

  /// Which rows are wanted and not null.
  [[nodiscard]] std::span<const std::uint8_t> is_set() const noexcept { return is_set_; }

  /// Which of `elements()` a row has.
  [[nodiscard]] ArrowColumn::Range operator[](std::size_t row) const noexcept {
    return {begins_[row] - begins_.front(), begins_[row + 1] - begins_[row]};
  }

 private:
  template <class Offset>
  void read_begins(ArrowRows rows);

  const ArrowColumn* column_;
  std::vector<std::size_t> begins_;
  std::vector<std::uint8_t> is_set_;
};

/// Reads those members of structs that matter.
class ArrowMembers {
 public:
  /// @param structs  null: there are none, so that all members are without a value
  ArrowMembers(const ArrowColumn* structs, const KeyTable& keys)
      : structs_(structs), keys_(&keys) {}

  /// The member at a place among the keys, of several the last; null if there is none.
  [[nodiscard]] const ArrowColumn* find(int place) const;

  /// Adds what reads the member at a place, and what is read if there is none.
  /// @param to  a column, or several
  template <class Cells, class MakeKernel>
  void add(int place, Cells& to, MakeKernel make_kernel) {
    const ArrowColumn* const member = find(place);
    kernels_.push_back(member != nullptr ? make_kernel(*member) : nothing(to));
  }

  /// Whether all that were added have a kernel.
  [[nodiscard]] bool are_readable() const;

  [[nodiscard]] bool is_null_anywhere(ArrowRows rows);

  /// An `ArrowKernel` for all members.
  bool operator()(ArrowRows rows);

 private:
  template <class Cells>
  static ArrowKernel nothing(Cells& to) {
    return [&to](ArrowRows rows) {
      to.clear(rows.n);
      return true;
    };
  }

  const ArrowColumn* structs_;
  const KeyTable* keys_;
  std::vector<ArrowKernel> kernels_;
  std::vector<std::uint8_t> flags_;
};

/// Reads links in any of their forms.
class ArrowLinkKernel {
 public:
  /// @param keys  of what is read behind the link; the first are those of `LinkKey`
  /// @param id    cells for the id
  ArrowLinkKernel(const ArrowColumn& column, const KeyTable& keys,
                  OptionalColumn<std::int64_t>& id);

  /// Adds a member of the linked objects.
  /// @param to  a column, or several
  template <class Cells, class MakeKernel>
  void add(int place, Cells& to, MakeKernel make_kernel) {
    members_.add(place, to, make_kernel);
    spread_.push_back([&to](std::span<const std::uint8_t> has) { to.spread(has); });
  }

  [[nodiscard]] bool is_readable() const {
    return members_.are_readable() && (structs_ != nullptr || read_ids_);
  }
  bool operator()(ArrowRows rows);

 private:
  bool read_objects(ArrowRows rows);
  bool read_lists(ArrowRows rows);

  const ArrowColumn* column_;
  const ArrowColumn* structs_;
  ArrowMembers members_;
  ArrowLists lists_;
  OptionalColumn<std::int64_t>* id_;
  OptionalColumn<std::int64_t> second_id_;  ///< for those that have no `__id`
  ArrowKernel read_ids_;                    ///< if the column holds no objects
  std::vector<std::function<void(std::span<const std::uint8_t>)>> spread_;
  std::vector<std::uint8_t> has_object_;
};

/// Reads lists of installs.
class ArrowInstallsKernel {
 public:
  ArrowInstallsKernel(const ArrowColumn& column, const KeyTable& keys, InstallColumn& to)
      : members_(&column.child(0), keys), lists_(column), to_(&to) {}

  template <class MakeKernel>
  void add(InstallKey key, MakeKernel make_kernel) {
    cells_.visit(key, [&](auto& cells, auto accepted) {
      members_.add(static_cast<int>(key), cells,
                   [&](const ArrowColumn& member) { return make_kernel(member, cells, accepted); });
    });
  }

  [[nodiscard]] bool is_readable() const { return members_.are_readable(); }
  bool operator()(ArrowRows rows);

  /// Whether installs that were read do not say whose release they are.
  [[nodiscard]] bool lacks_release() const noexcept { return lacks_release_; }

 private:
  ArrowMembers members_;
  ArrowLists lists_;
  InstallMembers<OptionalColumn> cells_;
  InstallColumn* to_;
  bool lacks_release_ = false;
};

/// Reads lists of configuration variables.
class ArrowVariablesKernel {
 public:
  ArrowVariablesKernel(const ArrowColumn& column, const KeyTable& keys,
                       OptionalColumn<Configuration>& to);

  [[nodiscard]] bool is_readable() const { return members_.are_readable(); }
  bool operator()(ArrowRows rows);

 private:
  [[nodiscard]] Configuration configuration_of(std::size_t row) const;

  ArrowMembers members_;
  ArrowLists lists_;
  OptionalColumn<std::string_view> names_;
  OptionalColumn<std::string_view> values_;
  OptionalColumn<Configuration>* to_;
};

}  // namespace fleetstatus
