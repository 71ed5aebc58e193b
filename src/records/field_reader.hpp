#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/text_arena.hpp"
#include "records/accepts.hpp"
#include "records/field_table.hpp"
#include "records/key_table.hpp"
#include "records/known_fleets.hpp"
#include "records/missing_fields.hpp"
#include "records/nested_reader.hpp"
#include "records/problem.hpp"
#include "records/record_columns.hpp"
#include "records/scalar.hpp"
#include "records/value.hpp"
#include "records/visit_field.hpp"

namespace fleetstatus {

/// A further field to keep as a column.
struct CarriedField {
  std::string name;  ///< `field`, `link.field` or `tag:KEY`, in the API's spelling
  CarriedType type = CarriedType::text;
  bool may_be_missing = false;  ///< no error if no record has it
};

/// Reads the fields of records into the columns of a batch, one record at a time.
class FieldReader {
 public:
  /// The column that a value is carried into, if it is.
  using Carried = std::optional<std::size_t>;

  /// Keys of a linked object: `__id` and `id`, others that the rules read, then carried ones.
  struct LinkKeys {
    KeyTable keys;
    std::vector<Carried> carried;  ///< by key index
  };

  /// The tags that are carried, each with its column.
  using Tags = std::vector<std::pair<std::string, std::size_t>>;

  /// A key of the record, with the columns that its value, the members of its linked object, or its
  /// tags are carried into.
  struct RecordKey {
    std::string name;
    Carried carried;
    std::unique_ptr<LinkKeys> linked;
    Tags tags;
  };

  /// @param carry     further fields to keep
  /// @param settings  the caller's settings for the source
  FieldReader(const std::vector<CarriedField>& carry, const SourceSettings& settings);

  /// The key index of the first `ShapeKey`.
  static constexpr int first_shape_key = static_cast<int>(n_fields);
  static constexpr int n_listed = first_shape_key + static_cast<int>(shape_keys.size());

  /// Keys of a record that are read. The indexes of fields come first, then those of `ShapeKey`,
  /// then those of carried keys that are not fields.
  [[nodiscard]] const KeyTable& keys() const noexcept { return record_keys_; }

  [[nodiscard]] const RecordKey& key_at(int key_index) const noexcept {
    return keys_[static_cast<std::size_t>(key_index)];
  }

  /// Name of the key with an index, in the API's spelling.
  [[nodiscard]] const std::string& name_of(int key_index) const noexcept {
    return key_at(key_index).name;
  }

  [[nodiscard]] RecordColumns& columns() noexcept { return columns_; }
  [[nodiscard]] const RecordColumns& columns() const noexcept { return columns_; }
  [[nodiscard]] const NestedReader& nested() const noexcept { return nested_; }
  [[nodiscard]] TextArena& arena() noexcept { return arena_; }
  [[nodiscard]] const SeenFields& seen() const noexcept { return seen_; }

  /// Whether the value of a key is read as a list or an object.
  [[nodiscard]] bool is_nested(int key_index) const noexcept;

  /// Notes that some record has these fields.
  void note_fields(FieldSet fields) noexcept { seen_.fields.insert(fields); }
  void note_field(Field field) noexcept { seen_.fields.insert(field); }

  /// Adds what another reader has seen in its records.
  void note_seen(const SeenFields& seen) noexcept {
    seen_.insert(seen);
    kept_seen_ = seen_;
  }

  /// Notes that the source has a carried field.
  void note_carried(std::size_t column) noexcept { carried_seen_[column] = 1; }
  void note_carried_of(const FieldReader& other) noexcept {
    for (std::size_t i = 0; i < carried_seen_.size(); ++i) {
      carried_seen_[i] |= other.carried_seen_[i];
    }
    tags_seen_.insert(other.tags_seen_.begin(), other.tags_seen_.end());
  }
  [[nodiscard]] bool has_carried(std::size_t column) const noexcept {
    return carried_seen_[column] != 0;
  }

  /// Names of the tags of records, up to a limit.
  [[nodiscard]] const std::set<std::string>& tags_seen() const noexcept { return tags_seen_; }

  /// Notes that an install does not name its release.
  void note_install_without_release() noexcept { seen_.install_without_release = true; }

  /// Reads a fleet that lists its devices. Its texts stay valid across batches, until they are
  /// dropped.
  template <Value V>
  [[nodiscard]] Problem read_owner(V& fleet) {
    std::swap(arena_, owner_arena_);
    Problem problem = read_fleet(owner_, fleet, fleet_keys_);
    owner_.id.reset();
    std::swap(arena_, owner_arena_);
    return problem;
  }
  [[nodiscard]] const OneFleet& owner() const noexcept { return owner_; }
  void drop_texts_of_owners() { owner_arena_.clear(); }

