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

/// Makes kernels for columns, by what the cells accept that they are read into.
class KernelMaker {
 public:
  explicit KernelMaker(FieldReader& fields) : fields_(&fields), nested_(&fields.nested()) {}

  ArrowKernel field_kernel(Field field, const ArrowColumn& column) {
    return visit_field(field, fields_->columns(), [&](auto& to, auto accepted) {
      using Columns = std::decay_t<decltype(to)>;
      if constexpr (std::is_base_of_v<ReleaseColumns, Columns> ||
                    std::is_same_v<FleetColumns, Columns>) {
        const auto& keys = *fields_->key_at(static_cast<int>(field)).linked;
        const auto clear = [&to](auto clear_column) { to.for_each_column(clear_column); };
        return clearing(clear, keys,
                        link_kernel(column, keys.keys, putting_into(to.id), [&](auto& members) {
                          add_members(members, to);
                          add_carried(members, keys);
                        }));
      } else {
        return kernel(column, to, accepted);
      }
    });
  }

  /// Texts are carried as they are; what else is carried as text is written out value by value.
  ArrowKernel carried_kernel(std::size_t carried, const ArrowColumn& column) {
    fields_->note_carried(carried);
    RecordColumns& columns = fields_->columns();
    return visit_carried(columns.carried[carried], columns.settings,
                         [&](auto& to, auto accepted) { return kernel(column, to, accepted); });
  }

  /// A link of which only what stands behind it is carried.
  ArrowKernel carried_link_kernel(const FieldReader::LinkKeys& keys, const ArrowColumn& column) {
    const auto put_nowhere = [] { return [](std::size_t, std::int64_t, bool) {}; };
    return clearing([](auto) {}, keys,
                    link_kernel(column, keys.keys, put_nowhere,
                                [&](auto& members) { add_carried(members, keys); }));
  }

 private:
  template <class T, class Accepted>
  ArrowKernel kernel(const ArrowColumn& column, OptionalColumn<T>& to, Accepted /*accepted*/) {
    return scalar_kernel<Accepted>(column, putting_into(to));
  }

  ArrowKernel kernel(const ArrowColumn& column, OptionalColumn<Configuration>& to,
                     accepts::Variables /*accepted*/) {
    return variables_kernel(column, nested_->keys_of_variables(), to);
  }

  ArrowKernel kernel(const ArrowColumn& column, InstallColumn& to, accepts::Installs /*accepted*/);

  /// Services of old SDK objects, which come one by one.
  template <class Accepted>
  ArrowKernel kernel(const ArrowColumn& /*column*/, InstallColumn& /*to*/, Accepted /*accepted*/) {
    return {};
  }

  /// A link to a release inside of something else.
  ArrowKernel kernel(const ArrowColumn& column, ReleaseColumns& to, accepts::Release /*accepted*/) {
    return link_kernel(column, nested_->keys_of_releases(), putting_into(to.id),
                       [&](auto& members) { add_members(members, to); });
  }

  /// Links in any of their forms.
  /// @param put_id       into cells without values
  /// @param add_members  adds what is read behind the link, but for its id
  template <class PutId, class AddMembers>
  ArrowKernel link_kernel(const ArrowColumn& column, const KeyTable& keys, PutId put_id,
                          AddMembers add_members) {
    const bool are_lists = are_lists_of_structs(column);
    if (!are_lists && !are_structs(column)) return scalar_kernel<accepts::LinkedId>(column, put_id);
    ArrowMembers members{are_lists ? column.child(0) : column, keys};
    for (const LinkKey key : {LinkKey::id, LinkKey::reference}) {  // the last one counts
      members.add(static_cast<int>(key), [&](const ArrowColumn& member) {
        return scalar_kernel<accepts::Integer>(member, putting_over(put_id));
      });
    }
    add_members(members);
    return linked_kernel(column, std::move(members));
  }

  void add_members(ArrowMembers& members, ReleaseColumns& to) {
    add_text(members, ReleaseKey::commit, to.commit);
  }

  void add_members(ArrowMembers& members, RunningReleaseColumns& to) {
    add_text(members, ReleaseKey::commit, to.commit);
    add_text(members, ReleaseKey::raw_version, to.raw_version);
  }

  void add_text(ArrowMembers& members, ReleaseKey key, OptionalColumn<std::string_view>& to) {
    members.add(static_cast<int>(key),
                [&](const ArrowColumn& member) { return kernel(member, to, accepts::Text{}); });
  }

  void add_members(ArrowMembers& members, FleetColumns& to) {
    for (std::size_t place = link_keys.size(); place < fleet_keys.size(); ++place) {
      const auto key = static_cast<FleetKey>(place);
      visit_fleet_member(key, to, [&](auto& cells, auto accepted) {
        members.add(static_cast<int>(key), [&](const ArrowColumn& member) {
          return noting(key, kernel(member, cells, accepted));
        });
      });
    }
  }

  void add_carried(ArrowMembers& members, const FieldReader::LinkKeys& keys) {
    for (std::size_t place = 0; place < keys.carried.size(); ++place) {
      if (!keys.carried[place]) continue;
      members.add(static_cast<int>(place), [&](const ArrowColumn& member) {
        return carried_kernel(*keys.carried[place], member);
      });
    }
  }

  /// Also notes that there is a fleet that has the member.
  ArrowKernel noting(FleetKey key, ArrowKernel read) {
    if (!read) return {};
    return [fields = fields_, key, read = std::move(read)](const ArrowRows& rows) {
      if (rows.wanted == nullptr ? rows.n > 0 : any({rows.wanted, rows.n})) {
        fields->note_fleet_member(key);
      }
      return read(rows);
    };
  }

