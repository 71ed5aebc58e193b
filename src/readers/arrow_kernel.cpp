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
      if constexpr (std::is_same_v<decltype(accepted), accepts::Release>) {
        return link_kernel(column, to, *fields_->key_at(static_cast<int>(field)).linked,
                           [](auto&) {});
      } else {
        return kernel(column, to, accepted);
      }
    });
  }

  /// Texts are carried as they are; what else may be carried is written out value by value.
  ArrowKernel carried_kernel(std::size_t carried, const ArrowColumn& column) {
    return kernel(column, fields_->columns().carried[carried], accepts::Text{});
  }

  /// A link of which only what stands behind it is carried.
  ArrowKernel carried_link_kernel(const FieldReader::LinkKeys& keys, const ArrowColumn& column) {
    const auto id = std::make_shared<LoneColumn<std::int64_t>>();
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
    return kernel_of(installs);
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

  /// A release inside of something else: only its id is read.
  ArrowKernel kernel(const ArrowColumn& column, OptionalColumn<std::int64_t>& to,
                     accepts::Release /*accepted*/) {
    return kernel_of(std::make_shared<ArrowLinkKernel>(column, nested_->keys_of_links(), to));
  }

  ArrowKernel kernel(const ArrowColumn& column, OptionalColumn<std::int64_t>& to,
                     accepts::Fleet /*accepted*/) {
    const auto& keys = *fields_->key_at(static_cast<int>(Field::belongs_to__application)).linked;
    return link_kernel(column, to, keys, [&](ArrowLinkKernel& link) {
      for (std::size_t place = link_keys.size(); place < fleet_keys.size(); ++place) {
        add_fleet_member(link, static_cast<FleetKey>(place));
      }
    });
  }

  void add_fleet_member(ArrowLinkKernel& link, FleetKey key) {
    visit_fleet_member(key, fields_->columns(), [&](auto& cells, auto accepted) {
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
      link->add(
          static_cast<int>(place), fields_->columns().carried[*keys.carried[place]],
          [&](const ArrowColumn& member) { return carried_kernel(*keys.carried[place], member); });
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
  if (place < static_cast<int>(n_fields)) {
    kernels.push_back(maker.field_kernel(static_cast<Field>(place), column));
  } else if (key.linked) {
    kernels.push_back(maker.carried_link_kernel(*key.linked, column));
  }
  if (key.carried) kernels.push_back(maker.carried_kernel(*key.carried, column));
  return kernels;
}

}  // namespace fleetstatus
