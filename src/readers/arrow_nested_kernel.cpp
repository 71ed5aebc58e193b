#include "readers/arrow_nested_kernel.hpp"

#include <algorithm>
#include <string_view>

#include "readers/arrow_scalar_kernel.hpp"

namespace fleetstatus {
namespace {

bool is_plain(const ArrowColumn& column, ArrowKind kind) {
  return column.type().kind == kind && column.dictionary() == nullptr;
}

template <class Accepted>
auto reading(CellsOf<Accepted>& to) {
  return [&to](const ArrowColumn& column) { return scalar_kernel<Accepted>(column, to); };
}

/// The structs that links of a column lead to; null if there are none.
const ArrowColumn* linked_structs(const ArrowColumn& column) {
  if (is_plain(column, ArrowKind::structure)) return &column;
  return ArrowLists::are_in(column) ? &column.child(0) : nullptr;
}

}  // namespace

bool ArrowLists::are_in(const ArrowColumn& column) {
  const bool is_list = is_plain(column, ArrowKind::list) || is_plain(column, ArrowKind::large_list);
  return is_list && is_plain(column.child(0), ArrowKind::structure);
}

void ArrowLists::read(ArrowRows rows) {
  is_set_.resize(rows.n);
  flag_rows(*column_, rows, is_set_);
  if (column_->type().kind == ArrowKind::list) return read_begins<std::int32_t>(rows);
  read_begins<std::int64_t>(rows);
}

template <class Offset>
void ArrowLists::read_begins(ArrowRows rows) {
  begins_.assign(1, 0);
  if (rows.n == 0) return;  // an array of nothing may have no offsets
  const Offset* const offsets = column_->numbers<Offset>(rows.first);
  begins_.resize(rows.n + 1);
  std::transform(offsets, offsets + rows.n + 1, begins_.begin(),
                 [](Offset offset) { return static_cast<std::size_t>(offset); });
}

const ArrowColumn* ArrowMembers::find(int place) const {
  const ArrowColumn* found = nullptr;
  if (structs_ == nullptr) return found;
  const auto& members = structs_->type().children;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (keys_->find(members[i].name) == place) found = &structs_->child(i);
  }
  return found;
}

bool ArrowMembers::are_readable() const {
  return std::ranges::all_of(kernels_, [](const ArrowKernel& kernel) { return kernel != nullptr; });
}

bool ArrowMembers::is_null_anywhere(ArrowRows rows) {
  if (!structs_->has_nulls()) return false;
  flags_.resize(rows.n);
  flag_rows(*structs_, rows, flags_);
  return std::ranges::find(flags_, 0) != flags_.end();
}

bool ArrowMembers::operator()(ArrowRows rows) {
  if (structs_ != nullptr) {
    if (structs_->has_nulls()) {
      flags_.resize(rows.n);
      flag_rows(*structs_, rows, flags_);
      rows.wanted = flags_.data();
    }
    rows.first = structs_->row_of_members(rows.first);
  }
  return std::ranges::all_of(kernels_, [&](ArrowKernel& kernel) { return kernel(rows); });
}

ArrowLinkKernel::ArrowLinkKernel(const ArrowColumn& column, const KeyTable& keys,
                                 OptionalColumn<std::int64_t>& id)
    : column_(&column),
      structs_(linked_structs(column)),
      members_(structs_, keys),
      lists_(column),
      id_(&id) {
  if (structs_ == nullptr) {
    read_ids_ = scalar_kernel<accepts::LinkedId>(column, id);
    return;
  }
  add(static_cast<int>(LinkKey::reference), id, reading<accepts::Integer>(id));
  members_.add(static_cast<int>(LinkKey::id), second_id_, reading<accepts::Integer>(second_id_));
}

bool ArrowLinkKernel::operator()(ArrowRows rows) {
  if (structs_ == nullptr) return members_(rows) && read_ids_(rows);
  return structs_ == column_ ? read_objects(rows) : read_lists(rows);
}