  /// Clears all cells first.
  /// @param for_each_column  calls what it is given with each column but the carried ones
  template <class ForEachColumn>
  ArrowKernel clearing(ForEachColumn for_each_column, const FieldReader::LinkKeys& keys,
                       ArrowKernel read) {
    if (!read) return {};
    return [fields = fields_, for_each_column, &keys, read = std::move(read)](const auto& rows) {
      const auto clear = [&](auto& column) { column.clear(rows.n); };
      for_each_column(clear);
      for (const FieldReader::Carried& carried : keys.carried) {
        if (carried) std::visit(clear, fields->columns().carried[*carried]);
      }
      return read(rows);
    };
  }

  FieldReader* fields_;
  const NestedReader* nested_;
};

/// Reads lists of installs.
class InstallsKernel {
 public:
  /// Where the installs of the block begin; where their members are put.
  using First = std::shared_ptr<Install*>;

  InstallsKernel(const ArrowColumn& column, ArrowMembers members, bool has_link, First first,
                 InstallColumn& to, FieldReader& fields)
      : lists_(column),
        members_(std::move(members)),
        has_link_(has_link),
        first_(std::move(first)),
        to_(&to),
        fields_(&fields) {}

  bool operator()(const ArrowRows& rows) {
    lists_.read(rows);
    const ArrowRows elements = lists_.elements();
    std::vector<Install>& installs = to_->begin();
    const std::size_t first = installs.size();
    installs.resize(first + elements.n);
    *first_ = installs.data() + first;
    if (!members_.read_elements(elements)) return false;
    for (std::size_t i = first; i < installs.size(); ++i) {
      installs[i].tells_release = has_link_ || installs[i].release.is_set();
      if (!installs[i].tells_release) fields_->note_install_without_release();
    }
    for (std::size_t row = 0; row < rows.n; ++row) {
      to_->put(row, first + lists_.begin(row) - elements.first,
               lists_.end(row) - lists_.begin(row));
      if (!lists_.is_set(row)) to_->reset(row);
    }
    return true;
  }

 private:
  ArrowLists lists_;
  ArrowMembers members_;
  bool has_link_;
  First first_;
  InstallColumn* to_;
  FieldReader* fields_;
};

/// Puts a member of installs, where it has a value.
template <class Set>
auto putting_into(const InstallsKernel::First& first, Set set) {
  return [first, set] {
    return [installs = *first, set](std::size_t i, auto value, bool has_value) {
      if (has_value) set(installs[i], value);
    };
  };
}

ArrowKernel KernelMaker::kernel(const ArrowColumn& column, InstallColumn& to,
                                accepts::Installs /*accepted*/) {
  if (!are_lists_of_structs(column)) return {};
  ArrowMembers members{column.child(0), nested_->keys_of_installs()};
  const auto first = std::make_shared<Install*>();
  const auto add = [&](InstallKey key, auto accepted, auto set) {
    members.add(static_cast<int>(key), [&](const ArrowColumn& member) {
      return scalar_kernel<decltype(accepted)>(member, putting_into(first, set));
    });
  };
  using accepts::Integer, accepts::Integer32, accepts::StatusOfInstall, accepts::Text;
  add(InstallKey::id, Integer{}, [](Install& install, auto id) { install.id = id; });
  add(InstallKey::status, StatusOfInstall{},
      [](Install& install, auto status) { install.status = status; });
  add(InstallKey::download_progress, Integer32{},
      [](Install& install, auto progress) { install.progress = progress; });
  const auto set_id = [](Install& install, auto id) { install.release.id = id; };
  const auto set_commit = [](Install& install, auto commit) { install.release.commit = commit; };
  const bool has_link = members.find(static_cast<int>(InstallKey::release)) != nullptr;
  members.add(static_cast<int>(InstallKey::release), [&](const ArrowColumn& link) {
    return link_kernel(link, nested_->keys_of_releases(), putting_into(first, set_id),
                       [&](ArrowMembers& release) {
                         release.add(static_cast<int>(ReleaseKey::commit), [&](auto& commit) {
                           return scalar_kernel<Text>(commit, putting_into(first, set_commit));
                         });
                       });
  });
  const auto unless_linked = [has_link](auto set) {
    return [has_link, set](Install& install, auto value) {
      if (!has_link) set(install, value);
    };
  };
  add(InstallKey::release_id, Integer{}, unless_linked(set_id));
  add(InstallKey::commit, Text{}, unless_linked(set_commit));
  if (!members.are_readable()) return {};
  return InstallsKernel{column, std::move(members), has_link, first, to, *fields_};
}

}  // namespace

std::vector<ArrowKernel> arrow_kernels(int place, const ArrowColumn& column, FieldReader& fields) {
  KernelMaker maker{fields};
  std::vector<ArrowKernel> kernels;
  const FieldReader::RecordKey& key = fields.key_at(place);
  const bool is_alias =
      place < static_cast<int>(n_fields) && alias_fields.contains(static_cast<Field>(place));
  if (is_alias) return {ArrowKernel{}};  // of old records, which come one by one
  if (place < static_cast<int>(n_fields)) {
    kernels.push_back(maker.field_kernel(static_cast<Field>(place), column));
  } else if (key.linked) {
    kernels.push_back(maker.carried_link_kernel(*key.linked, column));
  }
  if (key.carried) kernels.push_back(maker.carried_kernel(*key.carried, column));
  if (!key.tags.empty()) kernels.emplace_back();  // read value by value
  return kernels;
}

}  // namespace fleetstatus
