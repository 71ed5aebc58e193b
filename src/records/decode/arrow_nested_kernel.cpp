#include "records/decode/arrow_nested_kernel.hpp"

#include <algorithm>

#include "records/decode/arrow_scalar_kernel.hpp"
#include "records/decode/arrow_text.hpp"
#include "records/field_table.hpp"

namespace fleetstatus {
namespace {

bool is_plain(const ArrowColumn& column, ArrowKind kind) {
  return column.type().kind == kind && column.dictionary() == nullptr;
}

/// Lists of at most one object: the objects are read, each into the cell of its row.
class LinkListKernel {
 public:
  LinkListKernel(const ArrowColumn& column, ArrowMembers members)
      : lists_(column), members_(std::move(members)) {}

  bool operator()(const ArrowRows& rows) {
    lists_.read(rows);
    cells_.clear();
    for (std::size_t i = 0; i < rows.n; ++i) {
      const std::size_t n_objects = lists_.end(i) - lists_.begin(i);
      if (n_objects > 1 || (n_objects == 1 && !lists_.is_set(i))) return false;
      const auto cell = rows.cells == nullptr ? static_cast<std::uint32_t>(i) : rows.cells[i];
      if (n_objects == 1) cells_.push_back(cell);
    }
    ArrowRows objects = lists_.elements();
    const bool has_every_row = objects.n == rows.n;
    objects.cells = has_every_row ? rows.cells : cells_.data();
    return members_.read_elements(objects);
  }

 private:
  ArrowLists lists_;
  ArrowMembers members_;
  std::vector<std::uint32_t> cells_;  ///< of each object
};

/// Copied faster than one is made.
constexpr Configuration nothing_set;

class VariablesKernel {
 public:
  VariablesKernel(const ArrowColumn& column, const KeyTable& keys,
                  OptionalColumn<Configuration>& to)
      : elements_(&column.child(0)), lists_(column), members_(*elements_, keys), to_(&to) {
    names_ = members_.find(static_cast<int>(VariableKey::name));
    values_ = members_.find(static_cast<int>(VariableKey::value));
  }

  [[nodiscard]] bool is_readable() const { return is_text(names_) && is_text(values_); }

  bool operator()(const ArrowRows& rows) {
    lists_.read(rows);
    const ArrowRows elements = lists_.elements();
    if (members_.has_null(elements) || !are_utf8(names_, elements) ||
        !are_utf8(values_, elements)) {
      return false;
    }
    Configuration* const configurations = to_->values(0).data();
    std::uint8_t* const is_set = to_->is_set(0).data();
    for_each_cell(rows, [&](std::size_t row, std::size_t cell) {
      is_set[cell] = lists_.is_set(row) ? 1 : 0;
      configurations[cell] = nothing_set;
      if (lists_.is_set(row)) configure(row, configurations[cell]);
    });
    return true;
  }

 private:
  static bool is_text(const ArrowColumn* column) {
    return column == nullptr || (column->type().is_text() && column->dictionary() == nullptr);
  }

  [[nodiscard]] bool are_utf8(const ArrowColumn* texts, const ArrowRows& elements) const {
    const std::size_t first = elements_->row_of_members(elements.first);
    return texts == nullptr || fleetstatus::are_utf8(texts->texts(), first, elements.n);
  }

  void configure(std::size_t row, Configuration& configuration) const {
    if (names_ == nullptr || values_ == nullptr) return;
    for (std::size_t i = lists_.begin(row); i < lists_.end(row); ++i) {
      const std::size_t member = elements_->row_of_members(i);
      const auto name = names_->texts()[member];
      if (!name || !Configuration::reads(*name)) continue;
      if (const auto value = values_->texts()[member]) configuration.set(*name, *value);
    }
  }

  const ArrowColumn* elements_;
  ArrowLists lists_;
  ArrowMembers members_;
  const ArrowColumn* names_ = nullptr;   ///< null: there are none
  const ArrowColumn* values_ = nullptr;  ///< null: there are none
  OptionalColumn<Configuration>* to_;
};

}  // namespace

bool are_structs(const ArrowColumn& column) { return is_plain(column, ArrowKind::structure); }

bool are_lists_of_structs(const ArrowColumn& column) {
  const bool are_lists =
      is_plain(column, ArrowKind::list) || is_plain(column, ArrowKind::large_list);
  return are_lists && are_structs(column.child(0));
}

void ArrowLists::read(const ArrowRows& rows) {
  flag_rows(*column_, rows, is_set_);
  begins_.assign(rows.n + 1, 0);
  if (rows.n == 0) return;  // an array of nothing may have no offsets
  const auto copy = [&](const auto* offsets) {
    for (std::size_t i = 0; i <= rows.n; ++i) begins_[i] = static_cast<std::size_t>(offsets[i]);
  };
  if (column_->type().kind == ArrowKind::list)
    return copy(column_->numbers<std::int32_t>(rows.first));
  copy(column_->numbers<std::int64_t>(rows.first));
}

const ArrowColumn* ArrowMembers::find(int place) const {
  const ArrowColumn* found = nullptr;
  const auto& members = structs_->type().children;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (keys_->find(members[i].name) == place) found = &structs_->child(i);
  }
  return found;
}

bool ArrowMembers::are_readable() const {
  return std::ranges::all_of(kernels_, [](const ArrowKernel& kernel) { return kernel != nullptr; });
}

bool ArrowMembers::has_null(const ArrowRows& rows) {
  if (!structs_->has_nulls()) return false;
  flag_rows(*structs_, rows, flags_);
  return std::ranges::find(flags_, 0) != flags_.end();
}

bool ArrowMembers::operator()(ArrowRows rows) {
  if (structs_->has_nulls()) {
    flag_rows(*structs_, rows, flags_);
    rows.wanted = flags_.data();
  }
  rows.first = structs_->row_of_members(rows.first);
  return std::ranges::all_of(kernels_, [&](ArrowKernel& kernel) { return kernel(rows); });
}

bool ArrowMembers::read_elements(const ArrowRows& rows) { return !has_null(rows) && (*this)(rows); }

ArrowKernel linked_kernel(const ArrowColumn& column, ArrowMembers members) {
  if (!members.are_readable()) return {};
  if (are_structs(column)) return members;
  return LinkListKernel{column, std::move(members)};
}

ArrowKernel variables_kernel(const ArrowColumn& column, const KeyTable& keys,
                             OptionalColumn<Configuration>& to) {
  if (!are_lists_of_structs(column)) return {};
  VariablesKernel kernel{column, keys, to};
  return kernel.is_readable() ? ArrowKernel{std::move(kernel)} : ArrowKernel{};
}

}  // namespace fleetstatus
