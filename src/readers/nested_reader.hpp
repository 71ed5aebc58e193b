#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/configuration.hpp"
#include "core/progress.hpp"
#include "readers/field_table.hpp"
#include "readers/key_table.hpp"
#include "readers/problem.hpp"
#include "readers/scalar.hpp"
#include "readers/text_arena.hpp"
#include "readers/value.hpp"

namespace fleetstatus {

/// What a value should have been, for messages.
struct Expected {
  static constexpr std::string_view integer = "a whole number of 64 bits";
  static constexpr std::string_view integer32 = "a whole number of 32 bits";
  static constexpr std::string_view boolean = "true or false";
  static constexpr std::string_view text = "text";
  static constexpr std::string_view scalar = "text, a number, true, false or null";
  static constexpr std::string_view timestamp = "an RFC 3339 time with a zone";
  static constexpr std::string_view heartbeat = "online, timeout, offline or unknown";
  static constexpr std::string_view update_status =
      "done, downloading, downloaded, applying changes, rejected or aborted";
  static constexpr std::string_view object = "an object";
  static constexpr std::string_view list = "a list";
  static constexpr std::string_view services = "an object of lists";
  static constexpr std::string_view link = "a link: an id, an object, or a list of at most one";
};

/// Reads what stands inside of fields: installs, configuration variables, links.
class NestedReader {
 public:
  /// Reads one scalar that may be null.
  template <class T, Value V, class Convert>
  static Problem assign(std::optional<T>& to, V& value, Convert convert,
                        std::string_view expected) {
    const Scalar scalar = value.scalar();
    to = std::nullopt;
    if (scalar.is_null()) return {};
    to = convert(scalar);
    return to ? Problem{} : make_problem(value.short_form(), expected);
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

  /// Adds the installs of an object of lists by service.
  template <Value V>
  Problem read_services(V& value, std::vector<Install>& installs) const {
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
  Problem read_variables(V& value, Configuration& configuration, TextArena& arena) const {
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
      link.problem = assign(link.id, value, to_integer, Expected::link);
      return link;
    }
    value.for_each_element([&](std::size_t i, V& element) {
      if (i > 0) {
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

  static std::optional<InstallStatus> to_install_status(const Scalar& scalar) noexcept;

  template <Value V>
  Problem read_install(V& value, Install& install) const {
    if (!value.is_object()) return make_problem(value.short_form(), Expected::object);
    ProblemSet problems;
    value.for_each_listed(install_keys_, [&](int place, std::string_view key, V& member) {
      const auto install_key = static_cast<InstallKey>(place);
      problems.note(place, key, read_install_member(install_key, member, install));
    });
    return problems.take_first();
  }

  template <Value V>
  Problem read_install_member(InstallKey key, V& member, Install& install) const {
    switch (key) {
      case InstallKey::id: {
        std::optional<std::int64_t> id;
        Problem problem = assign(id, member, to_integer, Expected::integer);
        install.id = id.value_or(0);
        return problem;
      }
      case InstallKey::status: {
        std::optional<InstallStatus> status;
        Problem problem = assign(status, member, to_install_status, Expected::text);
        install.status = status.value_or(InstallStatus::other);
        return problem;
      }
      case InstallKey::download_progress:
        return assign(install.progress, member, to_integer32, Expected::integer32);
      case InstallKey::release: {
        auto [id, problem] = read_plain_link(member);
        install.release = id;
        return std::move(problem);
      }
    }
    return {};
  }

  template <Value V>
  Problem read_variable(V& value, Configuration& configuration, TextArena& arena) const {
    if (!value.is_object()) return make_problem(value.short_form(), Expected::object);
    struct Text {
      std::optional<std::string_view> text;
      Problem problem;
    };
    Text name;
    Text setting;
    value.for_each_listed(variable_keys_, [&](int place, std::string_view key, V& member) {
      Text& to = static_cast<VariableKey>(place) == VariableKey::name ? name : setting;
      to.problem = within(key, assign(to.text, member, to_text, Expected::text));
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
        problem = assign(reference, member, to_integer, Expected::integer);
      } else if (place == static_cast<int>(LinkKey::id)) {
        problem = assign(id, member, to_integer, Expected::integer);
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
