#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/record_columns.hpp"
#include "core/schemes.hpp"
#include "readers/field_table.hpp"
#include "readers/key_table.hpp"
#include "readers/problem.hpp"
#include "readers/scalar.hpp"
#include "readers/text_arena.hpp"

namespace fleetstatus {

enum class OnError : bool { raise, keep };

/// How records are to be read.
struct ReadOptions {
  StatusScheme scheme = StatusScheme::docs_2024_11;
  FieldSet allow_missing;
  OnError on_error = OnError::raise;
  std::vector<std::string> carry;  ///< `field` or `link.field`, in the API's spelling
};

/// What a source had.
struct SeenFields {
  FieldSet fields;
  bool fleet_variables = false;
  bool fleet_release = false;
};

/// Needed fields that no record has, in the order of the field table.
[[nodiscard]] std::vector<Field> missing_fields(const SeenFields& seen, StatusScheme scheme,
                                                FieldSet allow_missing);

/// Read fields that no record has, and what that hides.
[[nodiscard]] std::vector<Gap> gaps(const SeenFields& seen, StatusScheme scheme);

/// A value of a record as a reader sees it. `text_is_stable`: views of its text hold until the
/// batch ends.
template <class V>
concept Value = requires(V value, const KeyTable& keys) {
  { V::text_is_stable } -> std::convertible_to<bool>;
  { value.is_object() } -> std::same_as<bool>;
  { value.is_list() } -> std::same_as<bool>;
  { value.scalar() } -> std::same_as<Scalar>;  // `other` for lists and objects
  { value.short_form() } -> std::same_as<std::string>;
  value.for_each_listed(keys, [](int, std::string_view, V&) {});
  value.for_each_member([](std::string_view, V&) {});
  value.for_each_element([](std::size_t, V&) {});
};

/// Fills columns with records, whatever form they come in: this is where it stands what each field
/// may hold. Readers only tell it what they see.
class RecordBuilder {
 public:
  using Sink = std::function<void(const RecordColumns&)>;

  /// @param sink  takes each batch; its views of text end with the call
  RecordBuilder(const ReadOptions& options, Sink sink);

  /// Adds the next record.
  /// @throws RecordError  if it is bad and the options say so
  template <Value V>
  void add(V& record) {
    if (!record.is_object()) return add_non_object(record.short_form());
    begin_record();
    record.for_each_listed(record_keys_, [&](int place, std::string_view key, V& value) {
      note(static_cast<std::size_t>(place), within(key, read(place, value)));
    });
    end_record();
  }

  /// Adds a record that is not an object.
  void add_non_object(const std::string& short_form);

  /// Drops what the record at hand has left behind; its reader has thrown.
  void abandon_record();

  /// Adds a record in place of a line that is not JSON.
  void add_lost_line(const JsonError& error);

  /// Hands the records so far on. Views of text may end after it.
  void flush();

  /// Ends the source.
  /// @throws MissingFieldsError, and RecordError if a record lacks a link that others have
  void finish();

  [[nodiscard]] std::size_t n_records() const noexcept { return first_of_batch_ + row_; }
  [[nodiscard]] const SeenFields& seen() const noexcept { return seen_; }
  [[nodiscard]] TextArena& arena() noexcept { return arena_; }
  [[nodiscard]] OnError on_error() const noexcept { return options_.on_error; }

  /// Whether `key` in a record is one that is read; tells a record from an envelope.
  [[nodiscard]] bool is_listed(std::string_view key) const noexcept {
    return record_keys_.find(key) != KeyTable::not_listed;
  }

 private:
  static constexpr std::size_t batch_size = 4096;
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  /// The column that a value is carried into, if it is.
  using Carried = std::optional<std::size_t>;

  /// Keys inside of a link: those that the rules read, then the carried ones.
  struct LinkKeys {
    KeyTable keys;
    std::size_t n_own = 0;
    std::vector<Carried> carried;  ///< by place
  };

  /// A key of the record: what is carried from it, and from behind it if it is a link.
  struct RecordKey {
    Carried carried;
    std::unique_ptr<LinkKeys> linked;
  };

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

  void begin_record();
  void end_record();
  void check_link(Field link, bool has_value, std::string_view expected);
  void note(std::size_t place, Problem problem);
  void report_problems();
  void forget_problems();
  void forget_fleet();
  void forget_carried(const LinkKeys& keys);
  void add_carry(const std::string& name, std::size_t column);
  [[nodiscard]] RecordError record_error(std::size_t place, const ProblemData& problem) const;
  [[nodiscard]] Problem problem(std::string value, std::string_view expected) {
    return std::make_unique<ProblemData>(
        ProblemData{{}, std::move(value), expected, n_problems_++});
  }

