#include "records/decode/arrow_kernel.hpp"

#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

#include "records/decode/arrow_nested_kernel.hpp"
#include "records/decode/arrow_scalar_kernel.hpp"
#include "records/visit_field.hpp"

namespace fleetstatus {
namespace {

/// The members of many installs, one column each.
struct InstallColumns : InstallMembers<OptionalColumn> {
  template <class Visit>
  void for_each_column(Visit visit) {
    visit(id), visit(status), visit(progress);
    release.for_each_column(visit);
    visit(release_id), visit(commit);
  }

  [[nodiscard]] InstallMembers<std::optional> at(std::size_t i) const {
    return {id[i],         status[i], progress[i], {release.id[i], release.commit[i]},
            release_id[i], commit[i]};
  }
};

/// Reads lists of installs: first their members into columns, then each install from the columns.
class InstallsKernel {
 public:
  InstallsKernel(const ArrowColumn& column, ArrowMembers members,
                 std::shared_ptr<InstallColumns> columns, InstallColumn& to, FieldReader& fields)
      : column_(&column),
        members_(std::move(members)),
        columns_(std::move(columns)),
        has_link_(members_.find(InstallKey::release) != nullptr),
        to_(&to),
        fields_(&fields) {}

  bool operator()(const ArrowRows& rows) const {
    const ArrowRows elements = elements_of(*column_, rows);
    columns_->for_each_column([&](auto& column) {
      column.resize(elements.n);
      column.clear(elements.n);
    });
    if (members_.has_null(elements) || !members_(elements)) return false;
    std::vector<Install>& installs = to_->begin();
    const std::size_t first = installs.size();
    for (std::size_t i = 0; i < elements.n; ++i) {
      installs.push_back(to_install(columns_->at(i), has_link_));
      if (!installs.back().tells_release) fields_->note_install_without_release();
    }
    for (std::size_t row = 0; row < rows.n; ++row) {
      const auto [begin, size] = column_->elements(rows.first + row);
      to_->put(row, first + begin - elements.first, size);
      if (!column_->is_valid(rows.first + row)) to_->reset(row);
    }
    return true;
  }

 private:
  const ArrowColumn* column_;
  ArrowMembers members_;
  std::shared_ptr<InstallColumns> columns_;  ///< shared with the kernels that fill them
  bool has_link_;
  InstallColumn* to_;
  FieldReader* fields_;
};

/// Makes the kernels of columns, by the types that their fields accept.
class KernelMaker {
 public:
  explicit KernelMaker(FieldReader& fields) : fields_(&fields), nested_(&fields.nested()) {}

  ArrowKernel field_kernel(Field field, const ArrowColumn& column) {
    return visit_field(field, fields_->columns(), [&](auto& to, auto accepted) {
      if constexpr (requires { to.id; }) {
        const auto& keys = *fields_->key_at(static_cast<int>(field)).linked;
        return link_kernel(column, keys.keys, to, &keys);
      } else {
        return kernel(column, to, accepted);
      }
    });
  }

  /// Text needs no conversion; other types that are carried as text are converted value by value.
  ArrowKernel carried_kernel(std::size_t carried, const ArrowColumn& column) {
    fields_->note_carried(carried);
    RecordColumns& columns = fields_->columns();
    return visit_carried(columns.carried[carried], columns.settings,
                         [&](auto& to, auto accepted) { return kernel(column, to, accepted); });
  }

  /// Reads a link only for the members that are carried from the linked object.
  ArrowKernel carried_link_kernel(const FieldReader::LinkKeys& keys, const ArrowColumn& column) {
    const auto unused = std::make_shared<IdColumn>();
    ArrowKernel read = link_kernel(column, keys.keys, *unused, &keys);
    if (!read) return {};
    return [unused, read = std::move(read)](const ArrowRows& rows) {
      unused->id.resize(rows.n);
      return read(rows);
    };
  }

 private:
  /// The columns of a link that is not a field: only its id is read.
  struct IdColumn {
    OptionalColumn<std::int64_t> id;

    template <class Visit>
    void for_each_column(Visit visit) {
      visit(id);
    }
  };

  template <class T, class Accepted>
  ArrowKernel kernel(const ArrowColumn& column, OptionalColumn<T>& to, Accepted /*accepted*/) {
    return scalar_kernel<Accepted>(column, to);
  }

  ArrowKernel kernel(const ArrowColumn& column, OptionalColumn<Configuration>& to,
                     accepts::Variables /*accepted*/) {
    return variables_kernel(column, nested_->keys_of_variables(), to);
  }

  ArrowKernel kernel(const ArrowColumn& column, InstallColumn& to, accepts::Installs /*accepted*/) {
    if (!are_lists_of_structs(column)) return {};
    const auto columns = std::make_shared<InstallColumns>();
    ArrowMembers members{column.child(0), nested_->keys_of_installs()};
    for (std::size_t key = 0; key < install_keys.size(); ++key) {
      columns->visit(static_cast<InstallKey>(key), [&](auto& cells, auto accepted) {
        members.add(key, [&](const auto& member) { return kernel(member, cells, accepted); });
      });
    }
    if (!members.are_readable()) return {};
    return InstallsKernel{column, std::move(members), columns, to, *fields_};
  }

  /// No kernel for the services of old SDK objects, which usually arrive one by one: `ArrowValue`
  /// reads them.
  template <class Accepted>
  ArrowKernel kernel(const ArrowColumn& /*column*/, InstallColumn& /*to*/, Accepted /*accepted*/) {
    return {};
  }

