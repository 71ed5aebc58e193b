#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/record_columns.hpp"
#include "readers/field_table.hpp"
#include "readers/key_table.hpp"
#include "readers/missing_fields.hpp"
#include "readers/nested_reader.hpp"
#include "readers/problem.hpp"
#include "readers/scalar.hpp"
#include "readers/text_arena.hpp"
#include "readers/value.hpp"

namespace fleetstatus {

/// Reads the fields of one record at a time into a batch of columns: this is where it stands what
/// each field may hold.
class FieldReader {
 public:
  /// @param carry  further fields to keep as text, `field` or `link.field`
  explicit FieldReader(const std::vector<std::string>& carry);

  /// Keys of a record that are read. The first places are the fields', then come carried ones.
  [[nodiscard]] const KeyTable& keys() const noexcept { return record_keys_; }

  /// Name of the key at a place, in the API's spelling.
  [[nodiscard]] const std::string& name_of(int place) const noexcept {
    return keys_[static_cast<std::size_t>(place)].name;
  }

  [[nodiscard]] RecordColumns& columns() noexcept { return columns_; }
  [[nodiscard]] TextArena& arena() noexcept { return arena_; }
  [[nodiscard]] const SeenFields& seen() const noexcept { return seen_; }

  /// Whether what stands at `place` is a list or an object.
  [[nodiscard]] bool is_nested(int place) const noexcept;

  /// Notes that the records have a field, whose values are not read here.
  void note_field(Field field) noexcept { seen_.fields.insert(field); }

  /// Notes what was seen in other records.
  void note_seen(const SeenFields& seen) noexcept {
    seen_.insert(seen);
    kept_seen_ = seen_;
  }

  /// Gives the record at hand what the value of the key at `place` of another one came to.
  void copy(int place, std::size_t from);

  /// Turns to the record of that number in the batch.
  void turn_to(std::size_t record) {
    columns_.make_room(record + 1);
    row_ = record;
  }

  /// Ends the record at hand: what was seen in it counts.
  void keep_seen() noexcept { kept_seen_ = seen_; }

  /// Forgets what was seen in the record at hand.
  void forget_seen() noexcept { seen_ = kept_seen_; }

  /// Reads the value of the key at `place`.
  template <Value V>
  [[nodiscard]] Problem read(int place, V& value) {
    const auto at = static_cast<std::size_t>(place);
    const RecordKey& key = keys_[at];
    Problem problem;
    if (at < n_fields) {
      const auto field = static_cast<Field>(place);
      seen_.fields.insert(field);
      problem = read_field(field, value);
    } else if (key.linked) {
      problem = read_link(value, *key.linked).problem;
    }
    if (key.carried && !problem) problem = read_carried(*key.carried, value);
    return problem;
  }

 private:
  /// The column that a value is carried into, if it is.
  using Carried = std::optional<std::size_t>;

  /// Keys inside of a link: `__id` and `id`, others that the rules read, then carried ones.
  struct LinkKeys {
    KeyTable keys;
    std::vector<Carried> carried;  ///< by place
  };

  /// A key of the record: what is carried from it, and from behind it if it is a link.
  struct RecordKey {
    std::string name;
    Carried carried;
    std::unique_ptr<LinkKeys> linked;
  };

  void forget_fleet();
  void forget_carried(const LinkKeys& keys);
  void add_carry(const std::string& name, std::size_t column);

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
      case Field::is_pinned_on__release: return read_release(to.pinned_release, value, field);
      case Field::should_be_running__release: return read_release(to.device_release, value, field);
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
    return make_problem(value.short_form(), expected);
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
    columns_.carried[column].reset(row_);
    if (value.scalar().is_null()) return {};
    const auto text = value.plain_text();
    if (!text) return make_problem(value.short_form(), Expected::scalar);
    columns_.carried[column].set(row_, arena_.keep(*text));
    return {};
  }

  template <Value V>
  Problem read_image_install(V& value) {
    columns_.image_install.reset(row_);
    if (!value.is_list()) return NestedReader::unless_null(value, Expected::list);
    Problem problem = nested_.read_installs(value, columns_.image_install.begin());
    columns_.image_install.end(row_);
    return problem;
  }

  template <Value V>
  Problem read_current_services(V& value) {
    columns_.current_services.reset(row_);
    if (!value.is_object()) return NestedReader::unless_null(value, Expected::services);
    Problem problem = nested_.read_services(value, columns_.current_services.begin());
    columns_.current_services.end(row_);
    return problem;
  }

  template <Value V>
  Problem read_variables(OptionalColumn<Configuration>& column, V& value) {
    Configuration configuration;
    Problem problem = nested_.read_variables(value, configuration, arena_);
    column.set(row_, configuration);
    return problem;
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
        return store_id(columns_.fleet_release, nested_.read_plain_link(member));
      case FleetKey::variables:
        seen_.fleet_variables = true;
        return read_variables(columns_.fleet_configuration, member);
      default: return {};
    }
  }

  template <Value V>
  Problem read_release(OptionalColumn<std::int64_t>& column, V& value, Field field) {
    return store_id(column, read_link(value, link_keys_of(field)));
  }

  Problem store_id(OptionalColumn<std::int64_t>& column, NestedReader::Link link) {
    column.reset(row_);
    if (link.id) column.set(row_, *link.id);
    return std::move(link.problem);
  }

  template <Value V>
  NestedReader::Link read_link(V& value, const LinkKeys& keys) {
    return read_link(value, keys, [](int, V&) { return Problem{}; });
  }

  /// Reads a link, and carries from behind it what is to be carried.
  template <Value V, class ReadMember>
  NestedReader::Link read_link(V& value, const LinkKeys& keys, ReadMember read_member) {
    forget_carried(keys);
    auto link = NestedReader::read_link(value, keys.keys, [&](int place, V& member) {
      const auto at = static_cast<std::size_t>(place);
      Problem problem = read_member(place, member);
      const Carried column = at < keys.carried.size() ? keys.carried[at] : Carried{};
      if (column && !problem) problem = read_carried(*column, member);
      return problem;
    });
    if (link.problem) {
      forget_carried(keys);
      link.id = std::nullopt;
    }
    return link;
  }

  [[nodiscard]] const LinkKeys& link_keys_of(Field field) const {
    return *keys_[static_cast<std::size_t>(field)].linked;
  }

  static std::optional<HeartbeatState> to_heartbeat_state(const Scalar& scalar) noexcept;
  static std::optional<UpdateStatus> to_update_status(const Scalar& scalar) noexcept;
  static std::optional<ReportedStatus> to_reported_status(const Scalar& scalar) noexcept;
  static std::optional<UpdateStatusSupport> to_support(const Scalar& scalar) noexcept;

  RecordColumns columns_;
  TextArena arena_;
  SeenFields seen_;
  SeenFields kept_seen_;  ///< without the record at hand
  NestedReader nested_;
  KeyTable record_keys_;
  std::vector<RecordKey> keys_;  ///< by place in `record_keys_`
  std::size_t row_ = 0;
};

}  // namespace fleetstatus