  template <Value V>
  Problem read(int place, V& value) {
    const auto at = static_cast<std::size_t>(place);
    const RecordKey& key = keys_[at];
    Problem problem;
    if (at < n_fields) {
      const auto field = static_cast<Field>(place);
      seen_.fields.insert(field);
      keys_of_record_.insert(field);
      problem = read_field(field, value);
    } else if (key.linked) {
      problem = read_link(value, *key.linked, no_members<V>).problem;
    }
    if (key.carried && !problem) problem = read_carried(*key.carried, value);
    return problem;
  }

  template <Value V>
  Problem read_field(Field field, V& value) {
    RecordColumns& to = columns_;
    switch (field) {
      case Field::id: return store(to.id, value, to_integer, Expected::integer);
      case Field::uuid: return store_text(to.uuid, value);
      case Field::device_name: return store_text(to.device_name, value);
      case Field::is_active: return store_flag(to.is_active, value);
      case Field::is_frozen: return store_flag(to.is_frozen, value);
      case Field::is_connected_to_vpn: return store_flag(to.is_connected_to_vpn, value);
      case Field::is_online: return store_flag(to.is_online, value);
      case Field::api_heartbeat_state:
        return store(to.heartbeat_state, value, to_heartbeat_state, Expected::heartbeat);
      case Field::last_connectivity_event: return store_time(to.last_connectivity_event, value);
      case Field::last_vpn_event: return store_time(to.last_vpn_event, value);
      case Field::changed_api_heartbeat_state_on__date:
        return store_time(to.heartbeat_changed, value);
      case Field::provisioning_state: return store_text(to.provisioning_state, value);
      case Field::provisioning_progress:
        return store(to.provisioning_progress, value, to_integer32, Expected::integer32);
      case Field::download_progress:
        return store(to.download_progress, value, to_integer32, Expected::integer32);
      case Field::status: return store(to.status, value, to_reported_status, Expected::text);
      case Field::image_install: return read_image_install(value);
      case Field::current_services: return read_current_services(value);
      case Field::device_config_variable:
        return read_variables(columns_.device_configuration, value);
      case Field::belongs_to__application: return read_fleet(value);
      case Field::is_pinned_on__release:
        return read_release(to.pinned_release, value, link_keys_of(field));
      case Field::should_be_running__release:
        return read_release(to.device_release, value, link_keys_of(field));
      case Field::update_status:
        return store(to.update_status, value, to_update_status, Expected::update_status);
      case Field::last_update_status_event: return store_time(to.last_update_status_event, value);
      case Field::supervisor_version:
        return store(to.update_status_support, value, to_support, Expected::text);
      case Field::overall_status: return store_text(to.overall_status, value);
    }
    return {};
  }

  template <class T, Value V, class Convert>
  Problem store(OptionalColumn<T>& column, V& value, Convert convert, std::string_view expected) {
    column.reset(row_);
    const Scalar scalar = value.scalar();
    if (scalar.is_null()) return {};
    if (const auto converted = convert(scalar)) {
      column.set(row_, *converted);
      return {};
    }
    return problem(value.short_form(), expected);
  }

  template <Value V>
  Problem store_flag(OptionalColumn<bool>& column, V& value) {
    return store(column, value, to_boolean, Expected::boolean);
  }

  template <Value V>
  Problem store_time(OptionalColumn<Timestamp>& column, V& value) {
    return store(column, value, to_timestamp, Expected::timestamp);
  }

  template <Value V>
  Problem store_text(OptionalColumn<std::string_view>& column, V& value) {
    const auto keep = [&](const Scalar& scalar) {
      auto text = to_text(scalar);
      if (text && !V::text_is_stable) text = arena_.keep(*text);
      return text;
    };
    return store(column, value, keep, Expected::text);
  }

  template <Value V>
  Problem read_carried(std::size_t column, V& value) {
    const auto keep = [&](const Scalar& scalar) { return as_carried_text(scalar); };
    return store(columns_.carried[column], value, keep, Expected::scalar);
  }

  /// Checks one optional value inside of a nested field.
  template <class T, Value V, class Convert>
  Problem assign(std::optional<T>& to, V& value, Convert convert, std::string_view expected) {
    const Scalar scalar = value.scalar();
    to = std::nullopt;
    if (scalar.is_null()) return {};
    to = convert(scalar);
    return to ? Problem{} : problem(value.short_form(), expected);
  }

