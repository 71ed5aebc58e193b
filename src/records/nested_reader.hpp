#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/text_arena.hpp"
#include "records/accepts.hpp"
#include "records/field_table.hpp"
#include "records/key_table.hpp"
#include "records/problem.hpp"
#include "records/scalar.hpp"
#include "records/value.hpp"
#include "records/visit_field.hpp"
#include "rules/configuration.hpp"
#include "rules/progress.hpp"

namespace fleetstatus {

/// Reads the values of nested fields: installs, services, configuration variables, tags, links.
class NestedReader {
 public:
  [[nodiscard]] const KeyTable& keys_of_installs() const noexcept { return install_keys_; }
  [[nodiscard]] const KeyTable& keys_of_variables() const noexcept { return variable_keys_; }
  [[nodiscard]] const KeyTable& keys_of_releases() const noexcept { return release_keys_; }

  /// Reads a scalar or null.
  template <class T, Value V, class Accepted>
  static Problem assign(std::optional<T>& to, V& value, Accepted /*accepted*/) {
    const auto read = read_as<Accepted>(value);
    to = read.get();
    if (!read.is_accepted) [[unlikely]]
      return make_problem(value.short_form(), Accepted::expected);
    return {};
  }

  /// No problem if the value is null, else a problem.
  template <Value V>
  static Problem unless_null(V& value, std::string_view expected) {
    return value.scalar().is_null() ? Problem{} : make_problem(value.short_form(), expected);
  }

  /// Appends the installs of a list; none for null.
  /// @param arena  keeps texts whose views do not stay valid by themselves
  template <Value V>
  Problem read_installs(V& value, std::vector<Install>& installs, TextArena& arena) const {
    if (!value.is_list()) return unless_null(value, Expected::list);
    Problem first;
    value.for_each_element([&](std::size_t i, V& element) {
      Install& install = installs.emplace_back();
      keep_first(first, within(i, read_install(element, install, arena)));
    });
    return first;
  }

  // Values that are rare in most sources are read in functions that are not inlined, as in
  // FieldReader.

  /// The installs of a service.
  struct Service {
    std::uint32_t number = 0;  ///< index of the service in the source's order
    std::vector<Install> installs;
    Problem problem;
  };
  using Services = std::map<std::string, Service, std::less<>>;

  /// Appends the installs of an object that has a list for each service.
  template <Value V>
  [[gnu::noinline]] Problem read_services(V& value, std::vector<Install>& installs,
                                          TextArena& arena) const {
    std::uint32_t n_read = 0;
    Services services = services_in(value, n_read, arena);
    Service* first_bad = nullptr;
    add_services(services, installs, first_bad);
    return first_bad != nullptr ? std::move(first_bad->problem) : Problem{};
  }

  /// The same for an object that has such an object for each fleet.
  template <Value V>
  [[gnu::noinline]] Problem read_services_by_app(V& value, std::vector<Install>& installs,
                                                 TextArena& arena) const {
    std::map<std::string, Services, std::less<>> fleets;
    std::uint32_t n_read = 0;
    value.for_each_member([&](std::string_view name, V& of_fleet) {
      Services& services = fleets[std::string{name}];  // the last of duplicate names wins
      services.clear();
      if (of_fleet.is_object()) {
        services = services_in(of_fleet, n_read, arena);
      } else {
        services[""] = {n_read++, {}, unless_null(of_fleet, Expected::services)};
      }
      for (auto& [service_name, service] : services) {
        service.problem = within(name, std::move(service.problem));
      }
    });
    Service* first_bad = nullptr;
    for (auto& [name, services] : fleets) add_services(services, installs, first_bad);
    return first_bad != nullptr ? std::move(first_bad->problem) : Problem{};
  }

  /// Reads the configuration variables that the rules use; none for null.
  /// @param arena  keeps texts whose views do not stay valid by themselves
  template <Value V>
  [[gnu::noinline]] Problem read_variables(V& value, std::optional<Configuration>& configuration,
                                           TextArena& arena) const {
    configuration.reset();
    if (!value.is_list()) return unless_null(value, Expected::list);
    configuration.emplace();
    Problem first;
    value.for_each_element([&](std::size_t i, V& element) {
      keep_first(first, within(i, read_variable(element, *configuration, arena)));
    });
    return first;
  }

  struct Link {
    std::optional<std::int64_t> id;
    Problem problem;
  };

  /// Reads a link in any of its forms. Passes each listed member of a linked object to
  /// `read_member`, including `__id` and `id`.
  template <Value V, class ReadMember>
  static Link read_link(V& value, const KeyTable& keys, ReadMember read_member) {
    if (value.is_object()) return read_linked_object(value, keys, read_member);
    Link link;
    if (!value.is_list()) {
      link.problem = assign(link.id, value, accepts::LinkedId{});
      return link;
    }
    value.for_each_element([&](std::size_t i, V& element) {
      if (i > 0) [[unlikely]] {
        keep_first(link.problem, make_problem("a list of several", Expected::link));
      } else if (element.is_object()) {
        link = read_linked_object(element, keys, read_member);
        link.problem = within(0, std::move(link.problem));
      } else {
        link.problem = within(0, make_problem(element.short_form(), Expected::object));
      }
    });
    return link;
  }

  /// Reads a link to a release.
  template <Value V>
  Problem read_release(V& value, OneRelease& to, TextArena& arena) const {
    to.commit.reset();
    auto [id, problem] = read_link(value, release_keys_, [&](int key_index, V& member) {
      if (static_cast<ReleaseKey>(key_index) != ReleaseKey::commit) return Problem{};
      return read_text(member, to.commit, arena);
    });
    to.id = id;
    return std::move(problem);
  }