bool ArrowLinkKernel::read_objects(ArrowRows rows) {
  second_id_.resize(rows.n);
  if (!members_(rows)) return false;
  const auto values = id_->values(rows.n);
  const auto is_set = id_->is_set(rows.n);
  const auto second = second_id_.values(rows.n);
  const auto has_second = second_id_.is_set(rows.n);
  for (std::size_t i = 0; i < rows.n; ++i) {
    values[i] = is_set[i] != 0 ? values[i] : second[i];
    is_set[i] |= has_second[i];
  }
  return true;
}

/// Lists of at most one object: the objects are read, and then moved to the rows that have one.
bool ArrowLinkKernel::read_lists(ArrowRows rows) {
  lists_.read(rows);
  const ArrowRows objects = lists_.elements();
  has_object_.assign(rows.n, 0);
  for (std::size_t i = 0; i < rows.n; ++i) {
    const std::size_t n_objects = lists_[i].size;
    if (n_objects > 1 || (n_objects == 1 && lists_.is_set()[i] == 0)) return false;
    has_object_[i] = static_cast<std::uint8_t>(n_objects);
  }
  if (members_.is_null_anywhere(objects) || !read_objects(objects)) return false;
  if (objects.n == rows.n) return true;
  for (const auto& spread : spread_) spread(has_object_);
  return true;
}

bool ArrowInstallsKernel::operator()(ArrowRows rows) {
  lists_.read(rows);
  const ArrowRows elements = lists_.elements();
  cells_.resize(elements.n);
  if (members_.is_null_anywhere(elements) || !members_(elements)) return false;
  std::vector<Install>& installs = to_->begin();
  const std::size_t first = installs.size();
  const bool has_link = members_.find(static_cast<int>(InstallKey::release)) != nullptr;
  for (std::size_t i = 0; i < elements.n; ++i) {
    const InstallMembers<std::optional> members{
        cells_.id[i],         cells_.status[i],
        cells_.progress[i],   {cells_.release.id[i], cells_.release.commit[i]},
        cells_.release_id[i], cells_.commit[i]};
    installs.push_back(to_install(members, has_link));
    lacks_release_ |= !installs.back().tells_release;
  }
  for (std::size_t row = 0; row < rows.n; ++row) {
    const auto [begin, size] = lists_[row];
    if (lists_.is_set()[row] == 0) {
      to_->reset(row);
    } else {
      to_->put(row, first + begin, size);
    }
  }
  return true;
}

ArrowVariablesKernel::ArrowVariablesKernel(const ArrowColumn& column, const KeyTable& keys,
                                           OptionalColumn<Configuration>& to)
    : members_(&column.child(0), keys), lists_(column), to_(&to) {
  members_.add(static_cast<int>(VariableKey::name), names_, reading<accepts::Text>(names_));
  members_.add(static_cast<int>(VariableKey::value), values_, reading<accepts::Text>(values_));
}

bool ArrowVariablesKernel::operator()(ArrowRows rows) {
  lists_.read(rows);
  const ArrowRows elements = lists_.elements();
  names_.resize(elements.n);
  values_.resize(elements.n);
  if (members_.is_null_anywhere(elements) || !members_(elements)) return false;
  for (std::size_t row = 0; row < rows.n; ++row) {
    const bool is_wanted = rows.wanted == nullptr || rows.wanted[row] != 0;
    const bool is_list = is_wanted && lists_.is_set()[row] != 0;
    to_->put(row, is_list ? std::optional{configuration_of(row)} : std::nullopt);
  }
  return true;
}

Configuration ArrowVariablesKernel::configuration_of(std::size_t row) const {
  Configuration configuration;
  const auto [begin, size] = lists_[row];
  for (std::size_t i = begin; i < begin + size; ++i) {
    if (names_.has(i) && values_.has(i)) configuration.set(*names_[i], *values_[i]);
  }
  return configuration;
}

}  // namespace fleetstatus