  template <Value V>
  Problem read_image_install(V& value) {
    columns_.image_install.reset(row_);
    if (!value.is_list()) return unless_null(value, Expected::list);
    auto& list = columns_.image_install.begin();
    Problem problem = read_installs(value, list, 0);
    columns_.image_install.end(row_);
    return problem;
  }

  template <Value V>
  Problem read_current_services(V& value) {
    columns_.current_services.reset(row_);
    if (!value.is_object()) return unless_null(value, Expected::services);
    auto& list = columns_.current_services.begin();
    struct Service {
      std::uint32_t number = 0;
      Problem problem = {};
    };
    std::map<std::string, Service, std::less<>> services;
    std::uint32_t n_services = 0;
    const std::size_t start = list.size();
    value.for_each_member([&](std::string_view name, V& installs) {
      Service& service = services[std::string{name}];
      if (service.number != 0) drop_service(list, start, service.number);
      service.number = ++n_services;
      service.problem = within(name, read_installs(installs, list, service.number));
    });
    columns_.current_services.end(row_);
    Problem first;
    for (auto& [name, service] : services) keep_first(first, std::move(service.problem));
    return first;
  }

  template <Value V>
  Problem read_installs(V& value, std::vector<Install>& list, std::uint32_t service) {
    if (!value.is_list()) return unless_null(value, Expected::list);
    Problem first;
    value.for_each_element([&](std::size_t i, V& element) {
      Install install;
      install.service = service;
      keep_first(first, within(std::to_string(i), read_install(element, install)));
      list.push_back(install);
    });
    return first;
  }

  template <Value V>
  Problem read_install(V& value, Install& install) {
    if (!value.is_object()) return problem(value.short_form(), Expected::object);
    std::array<Problem, install_keys.size()> problems;
    value.for_each_listed(install_keys_, [&](int place, std::string_view key, V& member) {
      auto& problem = problems[static_cast<std::size_t>(place)];
      problem = within(key, read_install_member(static_cast<InstallKey>(place), member, install));
    });
    return first_of(problems);
  }