  /// Reads a text as a view that is valid until the batch ends.
  template <Value V>
  static Problem read_text(V& value, std::optional<std::string_view>& to, TextArena& arena) {
    Problem problem = assign(to, value, accepts::Text{});
    if (to && !V::text_is_stable) to = arena.keep(*to);
    return problem;
  }

  /// Calls `visit` with the key and the value of each tag.
  template <Value V, class Visit>
  [[gnu::noinline]] Problem read_tags(V& value, TextArena& arena, Visit visit) const {
    if (!value.is_list()) return unless_null(value, Expected::list);
    Problem first;
    value.for_each_element([&](std::size_t i, V& element) {
      if (!element.is_object()) {
        keep_first(first, within(i, make_problem(element.short_form(), Expected::object)));
        return;
      }
      std::optional<std::string_view> key;
      std::optional<std::string_view> text;
      element.for_each_listed(tag_keys_, [&](int key_index, std::string_view name, V& member) {
        auto& to = static_cast<TagKey>(key_index) == TagKey::key ? key : text;
        keep_first(first, within(i, within(name, read_text(member, to, arena))));
      });
      if (key) visit(*key, text);
    });
    return first;
  }

 private:
  /// @param n_read  incremented for each service of the record
  template <Value V>
  Services services_in(V& value, std::uint32_t& n_read, TextArena& arena) const {
    Services services;
    value.for_each_member([&](std::string_view name, V& list) {
      Service& service = services[std::string{name}];
      service.number = n_read++;
      service.installs.clear();  // the last of duplicate names wins
      service.problem = within(name, read_installs(list, service.installs, arena));
    });
    return services;
  }

  /// @param first_bad  set to the first service in the record that has a problem
  static void add_services(Services& services, std::vector<Install>& installs,
                           Service*& first_bad) {
    for (auto& [name, service] : services) {
      for (Install& install : service.installs) install.service = service.number;
      installs.insert(installs.end(), service.installs.begin(), service.installs.end());
      const bool is_first = first_bad == nullptr || service.number < first_bad->number;
      if (service.problem && is_first) first_bad = &service;
    }
  }

  static void keep_first(Problem& first, Problem other) {
    if (!first) first = std::move(other);
  }

  template <Value V>
  Problem read_install(V& value, Install& install, TextArena& arena) const {
    if (!value.is_object()) [[unlikely]] {
      return make_problem(value.short_form(), Expected::object);
    }
    InstallMembers<std::optional> members;
    bool has_link = false;
    ProblemSet problems;
    value.for_each_listed(install_keys_, [&](int key_index, std::string_view key, V& member) {
      const auto install_key = static_cast<InstallKey>(key_index);
      has_link = has_link || install_key == InstallKey::release;
      if (problems.empty() && assign_usual(members, install_key, member)) return;
      problems.note(key_index, key, members.visit(install_key, [&](auto& to, auto accepted) {
        using Accepted = decltype(accepted);
        if constexpr (std::is_same_v<Accepted, accepts::Release>) {
          return read_release(member, to, arena);
        } else if constexpr (std::is_same_v<Accepted, accepts::Text>) {
          return read_text(member, to, arena);
        } else {
          return assign(to, member, accepted);
        }
      }));
    });
    install = to_install(members, has_link);
    return problems.take_first();
  }

  /// Reads a member on a fast path if it has the usual form. Rows of the benchmark: JSON bytes.
  /// @return false if it has another form; then nothing has changed
  template <Value V>
  static bool assign_usual(InstallMembers<std::optional>& members, InstallKey key, V& value) {
    return members.visit(key, [&](auto& to, auto accepted) {
      using Accepted = decltype(accepted);
      if constexpr (ReadsUsual<V, Accepted>) {
        return read_usual_as<Accepted>(
            value, [&](auto read, bool is_set) { is_set ? void(to.emplace(read)) : to.reset(); });
      } else {
        return false;
      }
    });
  }

  template <Value V>
  Problem read_variable(V& value, Configuration& configuration, TextArena& arena) const {
    if (!value.is_object()) [[unlikely]] {
      return make_problem(value.short_form(), Expected::object);
    }
    struct Text {
      std::optional<std::string_view> text;
      Problem problem;
    };
    Text name;
    Text setting;
    value.for_each_listed(variable_keys_, [&](int key_index, std::string_view key, V& member) {
      Text& to = static_cast<VariableKey>(key_index) == VariableKey::name ? name : setting;
      to.problem = within(key, read_text(member, to.text, arena));
    });
    if (!name.text) return std::move(name.problem);
    if (!Configuration::reads(*name.text)) return {};
    if (setting.text) configuration.set(*name.text, *setting.text);
    return std::move(setting.problem);
  }

  template <Value V, class ReadMember>
  static Link read_linked_object(V& value, const KeyTable& keys, ReadMember read_member) {
    std::optional<std::int64_t> reference;
    std::optional<std::int64_t> id;
    ProblemSet problems;
    value.for_each_listed(keys, [&](int key_index, std::string_view key, V& member) {
      Problem problem;
      if (key_index == static_cast<int>(LinkKey::reference)) {
        problem = assign(reference, member, accepts::Integer{});
      } else if (key_index == static_cast<int>(LinkKey::id)) {
        problem = assign(id, member, accepts::Integer{});
      }
      if (!problem) problem = read_member(key_index, member);
      problems.note(key_index, key, std::move(problem));
    });
    return {reference ? reference : id, problems.take_first()};
  }

  KeyTable install_keys_{install_keys};
  KeyTable variable_keys_{variable_keys};
  KeyTable release_keys_{release_keys};
  KeyTable tag_keys_{tag_keys};
};

}  // namespace fleetstatus
