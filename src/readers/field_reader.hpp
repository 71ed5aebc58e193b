#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/record_columns.hpp"
#include "readers/accepts.hpp"
#include "readers/field_table.hpp"
#include "readers/key_table.hpp"
#include "readers/missing_fields.hpp"
#include "readers/nested_reader.hpp"
#include "readers/problem.hpp"
#include "readers/scalar.hpp"
#include "readers/text_arena.hpp"
#include "readers/value.hpp"
#include "readers/visit_field.hpp"

namespace fleetstatus {

/// Reads the fields of one record at a time into a batch of columns.
class FieldReader {
 public:
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

  /// @param carry  further fields to keep as text, `field` or `link.field`
  explicit FieldReader(const std::vector<std::string>& carry);

  /// Keys of a record that are read. The first places are the fields', then come carried ones.
  [[nodiscard]] const KeyTable& keys() const noexcept { return record_keys_; }

  [[nodiscard]] const RecordKey& key_at(int place) const noexcept {
    return keys_[static_cast<std::size_t>(place)];
  }

  /// Name of the key at a place, in the API's spelling.
  [[nodiscard]] const std::string& name_of(int place) const noexcept { return key_at(place).name; }

  [[nodiscard]] RecordColumns& columns() noexcept { return columns_; }
  [[nodiscard]] const NestedReader& nested() const noexcept { return nested_; }
  [[nodiscard]] TextArena& arena() noexcept { return arena_; }
  [[nodiscard]] const SeenFields& seen() const noexcept { return seen_; }

  /// Whether what stands at `place` is a list or an object.
  [[nodiscard]] bool is_nested(int place) const noexcept;

  /// Notes that a record has some fields.
  void note_fields(FieldSet fields) noexcept { seen_.fields.insert(fields); }
  void note_field(Field field) noexcept { seen_.fields.insert(field); }

  /// Notes what was seen in other records.
  void note_seen(const SeenFields& seen) noexcept {
    seen_.insert(seen);
    kept_seen_ = seen_;
  }

  /// Notes that a fleet has a member.
  void note_fleet_member(FleetKey key) noexcept {
    seen_.fleet_release |= key == FleetKey::release;
    seen_.fleet_variables |= key == FleetKey::variables;
  }

  /// Turns to the record of that number in the batch.
  void turn_to(std::size_t record) {
    columns_.make_room(record + 1);
    row_ = record;
  }

  /// Ends the record at hand: what was seen in it counts.
  void keep_seen() noexcept { kept_seen_ = seen_; }

  /// Forgets what was seen in the record at hand.
  void forget_seen() noexcept { seen_ = kept_seen_; }

  /// Forgets what was seen in all records.
  void restart() noexcept { seen_ = kept_seen_ = {}; }

  /// Reads the value of the key at `place`.
  template <Value V>
  [[nodiscard]] Problem read(int place, V& value) {
    const auto at = static_cast<std::size_t>(place);
    const RecordKey& key = keys_[at];
    if (at >= n_fields) [[unlikely]]
      return read_other(key, value);
    const auto field = static_cast<Field>(place);
    Problem problem = read_field(field, value);
    if (key.carried && !problem) [[unlikely]]
      problem = read_carried(*key.carried, value);
    return problem;
  }

 private:
  void forget_fleet();
  void forget_carried(const LinkKeys& keys);
  void add_carry(const std::string& name, std::size_t column);

  // What most sources have little of is read by calls, so that the code that reads the rest of a
  // record may be one function (see JsonReader) and yet stay small.

  /// Reads what is only carried.
  template <Value V>
  [[gnu::noinline]] Problem read_other(const RecordKey& key, V& value) {
    Problem problem = key.linked ? read_link(value, *key.linked).problem : Problem{};
    if (key.carried && !problem) problem = read_carried(*key.carried, value);
    return problem;
  }

  template <Value V>
  Problem read_field(Field field, V& value) {
    return visit_field(field, columns_, [&](auto& column, auto accepted) {
      if constexpr (std::is_same_v<decltype(accepted), accepts::Release>) {
        return read_release(column, value, field);
      } else {
        return store(column, value, accepted);
      }
    });
  }

  template <Value V>
  [[gnu::noinline]] Problem read_release(OptionalColumn<std::int64_t>& column, V& value,
                                         Field field) {
    return store_id(column, read_link(value, link_keys_of(field)));
  }

  template <class T, Value V, class Accepted>
  Problem store(OptionalColumn<T>& column, V& value, Accepted /*accepted*/) {
    auto read = read_as<Accepted>(value);
    if constexpr (std::is_same_v<Accepted, accepts::Text> && !V::text_is_stable) {
      read.value = arena_.keep(read.value);
    }
    column.put(row_, read.value, read.is_accepted && !read.is_null);
    if (!read.is_accepted) [[unlikely]]
      return make_problem(value.short_form(), Accepted::expected);
    return {};
  }

  template <Value V>
  [[gnu::noinline]] Problem read_carried(std::size_t column, V& value) {
    columns_.carried[column].reset(row_);
    if (value.scalar().is_null()) return {};
    const auto text = value.plain_text();
    if (!text) return make_problem(value.short_form(), Expected::scalar);
    columns_.carried[column].set(row_, arena_.keep(*text));
    return {};
  }

  template <Value V>
  Problem store(InstallColumn& column, V& value, accepts::Installs /*accepted*/) {
    column.reset(row_);
    if (!value.is_list()) return NestedReader::unless_null(value, Expected::list);
    Problem problem = nested_.read_installs(value, column.begin());
    column.end(row_);
    return problem;
  }

  template <Value V>
  Problem store(InstallColumn& column, V& value, accepts::Services /*accepted*/) {
    column.reset(row_);
    if (!value.is_object()) return NestedReader::unless_null(value, Expected::services);
    Problem problem = nested_.read_services(value, column.begin());
    column.end(row_);
    return problem;
  }

  template <Value V>
  Problem store(OptionalColumn<Configuration>& column, V& value, accepts::Variables /*accepted*/) {
    Configuration configuration;
    Problem problem = nested_.read_variables(value, configuration, arena_);
    column.set(row_, configuration);
    return problem;
  }

  template <Value V>
  Problem store(OptionalColumn<std::int64_t>& column, V& value, accepts::Fleet /*accepted*/) {
    forget_fleet();
    auto [id, problem] =
        read_link(value, link_keys_of(Field::belongs_to__application), [&](int place, V& member) {
          return read_fleet_member(static_cast<std::size_t>(place), member);
        });
    if (id) column.set(row_, *id);
    if (problem) forget_fleet();
    return std::move(problem);
  }

  template <Value V>
  [[gnu::noinline]] Problem read_fleet_member(std::size_t place, V& member) {
    if (place < link_keys.size() || place >= fleet_keys.size()) return {};
    const auto key = static_cast<FleetKey>(place);
    note_fleet_member(key);
    return visit_fleet_member(key, columns_, [&](auto& column, auto accepted) {
      if constexpr (std::is_same_v<decltype(accepted), accepts::Release>) {
        return store_id(column, nested_.read_plain_link(member));
      } else {
        return store(column, member, accepted);
      }
    });
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