  template <Value V>
  Problem read_install_member(InstallKey key, V& member, Install& install) {
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
        auto [id, problem] = read_link(member, plain_link_keys_, no_members<V>);
        install.release = id;
        return std::move(problem);
      }
    }
    return {};
  }

  template <Value V>
  Problem read_variables(OptionalColumn<Configuration>& column, V& value) {
    column.reset(row_);
    if (!value.is_list()) return unless_null(value, Expected::list);
    Configuration configuration;
    Problem first;
    value.for_each_element([&](std::size_t i, V& element) {
      keep_first(first, within(std::to_string(i), read_variable(element, configuration)));
    });
    column.set(row_, configuration);
    return first;
  }

  template <Value V>
  Problem read_variable(V& value, Configuration& configuration) {
    if (!value.is_object()) return problem(value.short_form(), Expected::object);
    std::array<std::optional<std::string_view>, variable_keys.size()> texts;
    std::array<Problem, variable_keys.size()> problems;
    value.for_each_listed(variable_keys_, [&](int place, std::string_view key, V& member) {
      const auto at = static_cast<std::size_t>(place);
      problems[at] = within(key, assign(texts[at], member, to_text, Expected::text));
      if (texts[at] && !V::text_is_stable) texts[at] = arena_.keep(*texts[at]);
    });
    const auto& [name, setting] = texts;
    if (!name) return std::move(problems[0]);
    if (!Configuration::reads(*name)) return {};
    if (setting) configuration.set(*name, *setting);
    return std::move(problems[1]);
  }

  template <Value V>
  Problem read_fleet(V& value) {
    forget_fleet();
    auto [id, problem] =
        read_link(value, link_keys_of(Field::belongs_to__application), [&](int place, V& member) {
          return read_fleet_member(static_cast<FleetKey>(place), member);
        });
    if (id) columns_.fleet_id.set(row_, *id);
    if (problem) forget_fleet();
    return std::move(problem);
  }

  template <Value V>
  Problem read_fleet_member(FleetKey key, V& member) {
    switch (key) {
      case FleetKey::slug: return store_text(columns_.fleet_slug, member);
      case FleetKey::app_name: return store_text(columns_.fleet_app_name, member);
      case FleetKey::release:
        seen_.fleet_release = true;
        return read_release(columns_.fleet_release, member, plain_link_keys_);
      case FleetKey::variables:
        seen_.fleet_variables = true;
        return read_variables(columns_.fleet_configuration, member);
      default: return {};
    }
  }

  template <Value V>
  Problem read_release(OptionalColumn<std::int64_t>& column, V& value, const LinkKeys& keys) {
    column.reset(row_);
    auto [id, problem] = read_link(value, keys, no_members<V>);
    if (id) column.set(row_, *id);
    return std::move(problem);
  }

  struct Link {
    std::optional<std::int64_t> id;
    Problem problem;
  };

  template <Value V>
  static Problem no_members(int, V&) {
    return {};
  }

  /// Reads a link in any of its forms; the members of a linked object beyond its id go to
  /// `read_member`.
  template <Value V, class ReadMember>
  Link read_link(V& value, const LinkKeys& keys, ReadMember read_member) {
    forget_carried(keys);
    Link link = read_any_link(value, keys, read_member);
    if (link.problem) {
      forget_carried(keys);
      link.id = std::nullopt;
    }
    return link;
  }

  template <Value V, class ReadMember>
  Link read_any_link(V& value, const LinkKeys& keys, ReadMember read_member) {
    if (value.is_object()) return read_linked_object(value, keys, read_member);
    Link link;
    if (!value.is_list()) {
      link.problem = assign(link.id, value, to_integer, Expected::link);
      return link;
    }
    value.for_each_element([&](std::size_t i, V& element) {
      if (i > 0) {
        keep_first(link.problem, problem("a list of several", Expected::link));
      } else if (element.is_object()) {
        link = read_linked_object(element, keys, read_member);
        link.problem = within("0", std::move(link.problem));
      } else {
        link.problem = within("0", problem(element.short_form(), Expected::object));
      }
    });
    return link;
  }

  template <Value V, class ReadMember>
  Link read_linked_object(V& value, const LinkKeys& keys, ReadMember read_member) {
    std::array<std::optional<std::int64_t>, link_keys.size()> ids;
    std::array<Problem, fleet_keys.size()> problems;
    std::vector<Problem> problems_of_carried(keys.carried.size());
    value.for_each_listed(keys.keys, [&](int place, std::string_view key, V& member) {
      const auto at = static_cast<std::size_t>(place);
      if (at < keys.n_own) {
        problems[at] =
            within(key, at < ids.size() ? assign(ids[at], member, to_integer, Expected::integer)
                                        : read_member(place, member));
      }
      if (at < keys.carried.size() && keys.carried[at]) {
        problems_of_carried[at] = within(key, read_carried(*keys.carried[at], member));
      }
    });
    Problem first = first_of(problems);
    keep_first(first, first_of(problems_of_carried));
    return {ids[0] ? ids[0] : ids[1], std::move(first)};
  }

  template <Value V>
  Problem unless_null(V& value, std::string_view expected) {
    return value.scalar().is_null() ? Problem{} : problem(value.short_form(), expected);
  }

  static void keep_first(Problem& first, Problem other) {
    if (other && (!first || other->order < first->order)) first = std::move(other);
  }

  template <class Problems>
  static Problem first_of(Problems& problems) {
    Problem first;
    for (Problem& problem : problems) keep_first(first, std::move(problem));
    return first;
  }

  [[nodiscard]] const LinkKeys& link_keys_of(Field field) const {
    return *keys_[static_cast<std::size_t>(field)].linked;
  }

  static void drop_service(std::vector<Install>& installs, std::size_t first,
                           std::uint32_t service);
  static std::optional<HeartbeatState> to_heartbeat_state(const Scalar& scalar) noexcept;
  static std::optional<UpdateStatus> to_update_status(const Scalar& scalar) noexcept;
  static std::optional<ReportedStatus> to_reported_status(const Scalar& scalar) noexcept;
  static std::optional<InstallStatus> to_install_status(const Scalar& scalar) noexcept;
  static std::optional<UpdateStatusSupport> to_support(const Scalar& scalar) noexcept;
  std::optional<std::string_view> as_carried_text(const Scalar& scalar);

  ReadOptions options_;
  Sink sink_;
  RecordColumns columns_;
  TextArena arena_;
  KeyTable record_keys_;
  KeyTable install_keys_{install_keys};
  KeyTable variable_keys_{variable_keys};
  LinkKeys plain_link_keys_;
  std::vector<RecordKey> keys_;  ///< by place in `record_keys_`: the fields, then the carried

  std::size_t first_of_batch_ = 0;
  std::size_t row_ = 0;
  FieldSet keys_of_record_;
  std::vector<Problem> problems_;  ///< of the record at hand, by place
  bool has_problems_ = false;
  std::uint32_t n_problems_ = 0;

  SeenFields seen_;
  std::size_t first_object_ = none;
  std::optional<RecordError> lacks_cloudlink_;  ///< the first record that does
  std::optional<RecordError> lacks_heartbeat_;
};

}  // namespace fleetstatus
