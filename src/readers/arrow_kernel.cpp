#include "readers/arrow_kernel.hpp"

#include <memory>
#include <utility>

#include "readers/arrow_nested_kernel.hpp"
#include "readers/arrow_scalar_kernel.hpp"
#include "readers/visit_field.hpp"

namespace fleetstatus {
namespace {

/// A kernel that fills what it holds, and so must not move. Empty if there is something that it
/// cannot read.
template <class Kernel>
ArrowKernel kernel_of(std::shared_ptr<Kernel> kernel) {
  if (!kernel->is_readable()) return {};
  return [kernel = std::move(kernel)](ArrowRows rows) { return (*kernel)(rows); };
}

/// Makes kernels for columns, by what the cells accept that they are read into.
class KernelMaker {
 public:
  explicit KernelMaker(FieldReader& fields) : fields_(&fields), nested_(&fields.nested()) {}

  ArrowKernel field_kernel(Field field, const ArrowColumn& column) {
    return visit_field(field, fields_->columns(), [&](auto& to, auto accepted) {
      using Accepted = decltype(accepted);
      if constexpr (std::is_same_v<Accepted, accepts::Release> ||
                    std::is_same_v<Accepted, accepts::Running>) {
        const auto& keys = *fields_->key_at(static_cast<int>(field)).linked;
        return link_kernel(column, to.id, keys,
                           [&](ArrowLinkKernel& link) { add_release_members(link, to); });
      } else if constexpr (std::is_same_v<Accepted, accepts::Fleet>) {
        return fleet_kernel(field, column, to);
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
    const auto id = std::make_shared<OptionalColumn<std::int64_t>>();
    const ArrowKernel kernel = link_kernel(column, *id, keys, [](auto&) {});
    if (!kernel) return {};
    return [id, kernel](ArrowRows rows) {
      id->resize(rows.n);
      return kernel(rows);
    };
  }

 private:
  template <class T, class Accepted>
  ArrowKernel kernel(const ArrowColumn& column, OptionalColumn<T>& to, Accepted /*accepted*/) {
    return scalar_kernel<Accepted>(column, to);
  }

  ArrowKernel kernel(const ArrowColumn& column, InstallColumn& to, accepts::Installs /*accepted*/) {
    if (!ArrowLists::are_in(column)) return {};
    const auto installs =
        std::make_shared<ArrowInstallsKernel>(column, nested_->keys_of_installs(), to);
    for (std::size_t place = 0; place < install_keys.size(); ++place) {
      installs->add(static_cast<InstallKey>(place),
                    [&](const ArrowColumn& member, auto& cells, auto accepted) {
                      return kernel(member, cells, accepted);
                    });
    }
    const ArrowKernel read = kernel_of(installs);
    if (!read) return {};
    return [fields = fields_, installs, read](ArrowRows rows) {
      if (!read(rows)) return false;
      if (installs->lacks_release()) fields->note_install_without_release();
      return true;
    };
  }

  ArrowKernel kernel(const ArrowColumn& /*column*/, InstallColumn& /*to*/,
                     accepts::ServicesByApp /*accepted*/) {
    return {};
  }

  ArrowKernel kernel(const ArrowColumn& /*column*/, InstallColumn& /*to*/,
                     accepts::Services /*accepted*/) {
    return {};  // of old SDK objects, which come one by one
  }

  ArrowKernel kernel(const ArrowColumn& column, OptionalColumn<Configuration>& to,
                     accepts::Variables /*accepted*/) {
    if (!ArrowLists::are_in(column)) return {};
    return kernel_of(
        std::make_shared<ArrowVariablesKernel>(column, nested_->keys_of_variables(), to));
  }

  /// A release inside of something else.
  ArrowKernel kernel(const ArrowColumn& column, ReleaseColumns& to, accepts::Release /*accepted*/) {
    const auto link = std::make_shared<ArrowLinkKernel>(column, nested_->keys_of_releases(), to.id);
    add_release_members(*link, to);
    return kernel_of(link);
  }

  void add_release_members(ArrowLinkKernel& link, ReleaseColumns& to) {
    add_text(link, ReleaseKey::commit, to.commit);
  }

  void add_release_members(ArrowLinkKernel& link, RunningReleaseColumns& to) {
    add_text(link, ReleaseKey::commit, to.commit);
    add_text(link, ReleaseKey::raw_version, to.raw_version);
  }

  void add_text(ArrowLinkKernel& link, ReleaseKey key, OptionalColumn<std::string_view>& to) {
    link.add(static_cast<int>(key), to,
             [&](const ArrowColumn& member) { return kernel(member, to, accepts::Text{}); });
  }

  ArrowKernel fleet_kernel(Field field, const ArrowColumn& column, FleetColumns& to) {
    const auto& keys = *fields_->key_at(static_cast<int>(field)).linked;
    return link_kernel(column, to.id, keys, [&](ArrowLinkKernel& link) {
      for (std::size_t place = link_keys.size(); place < fleet_keys.size(); ++place) {
        add_fleet_member(link, static_cast<FleetKey>(place), to);
      }
    });
  }

  void add_fleet_member(ArrowLinkKernel& link, FleetKey key, FleetColumns& to) {
    visit_fleet_member(key, to, [&](auto& cells, auto accepted) {
      link.add(static_cast<int>(key), cells, [&](const ArrowColumn& member) {
        return noting(key, kernel(member, cells, accepted));
      });
    });
  }

  /// Also notes that there is a fleet that has the member.
  ArrowKernel noting(FleetKey key, ArrowKernel read) {
    if (!read) return {};
    return [fields = fields_, key, read = std::move(read)](ArrowRows rows) {
      if (rows.wanted == nullptr ? rows.n > 0 : any({rows.wanted, rows.n})) {
        fields->note_fleet_member(key);
      }
      return read(rows);
    };
  }

  /// @param add_members  adds what the rules read behind the link, but for its id
  template <class AddMembers>
  ArrowKernel link_kernel(const ArrowColumn& column, OptionalColumn<std::int64_t>& id,
                          const FieldReader::LinkKeys& keys, AddMembers add_members) {
    const auto link = std::make_shared<ArrowLinkKernel>(column, keys.keys, id);
    add_members(*link);
    for (std::size_t place = 0; place < keys.carried.size(); ++place) {
      if (!keys.carried[place]) continue;
      const std::size_t carried = *keys.carried[place];
      std::visit(
          [&](auto& to) {
            link->add(static_cast<int>(place), to,
                      [&](const ArrowColumn& member) { return carried_kernel(carried, member); });
          },
          fields_->columns().carried[carried]);
    }
    return kernel_of(link);
  }

  FieldReader* fields_;
  const NestedReader* nested_;
};

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