  /// Notes that a fleet has a member.
  void note_fleet_member(FleetKey key) noexcept {
    seen_.fleet_release |= key == FleetKey::release;
    seen_.fleet_variables |= key == FleetKey::variables;
  }

  /// Makes a record of the batch the one that is read into.
  void turn_to(std::size_t record) {
    columns_.make_room(record + 1);
    row_ = record;
  }

  /// Ends the current record and keeps what was seen in it.
  void keep_seen() noexcept { kept_seen_ = seen_; }

  /// Forgets what was seen in the current record.
  void forget_seen() noexcept { seen_ = kept_seen_; }

  /// Forgets what was seen in all records.
  void restart() noexcept {
    seen_ = kept_seen_ = {};
    std::fill(carried_seen_.begin(), carried_seen_.end(), std::uint8_t{0});
    tags_seen_.clear();
  }

  /// Reads the value of a key of the current record.
  template <Value V>
  [[nodiscard]] Problem read(int key_index, V& value) {
    const auto at = static_cast<std::size_t>(key_index);
    const RecordKey& key = keys_[at];
    if (at >= n_fields) [[unlikely]]
      return read_other(key, value);
    Problem problem = read_field(static_cast<Field>(key_index), value);
    if (key.carried && !problem) [[unlikely]]
      problem = read_carried(*key.carried, value);
    return problem;
  }

  /// Reads the value of a field on a fast path if it has the usual form.
  /// Rows of the benchmark: JSON bytes.
  /// @return false if it has another form; then nothing has changed
  template <Value V>
  [[nodiscard, gnu::always_inline]] bool read_usual(Field field, V& value) {
    return visit_field(field, columns_, [&](auto& column, auto accepted) {
      using Accepted = decltype(accepted);
      if constexpr (ReadsUsual<V, Accepted>) {
        return read_usual_as<Accepted>(
            value, [&](auto read, bool is_set) { column.put(row_, read, is_set); });
      } else if constexpr (std::is_same_v<Accepted, accepts::Fleet>) {
        return read_known_fleet(column, value, link_keys_of(field));
      } else if constexpr (std::is_same_v<Accepted, accepts::Variables>) {
        return read_no_variables(column, value);
      } else {
        return false;
      }
    });
  }

  /// Reads the fields of several records, field by field.
  /// @param first     index of the first record in the batch
  /// @param keys      the fields of each record
  /// @param value_at  returns the value of a field in a record that has it
  /// @return false if a value could not be read
  template <class ValueAt>
  [[nodiscard]] bool read_records(std::size_t first, std::span<const FieldSet> keys,
                                  ValueAt value_at) {
    FieldSet all;
    for (const FieldSet& fields : keys) all.insert(fields);
    for (const FieldEntry& entry : field_table) {
      const Field field = entry.field;
      if (!all.contains(field)) continue;
      const bool is_read = visit_field(field, columns_, [&](auto& column, auto accepted) {
        for (std::size_t i = 0; i < keys.size(); ++i) {
          if (!keys[i].contains(field)) continue;
          row_ = first + i;
          auto value = value_at(field, i);
          if (read_into(column, accepted, field, value)) return false;
        }
        return true;
      });
      if (!is_read) return false;
    }
    return true;
  }

  /// Carries the value of a key that the rules do not read, such as an alias with an unreadable
  /// value.
  template <Value V>
  [[nodiscard]] Problem carry(int key_index, V& value) {
    const RecordKey& key = key_at(key_index);
    return key.carried ? read_carried(*key.carried, value) : Problem{};
  }

 private:
  void forget_carried(const LinkKeys& keys);
  void forget_carried(std::size_t column);
  void add_carry(const CarriedField& field, std::size_t column);
  [[nodiscard]] int key_to_carry(const std::string& root);

  // Values that are rare in most sources are read in functions that are not inlined, so that the
  // function that reads a record (see JsonReader) stays small.

  /// Reads a key that is not a field, only to carry it.
  template <Value V>
  [[gnu::noinline]] Problem read_other(const RecordKey& key, V& value) {
    Problem problem;
    if (key.linked) problem = read_link(value, *key.linked).problem;
    if (!key.tags.empty()) problem = read_tags(key.tags, value);
    if (key.carried && !problem) problem = read_carried(*key.carried, value);
    return problem;
  }

  template <Value V>
  Problem read_tags(const Tags& tags, V& value) {
    constexpr std::size_t most_names = 200;
    for (const auto& [name, column] : tags) forget_carried(column);
    return nested_.read_tags(value, arena_, [&](std::string_view key, auto text) {
      if (tags_seen_.size() < most_names) tags_seen_.emplace(key);
      for (const auto& [name, column] : tags) {
        if (name != key) continue;
        note_carried(column);
        std::get<OptionalColumn<std::string_view>>(columns_.carried[column]).put(row_, text);
      }
    });
  }

