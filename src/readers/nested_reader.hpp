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

#include "core/configuration.hpp"
#include "core/progress.hpp"
#include "readers/accepts.hpp"
#include "readers/field_table.hpp"
#include "readers/key_table.hpp"
#include "readers/problem.hpp"
#include "readers/scalar.hpp"
#include "readers/text_arena.hpp"
#include "readers/value.hpp"
#include "readers/visit_field.hpp"

namespace fleetstatus {

/// Reads what stands inside of fields: installs, configuration variables, links.
class NestedReader {
 public:
  [[nodiscard]] const KeyTable& keys_of_installs() const noexcept { return install_keys_; }
  [[nodiscard]] const KeyTable& keys_of_variables() const noexcept { return variable_keys_; }
  [[nodiscard]] const KeyTable& keys_of_links() const noexcept { return link_keys_; }

  /// Reads one scalar that may be null.
  template <class T, Value V, class Accepted>
  static Problem assign(std::optional<T>& to, V& value, Accepted /*accepted*/) {
    const auto read = read_as<Accepted>(value);
    to = read.get();
    if (!read.is_accepted) [[unlikely]]
      return make_problem(value.short_form(), Accepted::expected);
    return {};
  }

  /// Null is no problem, anything else is.
  template <Value V>
  static Problem unless_null(V& value, std::string_view expected) {
    return value.scalar().is_null() ? Problem{} : make_problem(value.short_form(), expected);
  }

  /// Adds the installs of a list, or none for null.
  template <Value V>
  Problem read_installs(V& value, std::vector<Install>& installs) const {
    if (!value.is_list()) return unless_null(value, Expected::list);
    Problem first;
    value.for_each_element([&](std::size_t i, V& element) {
      Install install;
      keep_first(first, within(i, read_install(element, install)));
      installs.push_back(install);
    });
    return first;
  }

  // What most sources have little of is read by calls, as in FieldReader.

  /// Adds the installs of an object of lists by service.
  template <Value V>
  [[gnu::noinline]] Problem read_services(V& value, std::vector<Install>& installs) const {
    struct Service {
      std::uint32_t number = 0;
      std::vector<Install> installs;
      Problem problem;
    };
    std::map<std::string, Service, std::less<>> services;
    std::uint32_t n_read = 0;
    value.for_each_member([&](std::string_view name, V& list) {
      Service& service = services[std::string{name}];
      service.number = n_read++;
      service.installs.clear();  // of duplicate names the last counts
      service.problem = within(name, read_installs(list, service.installs));
    });
    Service* first_bad = nullptr;
    for (auto& [name, service] : services) {
      for (Install& install : service.installs) install.service = service.number;
      installs.insert(installs.end(), service.installs.begin(), service.installs.end());
      const bool is_first = first_bad == nullptr || service.number < first_bad->number;
      if (service.problem && is_first) first_bad = &service;
    }
    return first_bad != nullptr ? std::move(first_bad->problem) : Problem{};
  }

  /// Reads the variables that matter, none for null.
  /// @param arena  keeps texts while they are looked at
  template <Value V>
  [[gnu::noinline]] Problem read_variables(V& value, Configuration& configuration,
                                           TextArena& arena) const {
    if (!value.is_list()) return unless_null(value, Expected::list);
    Problem first;
    value.for_each_element([&](std::size_t i, V& element) {
      keep_first(first, within(i, read_variable(element, configuration, arena)));
    });
    return first;
  }

  struct Link {
    std::optional<std::int64_t> id;
    Problem problem;
  };

  /// Reads a link in any of its forms. All listed members of a linked object go to `read_member`,
  /// `__id` and `id` too.
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

  /// Reads a link of which only the id matters.
  template <Value V>
  Link read_plain_link(V& value) const {
    return read_link(value, link_keys_, [](int, V&) { return Problem{}; });
  }

 private:
  static void keep_first(Problem& first, Problem other) {
    if (!first) first = std::move(other);
  }

  template <Value V>
  Problem read_install(V& value, Install& install) const {
    if (!value.is_object()) [[unlikely]] {
      return make_problem(value.short_form(), Expected::object);
    }
    InstallMembers<std::optional> members;
    ProblemSet problems;
    value.for_each_listed(install_keys_, [&](int place, std::string_view key, V& member) {
      problems.note(place, key,
                    members.visit(static_cast<InstallKey>(place), [&](auto& to, auto accepted) {
                      if constexpr (std::is_same_v<decltype(accepted), accepts::Release>) {
                        auto [id, problem] = read_plain_link(member);
                        to = id;
                        return std::move(problem);
                      } else {
                        return assign(to, member, accepted);
                      }
                    }));
    });
    install = to_install(members);
    return problems.take_first();
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
    value.for_each_listed(variable_keys_, [&](int place, std::string_view key, V& member) {
      Text& to = static_cast<VariableKey>(place) == VariableKey::name ? name : setting;
      to.problem = within(key, assign(to.text, member, accepts::Text{}));
      if (to.text && !V::text_is_stable) to.text = arena.keep(*to.text);
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
    value.for_each_listed(keys, [&](int place, std::string_view key, V& member) {
      Problem problem;
      if (place == static_cast<int>(LinkKey::reference)) {
        problem = assign(reference, member, accepts::Integer{});
      } else if (place == static_cast<int>(LinkKey::id)) {
        problem = assign(id, member, accepts::Integer{});
      }
      if (!problem) problem = read_member(place, member);
      problems.note(place, key, std::move(problem));
    });
    return {reference ? reference : id, problems.take_first()};
  }

  KeyTable install_keys_{install_keys};
  KeyTable variable_keys_{variable_keys};
  KeyTable link_keys_{link_keys};
};

}  // namespace fleetstatus
