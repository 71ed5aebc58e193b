#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "base/optional_column.hpp"
#include "base/text_chunk.hpp"
#include "records/field_table.hpp"
#include "rules/configuration.hpp"
#include "rules/heartbeat.hpp"
#include "rules/progress.hpp"
#include "rules/release.hpp"
#include "rules/timestamp.hpp"
#include "rules/update_status.hpp"

namespace fleetstatus {

/// The values of a device's `status` text that the rules use. The last two are overall statuses,
/// with which balena-cli overwrites it.
enum class ReportedStatus : std::uint8_t {
  other,
  downloading,
  ordered,
  preparing,
  shipped,
  updating,
  reduced_functionality,
};

inline constexpr auto reported_statuses = names_of<ReportedStatus>({
    {ReportedStatus::other, ""},
    {ReportedStatus::downloading, "Downloading"},
    {ReportedStatus::ordered, "Ordered"},
    {ReportedStatus::preparing, "Preparing"},
    {ReportedStatus::shipped, "Shipped"},
    {ReportedStatus::updating, "updating"},
    {ReportedStatus::reduced_functionality, "reduced-functionality"},
});

/// The installs of each record. A record without a list is null, which differs from an empty list.
class InstallColumn {
  struct Range {
    std::size_t first = 0;
    std::size_t size = 0;
  };

 public:
  using Value = std::span<const Install>;

  [[nodiscard]] static constexpr std::size_t bytes_for(std::size_t capacity) noexcept {
    return OptionalColumn<Range>::bytes_for(capacity);
  }

  void move_to(std::byte* memory, std::size_t n_records, std::size_t capacity) {
    ranges_.move_to(memory, n_records, capacity);
  }

  void clear(std::size_t n_records) {
    ranges_.clear(n_records);
    installs_.clear();
  }

  /// The vector to append a record's installs to, until the next `end`.
  std::vector<Install>& begin() {
    first_ = installs_.size();
    return installs_;
  }

  void end(std::size_t record) { put(record, first_, installs_.size() - first_); }

  /// Gives a record a range of the installs.
  void put(std::size_t record, std::size_t first, std::size_t n_installs) {
    ranges_.set(record, {first, n_installs});
  }

  void reset(std::size_t record) { ranges_.reset(record); }

  [[nodiscard]] bool has(std::size_t record) const { return ranges_.has(record); }

  /// The list of a record; empty if it has none.
  [[nodiscard]] Value stored(std::size_t record) const {
    if (!ranges_.has(record)) return {};
    const Range& range = ranges_.stored(record);
    return std::span{installs_}.subspan(range.first, range.size);
  }

  [[nodiscard]] bool has_any(std::size_t n_records) const { return ranges_.has_any(n_records); }

 private:
  OptionalColumn<Range> ranges_;
  std::vector<Install> installs_;
  std::size_t first_ = 0;
};

/// The linked release: of one record as optional values, of many as columns.
template <template <class> class Optional>
struct ReleaseMembers {
  using Value = Release;

  Optional<std::int64_t> id;
  Optional<std::string_view> commit;

  template <class Visitor>
  void for_each_column(Visitor& visit) {
    visit(id), visit(commit);
  }
};
using OneRelease = ReleaseMembers<std::optional>;

struct ReleaseColumns : ReleaseMembers<OptionalColumn> {
  void reset(std::size_t record) { id.reset(record), commit.reset(record); }

  void put(std::size_t record, const OneRelease& release) {
    id.put(record, release.id), commit.put(record, release.commit);
  }

  [[nodiscard]] OneRelease operator[](std::size_t record) const {
    return {id[record], commit[record]};
  }

  /// The link of a record, if it is set.
  [[nodiscard]] Release stored(std::size_t record) const {
    return {id[record], commit[record].value_or(std::string_view{})};
  }
  [[nodiscard]] bool has(std::size_t record) const { return stored(record).is_set(); }
};

/// The running release, and its version as text.
struct RunningReleaseColumns : ReleaseColumns {
  OptionalColumn<std::string_view> raw_version;

  void reset(std::size_t record) { ReleaseColumns::reset(record), raw_version.reset(record); }

  template <class Visitor>
  void for_each_column(Visitor& visit) {
    ReleaseColumns::for_each_column(visit);
    visit(raw_version);
  }
};

/// The fleet of a device: of one record or of many, as above.
template <template <class> class Optional, class Release>
struct FleetMembers {
  Optional<std::int64_t> id;
  Optional<std::string_view> slug;
  Optional<std::string_view> app_name;
  Release release;
  Optional<Configuration> configuration;
};
using OneFleet = FleetMembers<std::optional, OneRelease>;

struct FleetColumns : FleetMembers<OptionalColumn, ReleaseColumns> {
  void reset(std::size_t record) {
    for_each_column([&](auto& column) { column.reset(record); });
  }

  void put(std::size_t record, const OneFleet& fleet) {
    id.put(record, fleet.id), slug.put(record, fleet.slug), app_name.put(record, fleet.app_name);
    release.put(record, fleet.release), configuration.put(record, fleet.configuration);
  }

  [[nodiscard]] OneFleet operator[](std::size_t record) const {
    return {id[record], slug[record], app_name[record], release[record], configuration[record]};
  }

  /// Whether a record has any member of its fleet.
  [[nodiscard]] bool has(std::size_t record) const {
    return id.has(record) || slug.has(record) || app_name.has(record) || release.has(record) ||
           configuration.has(record);
  }

  /// Sets the members that the record lacks.
  void fill(std::size_t record, const OneFleet& fleet) {
    const auto fill_one = [&](auto& to, const auto& value) {
      if (!to.has(record)) to.put(record, value);
    };
    fill_one(id, fleet.id), fill_one(slug, fleet.slug), fill_one(app_name, fleet.app_name);
    fill_one(configuration, fleet.configuration);
    if (!release.has(record)) release.put(record, fleet.release);
  }

