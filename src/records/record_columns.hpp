#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/optional_column.hpp"
#include "base/text_chunk.hpp"
#include "records/field.hpp"
#include "rules/configuration.hpp"
#include "rules/heartbeat.hpp"
#include "rules/progress.hpp"
#include "rules/release.hpp"
#include "rules/timestamp.hpp"
#include "rules/update_status.hpp"

namespace fleetstatus {

/// What the `status` text of a device can say that matters. The last two are overall statuses,
/// which balena-cli writes over it.
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

/// The installs of each record; none where the record has no list, which is not an empty list.
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

  /// The list to add to, until the next `end`.
  std::vector<Install>& begin() {
    first_ = installs_.size();
    return installs_;
  }

  void end(std::size_t record) { put(record, first_, installs_.size() - first_); }

  /// Gives a record so many installs from `first` on.
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

/// The release that a link leads to: one of its columns for each way to name it.
template <template <class> class Optional>
struct ReleaseMembers {
  using Value = Release;

  Optional<std::int64_t> id;
  Optional<std::string_view> commit;

  void resize(std::size_t n) { id.resize(n), commit.resize(n); }
  void reset(std::size_t record) { id.reset(record), commit.reset(record); }

  /// The link of a record, if it is set.
  [[nodiscard]] Release stored(std::size_t record) const {
    return {id[record], commit[record].value_or(std::string_view{})};
  }
  [[nodiscard]] bool has(std::size_t record) const { return stored(record).is_set(); }

  template <class Visitor>
  void for_each_column(Visitor& visit) {
    visit(id), visit(commit);
  }
};
using ReleaseColumns = ReleaseMembers<OptionalColumn>;

/// The release that runs, and its version as text.
struct RunningReleaseColumns : ReleaseColumns {
  OptionalColumn<std::string_view> raw_version;

  void reset(std::size_t record) { ReleaseColumns::reset(record), raw_version.reset(record); }

  template <class Visitor>
  void for_each_column(Visitor& visit) {
    ReleaseColumns::for_each_column(visit);
    visit(raw_version);
  }
};

/// The fleet that a device belongs to.
struct FleetColumns {
  OptionalColumn<std::int64_t> id;
  OptionalColumn<std::string_view> slug;
  OptionalColumn<std::string_view> app_name;
  ReleaseColumns release;
  OptionalColumn<Configuration> configuration;

  void resize(std::size_t n) {
    id.resize(n), slug.resize(n), app_name.resize(n), release.resize(n), configuration.resize(n);
  }
  void reset(std::size_t record) {
    id.reset(record), slug.reset(record), app_name.reset(record);
    release.reset(record), configuration.reset(record);
  }

  /// Whether anything is known of the fleet of a record.
  [[nodiscard]] bool has(std::size_t record) const {
    return id.has(record) || slug.has(record) || app_name.has(record) || release.has(record) ||
           configuration.has(record);
  }

  /// Takes what a record lacks from a record of other columns.
  void fill(std::size_t record, const FleetColumns& from, std::size_t from_record) {
    const auto fill_one = [&](auto& to, const auto& other) {
      if (!to.has(record)) to.put(record, other[from_record]);
    };
    fill_one(id, from.id), fill_one(slug, from.slug), fill_one(app_name, from.app_name);
    fill_one(configuration, from.configuration);
    if (release.has(record)) return;
    release.id.put(record, from.release.id[from_record]);
    release.commit.put(record, from.release.commit[from_record]);
  }

  template <class Visitor>
  void for_each_column(Visitor& visit) {
    visit(id), visit(slug), visit(app_name);
    release.for_each_column(visit);
    visit(configuration);
  }
};

/// What a carried field holds, by its name or as the caller says.
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

/// What a caller says of a source.
struct SourceSettings {
  bool assume_utc = false;  ///< times without a zone are in UTC
  Milliseconds default_poll_interval = fleetstatus::default_poll_interval;
};

/// A record of which something could not be read.
struct BadRecord {
  std::size_t record;         ///< within the batch
  FieldSet unreadable;        ///< all fields, if it is no record at all
  std::string problem;        ///< behind the record's number in the message
  bool is_lost_line = false;  ///< then the problem is all of the message
};

/// A batch of device records as read, column by column. Views of text hold until the batch ends.
struct RecordColumns {
  std::size_t n_records = 0;
  SourceSettings settings;

  OptionalColumn<std::int64_t> id;
  OptionalColumn<std::string_view> uuid;
  OptionalColumn<std::string_view> device_name;
  OptionalColumn<bool> is_active;
  OptionalColumn<bool> is_frozen;
  OptionalColumn<bool> is_connected_to_vpn;
  OptionalColumn<bool> is_online;
  OptionalColumn<HeartbeatState> heartbeat_state;
  OptionalColumn<Timestamp> last_connectivity_event;
  OptionalColumn<Timestamp> last_vpn_event;
  OptionalColumn<Timestamp> heartbeat_changed;
  OptionalColumn<std::string_view> provisioning_state;
  OptionalColumn<std::int32_t> provisioning_progress;
  OptionalColumn<std::int32_t> download_progress;
  OptionalColumn<ReportedStatus> status;
  InstallColumn image_install;
  InstallColumn current_services;
  InstallColumn current_services_by_app;
  OptionalColumn<Configuration> device_configuration;
  FleetColumns fleet;
  ReleaseColumns pinned_release;
  ReleaseColumns device_release;
  OptionalColumn<UpdateStatus> update_status;
  OptionalColumn<Timestamp> last_update_status_event;
  OptionalColumn<SupervisorAge> supervisor;
  OptionalColumn<std::string_view> overall_status;
  RunningReleaseColumns running_release;
  OptionalColumn<Timestamp> created_at;
  OptionalColumn<bool> is_web_accessible;
  std::vector<CarriedColumn> carried;

  // Older names, until they have filled what the newer ones lack.
  OptionalColumn<std::string_view> name;
  OptionalColumn<Timestamp> last_seen_time;
  OptionalColumn<std::string_view> fleet_text;
  FleetColumns application;

  /// The texts of the whole batch where its source already holds them as a column; then `uuid` or
  /// `device_name` is not filled.
  std::optional<TextChunk> passed_uuid;
  std::optional<TextChunk> passed_device_name;

  std::vector<BadRecord> bad_records;  ///< in the order of the records

  /// Calls `visit` with every column.
  template <class Visitor>
  void for_each_column(Visitor visit) {
    visit(id), visit(uuid), visit(device_name);
    visit(is_active), visit(is_frozen);
    visit(is_connected_to_vpn), visit(is_online), visit(heartbeat_state);
    visit(last_connectivity_event), visit(last_vpn_event);
    visit(heartbeat_changed);
    visit(provisioning_state), visit(provisioning_progress);
    visit(download_progress), visit(status);
    visit(image_install), visit(current_services), visit(current_services_by_app);
    visit(device_configuration);
    fleet.for_each_column(visit);
    pinned_release.for_each_column(visit), device_release.for_each_column(visit);
    visit(update_status), visit(last_update_status_event);
    visit(supervisor), visit(overall_status);
    running_release.for_each_column(visit);
    visit(created_at), visit(is_web_accessible);
    visit(name), visit(last_seen_time), visit(fleet_text);
    application.for_each_column(visit);
    for (CarriedColumn& column : carried) {
      std::visit([&](auto& of_type) { visit(of_type); }, column);
    }
  }

  /// Makes room for the first `n_records` records. Pointers into columns hold until it must grow.
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
  BatchMemory memory_;
};

}  // namespace fleetstatus
