#include "records/decode/arrow_nested_kernel.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "records/decode/arrow_text.hpp"
#include "records/field_table.hpp"

namespace fleetstatus {
namespace {

bool is_plain(const ArrowColumn& column, ArrowKind kind) {
  return column.type().kind == kind && column.dictionary() == nullptr;
}

/// Moves the first `n_values` values of a column to the rows that they belong to.
/// @param n_of  number of values in each row: 0 or 1
template <class T>
void spread(OptionalColumn<T>& column, std::span<const std::uint8_t> n_of, std::size_t n_values) {
  if (!column.has_any(n_values)) return;
  const auto values = column.values(n_of.size());
  const auto is_set = column.is_set(n_of.size());
  for (std::size_t row = n_of.size(); row-- > 0;) {  // backwards: reads before it overwrites
    n_values -= n_of[row];
    values[row] = values[n_values];
    is_set[row] = n_of[row] & is_set[n_values];
  }
}

class LinkedKernel {
 public:
  LinkedKernel(const ArrowColumn& column, ArrowMembers members, std::vector<LinkedColumn> to)
      : column_(&column), members_(std::move(members)), to_(std::move(to)) {}

  bool operator()(const ArrowRows& rows) {
    for_each_column([&](auto& column) { column.clear(rows.n); });
    n_of_.resize(rows.n);
    column_->unpack_validity(rows.first, n_of_);
    return are_structs(*column_) ? read_structs(rows) : read_lists(rows);
  }

 private:
  template <class Visit>
  void for_each_column(Visit visit) const {
    for (const LinkedColumn& to : to_) std::visit([&](auto* column) { visit(*column); }, to);
  }

  bool read_structs(const ArrowRows& rows) const {
    const bool has_any = std::ranges::find(n_of_, 1) != n_of_.end();
    if (!has_any) return true;
    if (!members_(rows)) return false;
    if (!column_->has_nulls()) return true;
    for_each_column([&](auto& column) {
      const auto is_set = column.is_set(rows.n);
      for (std::size_t i = 0; i < rows.n; ++i) is_set[i] &= n_of_[i];
    });
    return true;
  }

  bool read_lists(const ArrowRows& rows) {
    for (std::size_t i = 0; i < rows.n; ++i) {
      const std::size_t size = column_->elements(rows.first + i).size;
      if (size > n_of_[i]) return false;  // several elements, or a null list with some
      n_of_[i] = static_cast<std::uint8_t>(size);
    }
    const ArrowRows objects = elements_of(*column_, rows);
    if (objects.n == 0) return true;
    if (members_.has_null(objects) || !members_(objects)) return false;
    if (objects.n == rows.n) return true;
    for_each_column([&](auto& column) { spread(column, n_of_, objects.n); });
    return true;
  }

  const ArrowColumn* column_;
  ArrowMembers members_;
  std::vector<LinkedColumn> to_;
  std::vector<std::uint8_t> n_of_;  ///< number of linked objects in each row
};

/// A constant, because a copy is faster than a default construction.
constexpr Configuration nothing_set;

class VariablesKernel {
 public:
  VariablesKernel(const ArrowColumn& column, const KeyTable& keys,
                  OptionalColumn<Configuration>& to)
      : column_(&column),
        members_(column.child(0), keys),
        names_(members_.find(VariableKey::name)),
        values_(members_.find(VariableKey::value)),
        to_(&to) {}

  [[nodiscard]] bool is_readable() const { return is_text(names_) && is_text(values_); }

  bool operator()(const ArrowRows& rows) const {
    const ArrowRows elements = elements_of(*column_, rows);
    if (members_.has_null(elements) || !are_utf8(names_, elements) ||
        !are_utf8(values_, elements)) {
      return false;
    }
    const auto configurations = to_->values(rows.n);
    const auto is_set = to_->is_set(rows.n);
    column_->unpack_validity(rows.first, is_set);
    std::ranges::fill(configurations, nothing_set);
    if (names_ == nullptr || values_ == nullptr || elements.n == 0) return true;
    for (std::size_t row = 0; row < rows.n; ++row) {
      const auto [begin, size] = column_->elements(rows.first + row);
      if (is_set[row] != 0) configure(begin, size, configurations[row]);
    }
    return true;
  }

 private:
  static bool is_text(const ArrowColumn* column) {
    return column == nullptr || (column->type().is_text() && column->dictionary() == nullptr);
  }

  [[nodiscard]] bool are_utf8(const ArrowColumn* texts, const ArrowRows& elements) const {
    const std::size_t first = column_->child(0).row_of_members(elements.first);
    return texts == nullptr || fleetstatus::are_utf8(texts->texts(), first, elements.n);
  }

  void configure(std::size_t begin, std::size_t size, Configuration& configuration) const {
    const std::size_t first = column_->child(0).row_of_members(begin);
    for (std::size_t member = first; member < first + size; ++member) {
      const auto name = names_->texts()[member];
      if (!name || !Configuration::reads(*name)) continue;
      if (const auto value = values_->texts()[member]) configuration.set(*name, *value);
    }
  }

  const ArrowColumn* column_;
  ArrowMembers members_;
  const ArrowColumn* names_;   ///< null if there is no such member
  const ArrowColumn* values_;  ///< null if there is no such member
  OptionalColumn<Configuration>* to_;
};

}  // namespace

bool are_structs(const ArrowColumn& column) { return is_plain(column, ArrowKind::structure); }

bool are_lists_of_structs(const ArrowColumn& column) {
  const bool are_lists =
      is_plain(column, ArrowKind::list) || is_plain(column, ArrowKind::large_list);
  return are_lists && are_structs(column.child(0));
}

ArrowRows elements_of(const ArrowColumn& lists, const ArrowRows& rows) {
  if (rows.n == 0) return {};  // an empty array may have no offset buffer
  const std::size_t begin = lists.elements(rows.first).begin;
  const auto [last, size] = lists.elements(rows.first + rows.n - 1);
  return {begin, last + size - begin};
}

const ArrowColumn* ArrowMembers::find_at(int key_index) const {
  const ArrowColumn* found = nullptr;
  const auto& members = structs_->type().children;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (keys_->find(members[i].name) == key_index) found = &structs_->child(i);
  }
  return found;
}

bool ArrowMembers::are_readable() const {
  return std::ranges::all_of(kernels_, [](const ArrowKernel& kernel) { return kernel != nullptr; });
}

bool ArrowMembers::has_null(const ArrowRows& structs) const {
  for (std::size_t i = 0; structs_->has_nulls() && i < structs.n; ++i) {
    if (!structs_->is_valid(structs.first + i)) return true;
  }
  return false;
}

bool ArrowMembers::operator()(ArrowRows structs) const {
  structs.first = structs_->row_of_members(structs.first);
  return std::ranges::all_of(kernels_, [&](const ArrowKernel& kernel) { return kernel(structs); });
}

ArrowKernel linked_kernel(const ArrowColumn& column, ArrowMembers members,
                          std::vector<LinkedColumn> to) {
  if (!members.are_readable()) return {};
  return LinkedKernel{column, std::move(members), std::move(to)};
}

ArrowKernel variables_kernel(const ArrowColumn& column, const KeyTable& keys,
                             OptionalColumn<Configuration>& to) {
  if (!are_lists_of_structs(column)) return {};
  VariablesKernel kernel{column, keys, to};
  return kernel.is_readable() ? ArrowKernel{std::move(kernel)} : ArrowKernel{};
}

}  // namespace fleetstatus