  template <class Visitor>
  void for_each_column(Visitor&& visit) {
    visit(id), visit(slug), visit(app_name);
    release.for_each_column(visit);
    visit(configuration);
  }
};

/// The type of a carried field, by its name or as the caller requests.
enum class CarriedType : std::uint8_t { text, integer, real, boolean, timestamp };

inline constexpr auto carried_type_names = names_of<CarriedType>({
    {CarriedType::text, "text"},
    {CarriedType::integer, "int64"},
    {CarriedType::real, "float64"},
    {CarriedType::boolean, "bool"},
    {CarriedType::timestamp, "timestamp"},
});

using CarriedColumn =
    std::variant<OptionalColumn<std::string_view>, OptionalColumn<std::int64_t>,
                 OptionalColumn<double>, OptionalColumn<bool>, OptionalColumn<Timestamp>>;

[[nodiscard]] inline CarriedColumn carried_column(CarriedType type) {
  switch (type) {
    case CarriedType::integer: return OptionalColumn<std::int64_t>{};
    case CarriedType::real: return OptionalColumn<double>{};
    case CarriedType::boolean: return OptionalColumn<bool>{};
    case CarriedType::timestamp: return OptionalColumn<Timestamp>{};
    case CarriedType::text: break;
  }
  return OptionalColumn<std::string_view>{};
}

/// A caller's settings for a source.
struct SourceSettings {
  bool assume_utc = false;  ///< whether times without a zone are taken as UTC
  Milliseconds default_poll_interval = fleetstatus::default_poll_interval;
};

/// A record that has unreadable fields or is not a record.
struct BadRecord {
  std::size_t record;         ///< index in the batch
  FieldSet unreadable;        ///< all fields if it is not a record
  std::string problem;        ///< the message after the record's index
  bool is_lost_line = false;  ///< if so, `problem` is the whole message
};

/// Column types by `FieldKind`.
using ColumnsOfKinds =
    std::tuple<OptionalColumn<std::int64_t>, OptionalColumn<std::int32_t>, OptionalColumn<bool>,
               OptionalColumn<std::string_view>, OptionalColumn<Timestamp>,
               OptionalColumn<HeartbeatState>, OptionalColumn<UpdateStatus>,
               OptionalColumn<ReportedStatus>, OptionalColumn<SupervisorAge>, InstallColumn,
               InstallColumn, InstallColumn, OptionalColumn<Configuration>, FleetColumns,
               ReleaseColumns, RunningReleaseColumns>;
static_assert(std::tuple_size_v<ColumnsOfKinds> == n_field_kinds);

/// Calls `visit` with a column, or with each column that it consists of.
template <class Column, class Visitor>
void visit_columns(Column& column, Visitor& visit) {
  if constexpr (requires { column.for_each_column(visit); }) {
    column.for_each_column(visit);
  } else {
    visit(column);
  }
}

/// A batch of device records as read, with a column for each field. Views of text are valid until
/// the batch ends.
class RecordColumns {
  template <FieldKind kind>
  using ColumnOf = std::tuple_element_t<static_cast<std::size_t>(kind), ColumnsOfKinds>;

  template <std::size_t... kinds>
  static auto columns_of_all(std::index_sequence<kinds...> /*kinds*/)
      -> std::tuple<std::array<ColumnOf<static_cast<FieldKind>(kinds)>,
                               n_fields_of(static_cast<FieldKind>(kinds))>...>;

 public:
  std::size_t n_records = 0;
  SourceSettings settings;
  std::vector<CarriedColumn> carried;

  /// Zero-copy texts of the whole batch, if the source holds them as a column; then the column of
  /// that field is not filled.
  std::optional<TextChunk> passed_uuid;
  std::optional<TextChunk> passed_device_name;

  std::vector<BadRecord> bad_records;  ///< in the order of the records

  /// The column of a field.
  template <Field field>
  [[nodiscard]] auto& at() noexcept {
    return of<entry_of(field).kind>(field);
  }
  template <Field field>
  [[nodiscard]] const auto& at() const noexcept {
    return const_cast<RecordColumns*>(this)->at<field>();
  }

  /// The same. Precondition: the field has that kind.
  template <FieldKind kind>
  [[nodiscard]] ColumnOf<kind>& of(Field field) noexcept {
    return std::get<static_cast<std::size_t>(kind)>(
        columns_)[ranks_in_kind[static_cast<std::size_t>(field)]];
  }

  /// Calls `visit` with every column.
  template <class Visitor>
  void for_each_column(Visitor visit) {
    const auto visit_all = [&](auto& columns_of_kind) {
      for (auto& column : columns_of_kind) visit_columns(column, visit);
    };
    std::apply([&](auto&... kinds) { (visit_all(kinds), ...); }, columns_);
    for (CarriedColumn& column : carried) {
      std::visit([&](auto& of_type) { visit(of_type); }, column);
    }
  }

  /// Makes room for the first `n_records` records. Growing invalidates pointers into columns.
  void make_room(std::size_t n_records) {
    if (n_records > memory_.capacity()) memory_.make_room(*this, std::bit_ceil(n_records));
  }

  void clear_record(std::size_t record) {
    for_each_column([&](auto& column) { column.reset(record); });
  }

  void clear() {
    for_each_column([&](auto& column) { column.clear(n_records); });
    passed_uuid.reset();
    passed_device_name.reset();
    bad_records.clear();
    n_records = 0;
  }

 private:
  decltype(columns_of_all(std::make_index_sequence<n_field_kinds>{})) columns_;
  BatchMemory memory_;
};

}  // namespace fleetstatus