  template <Value V>
  Problem read_field(Field field, V& value) {
    return visit_field(field, columns_, [&](auto& column, auto accepted) {
      return read_into(column, accepted, field, value);
    });
  }

  template <class Column, class Accepted, Value V>
  Problem read_into(Column& column, Accepted accepted, Field field, V& value) {
    if constexpr (std::is_same_v<Accepted, accepts::Release>) {
      return read_release(column, value, link_keys_of(field));
    } else if constexpr (std::is_same_v<Accepted, accepts::Running>) {
      return read_running(column, value);
    } else if constexpr (std::is_same_v<Accepted, accepts::Fleet>) {
      return read_fleet(column, value, link_keys_of(field));
    } else {
      return store(column, row_, value, accepted);
    }
  }

  /// Reads a link to a release.
  template <Value V>
  [[gnu::noinline]] Problem read_release(ReleaseColumns& to, V& value, const LinkKeys& keys) {
    OneRelease release;
    auto [id, problem] = read_link(value, keys, [&](int key_index, V& member) {
      if (key_index != static_cast<int>(ReleaseKey::commit)) return Problem{};
      return NestedReader::read_text(member, release.commit, arena_);
    });
    release.id = id;
    to.put(row_, problem ? OneRelease{} : release);
    return std::move(problem);
  }

  /// Reads the running release: a link, or its version as text.
  template <Value V>
  [[gnu::noinline]] Problem read_running(RunningReleaseColumns& to, V& value) {
    const LinkKeys& keys = link_keys_of(Field::is_running__release);
    to.reset(row_);
    if (!value.is_object() && !value.is_list() && value.scalar().kind == Scalar::Kind::text) {
      forget_carried(keys);
      return store(to.raw_version, row_, value, accepts::Text{});
    }
    OneRelease release;
    std::optional<std::string_view> version;
    auto [id, problem] = read_link(value, keys, [&](int key_index, V& member) {
      if (key_index == static_cast<int>(ReleaseKey::commit)) {
        return NestedReader::read_text(member, release.commit, arena_);
      }
      if (key_index == static_cast<int>(ReleaseKey::raw_version)) {
        return NestedReader::read_text(member, version, arena_);
      }
      return Problem{};
    });
    release.id = id;
    if (problem) {
      if (problem->expected == Expected::link) problem->expected = Expected::running;
      return std::move(problem);
    }
    to.put(row_, release);
    to.raw_version.put(row_, version);
    return {};
  }

  template <class T, Value V, class Accepted>
  Problem store(OptionalColumn<T>& column, std::size_t row, V& value, Accepted /*accepted*/) {
    auto read = read_as<Accepted>(value);
    if constexpr (std::is_same_v<Accepted, accepts::Text> && !V::text_is_stable) {
      read.value = arena_.keep(read.value);
    }
    column.put(row, read.value, read.is_accepted && !read.is_null);
    if (!read.is_accepted) [[unlikely]]
      return make_problem(value.short_form(), expected_of<Accepted>(value.scalar()));
    return {};
  }

  template <Value V>
  [[gnu::noinline]] Problem read_carried(std::size_t column, V& value) {
    note_carried(column);
    return visit_carried(columns_.carried[column], columns_.settings, [&](auto& to, auto accepted) {
      if constexpr (std::is_same_v<decltype(accepted), accepts::Text>) {
        return carry_text(to, value);
      } else {
        return store(to, row_, value, accepted);
      }
    });
  }

  /// Carries any scalar as text.
  template <Value V>
  Problem carry_text(OptionalColumn<std::string_view>& to, V& value) {
    to.reset(row_);
    if (value.scalar().is_null()) return {};
    const auto text = value.plain_text();
    if (!text) return make_problem(value.short_form(), Expected::scalar);
    to.set(row_, arena_.keep(*text));
    return {};
  }

  template <Value V>
  Problem store(InstallColumn& column, std::size_t row, V& value, accepts::Installs /*accepted*/) {
    column.reset(row);
    if (!value.is_list()) return NestedReader::unless_null(value, Expected::list);
    Problem problem = nested_.read_installs(value, column.begin(), arena_);
    end_installs(column, row);
    return problem;
  }

  template <Value V>
  Problem store(InstallColumn& column, std::size_t row, V& value, accepts::Services /*accepted*/) {
    column.reset(row);
    if (!value.is_object()) return NestedReader::unless_null(value, Expected::services);
    Problem problem = nested_.read_services(value, column.begin(), arena_);
    end_installs(column, row);
    return problem;
  }