  /// A link to a release inside another object.
  ArrowKernel kernel(const ArrowColumn& column, ReleaseMembers<OptionalColumn>& to,
                     accepts::Release /*accepted*/) {
    return link_kernel(column, nested_->keys_of_releases(), to, nullptr);
  }

  /// Links in any form: an id, an object or a list of objects.
  /// @param keys     keys of the linked objects
  /// @param carried  further members to carry from them; may be null
  template <class Columns>
  ArrowKernel link_kernel(const ArrowColumn& column, const KeyTable& keys, Columns& to,
                          const FieldReader::LinkKeys* carried) {
    std::vector<LinkedColumn> columns;
    const auto add_column = [&](auto& cells) { columns.emplace_back(&cells); };
    to.for_each_column(add_column);
    for_each_carried(carried, [&](std::size_t, std::size_t index) {
      std::visit(add_column, fields_->columns().carried[index]);
    });
    const bool are_lists = are_lists_of_structs(column);
    if (!are_lists && !are_structs(column)) return id_kernel(column, to.id, std::move(columns));
    ArrowMembers members{are_lists ? column.child(0) : column, keys};
    add_id(members, to.id);
    add_members(members, to);
    for_each_carried(carried, [&](std::size_t key, std::size_t index) {
      members.add(key, [&](const auto& member) { return carried_kernel(index, member); });
    });
    return linked_kernel(column, std::move(members), std::move(columns));
  }

  template <class Visit>
  static void for_each_carried(const FieldReader::LinkKeys* keys, Visit visit) {
    for (std::size_t key = 0; keys != nullptr && key < keys->carried.size(); ++key) {
      if (keys->carried[key]) visit(key, *keys->carried[key]);
    }
  }

  /// A link that is a plain id.
  static ArrowKernel id_kernel(const ArrowColumn& column, OptionalColumn<std::int64_t>& to,
                               std::vector<LinkedColumn> columns) {
    ArrowKernel read = scalar_kernel<accepts::LinkedId>(column, to);
    if (!read) return {};
    return [columns = std::move(columns), read = std::move(read)](const ArrowRows& rows) {
      for (const LinkedColumn& cleared : columns) {
        std::visit([&](auto* cells) { cells->clear(rows.n); }, cleared);
      }
      return read(rows);
    };
  }

  /// Reads the id of linked objects: `__id` where it is set, else `id`.
  static void add_id(ArrowMembers& members, OptionalColumn<std::int64_t>& to) {
    const auto read_into = [](auto& cells) {
      return
          [&](const ArrowColumn& member) { return scalar_kernel<accepts::Integer>(member, cells); };
    };
    const ArrowColumn* const reference = members.find(LinkKey::reference);
    if (reference == nullptr) return members.add(LinkKey::id, read_into(to));
    members.add(LinkKey::reference, read_into(to));
    if (members.find(LinkKey::id) == nullptr) return;
    const auto ids = std::make_shared<OptionalColumn<std::int64_t>>();
    members.add([ids](const ArrowRows& rows) { return ids->resize(rows.n), true; });
    members.add(LinkKey::id, read_into(*ids));
    members.add([ids, &to](const ArrowRows& rows) {
      for (std::size_t i = 0; i < rows.n; ++i) {
        if (!to.has(i)) to.put(i, (*ids)[i]);
      }
      return true;
    });
  }

  static void add_members(const ArrowMembers& /*members*/, const IdColumn& /*to*/) {}

  void add_members(ArrowMembers& members, ReleaseMembers<OptionalColumn>& to) {
    add_text(members, ReleaseKey::commit, to.commit);
  }

  void add_members(ArrowMembers& members, RunningReleaseColumns& to) {
    add_text(members, ReleaseKey::commit, to.commit);
    add_text(members, ReleaseKey::raw_version, to.raw_version);
  }

  void add_text(ArrowMembers& members, ReleaseKey key, OptionalColumn<std::string_view>& to) {
    members.add(key, [&](const auto& member) { return kernel(member, to, accepts::Text{}); });
  }

  void add_members(ArrowMembers& members, FleetColumns& to) {
    for (std::size_t key_index = link_keys.size(); key_index < fleet_keys.size(); ++key_index) {
      const auto key = static_cast<FleetKey>(key_index);
      visit_fleet_member(key, to, [&](auto& cells, auto accepted) {
        members.add(key, [&](const auto& member) { return kernel(member, cells, accepted); });
      });
      if (members.find(key) == nullptr) continue;
      members.add([fields = fields_, key](const ArrowRows&) {
        return fields->note_fleet_member(key), true;
      });
    }
  }

  FieldReader* fields_;
  const NestedReader* nested_;
};

}  // namespace

std::vector<ArrowKernel> arrow_kernels(int key_index, const ArrowColumn& column,
                                       FieldReader& fields) {
  KernelMaker maker{fields};
  std::vector<ArrowKernel> kernels;
  const FieldReader::RecordKey& key = fields.key_at(key_index);
  const bool is_alias = key_index < static_cast<int>(n_fields) &&
                        alias_fields.contains(static_cast<Field>(key_index));
  if (is_alias) return {ArrowKernel{}};  // old records usually arrive one by one
  if (key_index < static_cast<int>(n_fields)) {
    kernels.push_back(maker.field_kernel(static_cast<Field>(key_index), column));
  } else if (key.linked) {
    kernels.push_back(maker.carried_link_kernel(*key.linked, column));
  }
  if (key.carried) kernels.push_back(maker.carried_kernel(*key.carried, column));
  if (!key.tags.empty()) kernels.emplace_back();  // read value by value
  return kernels;
}

}  // namespace fleetstatus