  template <Value V>
  Problem store(InstallColumn& column, std::size_t row, V& value,
                accepts::ServicesByApp /*accepted*/) {
    column.reset(row);
    if (!value.is_object()) return NestedReader::unless_null(value, Expected::services_by_app);
    Problem problem = nested_.read_services_by_app(value, column.begin(), arena_);
    end_installs(column, row);
    return problem;
  }

  void end_installs(InstallColumn& column, std::size_t row) {
    column.end(row);
    for (const Install& install : column.stored(row)) {
      seen_.install_without_release |= !install.tells_release;
    }
  }

  template <Value V>
  Problem store(OptionalColumn<Configuration>& column, std::size_t row, V& value,
                accepts::Variables /*accepted*/) {
    std::optional<Configuration> configuration;
    Problem problem = nested_.read_variables(value, configuration, arena_);
    column.put(row, configuration);
    return problem;
  }

  template <Value V>
  bool read_no_variables(OptionalColumn<Configuration>& to, V& value) {
    if constexpr (requires { value.take_empty_list(); }) {
      if (!value.take_empty_list()) return false;
      to.set(row_, Configuration{});
      return true;
    }
    return false;
  }

  /// Reuses a fleet that was read before from the same bytes.
  template <Value V>
  bool read_known_fleet(FleetColumns& to, V& value, const LinkKeys& keys) {
    if constexpr (requires { value.rest_of_text(); }) {
      const auto* const known =
          keys.carried.empty() ? known_fleets_.find(value.rest_of_text()) : nullptr;
      if (known == nullptr) return false;
      to.put(row_, known->fleet);
      seen_.fleet_release |= known->has_release;
      seen_.fleet_variables |= known->has_variables;
      value.skip(known->bytes.size());
      return true;
    }
    return false;
  }

  template <Value V>
  Problem read_fleet(FleetColumns& to, V& value, const LinkKeys& keys) {
    const SeenFields before = seen_;
    seen_.fleet_release = seen_.fleet_variables = false;
    OneFleet fleet;
    Problem problem = read_fleet(fleet, value, keys);
    to.put(row_, fleet);
    if constexpr (requires { value.rest_of_text(); }) {
      const std::string_view bytes = value.rest_of_text().substr(0, value.size());
      if (!problem && !value.is_broken() && keys.carried.empty()) {
        known_fleets_.learn(bytes, fleet, seen_.fleet_release, seen_.fleet_variables);
      }
    }
    seen_.insert(before);
    return problem;
  }

  template <Value V>
  Problem read_fleet(OneFleet& to, V& value, const LinkKeys& keys) {
    to = {};
    auto [id, problem] = read_link(value, keys, [&](int key_index, V& member) {
      return read_fleet_member(to, static_cast<std::size_t>(key_index), member);
    });
    to.id = id;
    if (problem) to = {};
    return std::move(problem);
  }

  template <Value V>
  [[gnu::noinline]] Problem read_fleet_member(OneFleet& to, std::size_t key_index, V& member) {
    if (key_index < link_keys.size() || key_index >= fleet_keys.size()) return {};
    const auto key = static_cast<FleetKey>(key_index);
    note_fleet_member(key);
    return visit_fleet_member(key, to, [&](auto& read, auto accepted) {
      using Accepted = decltype(accepted);
      if constexpr (std::is_same_v<Accepted, accepts::Release>) {
        Problem problem = nested_.read_release(member, read, arena_);
        if (problem) read = {};
        return problem;
      } else if constexpr (std::is_same_v<Accepted, accepts::Variables>) {
        return nested_.read_variables(member, read, arena_);
      } else {
        return NestedReader::read_text(member, read, arena_);
      }
    });
  }

  template <Value V>
  NestedReader::Link read_link(V& value, const LinkKeys& keys) {
    return read_link(value, keys, [](int, V&) { return Problem{}; });
  }

  /// Reads a link, and carries members of the linked object.
  template <Value V, class ReadMember>
  NestedReader::Link read_link(V& value, const LinkKeys& keys, ReadMember read_member) {
    forget_carried(keys);
    auto link = NestedReader::read_link(value, keys.keys, [&](int key_index, V& member) {
      const auto at = static_cast<std::size_t>(key_index);
      Problem problem = read_member(key_index, member);
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

  RecordColumns columns_;
  OneFleet owner_;       ///< the fleet that lists the devices
  LinkKeys fleet_keys_;  ///< keys of `owner_`
  KnownFleets known_fleets_;
  TextArena arena_;
  TextArena owner_arena_;
  SeenFields seen_;
  SeenFields kept_seen_;  ///< without the current record
  std::vector<std::uint8_t> carried_seen_;
  std::set<std::string> tags_seen_;
  NestedReader nested_;
  KeyTable record_keys_;
  std::vector<RecordKey> keys_;  ///< by key index in `record_keys_`
  std::size_t row_ = 0;
};

}  // namespace fleetstatus
