#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/configuration.hpp"
#include "core/field.hpp"
#include "core/heartbeat.hpp"
#include "core/optional_column.hpp"
#include "core/progress.hpp"
#include "core/text_chunk.hpp"
#include "core/timestamp.hpp"
#include "core/update_status.hpp"

namespace fleetstatus {

/// What the `status` text of a device can say that matters.
enum class ReportedStatus : std::uint8_t { other, downloading, ordered, preparing, shipped };

/// The installs of each record; none where the record has no list, which is not an empty list.
class InstallColumn {
  struct Range {
    std::size_t first = 0;
    std::size_t size = 0;
  };

 public:
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

  [[nodiscard]] std::uint8_t flag(std::size_t record) const { return ranges_.flag(record); }

  /// The list of a record that has one.
  [[nodiscard]] std::span<const Install> stored(std::size_t record) const {
    const Range& range = ranges_.stored(record);
    return std::span{installs_}.subspan(range.first, range.size);
  }

  [[nodiscard]] bool has_any(std::size_t n_records) const { return ranges_.has_any(n_records); }

 private:
  OptionalColumn<Range> ranges_;
  std::vector<Install> installs_;
  std::size_t first_ = 0;
};

/// A record of which something could not be read.
struct BadRecord {
  std::size_t record;   ///< within the batch
  FieldSet unreadable;  ///< all fields, if it is no record at all
  std::string problem;        ///< behind the record's number in the message
  bool is_lost_line = false;  ///< then the problem is all of the message
};

/// A batch of device records as read, column by column. Views of text hold until the batch ends.
struct RecordColumns {
  std::size_t n_records = 0;

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
  OptionalColumn<Configuration> device_configuration;
  OptionalColumn<Configuration> fleet_configuration;
  OptionalColumn<std::int64_t> fleet_id;
  OptionalColumn<std::string_view> fleet_slug;
  OptionalColumn<std::string_view> fleet_app_name;
  OptionalColumn<std::int64_t> pinned_release;
  OptionalColumn<std::int64_t> fleet_release;
  OptionalColumn<std::int64_t> device_release;
  OptionalColumn<UpdateStatus> update_status;
  OptionalColumn<Timestamp> last_update_status_event;
  OptionalColumn<UpdateStatusSupport> update_status_support;
  OptionalColumn<std::string_view> overall_status;
  std::vector<OptionalColumn<std::string_view>> carried;

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
    visit(image_install), visit(current_services);
    visit(device_configuration), visit(fleet_configuration);
    visit(fleet_id), visit(fleet_slug), visit(fleet_app_name);
    visit(pinned_release), visit(fleet_release), visit(device_release);
    visit(update_status), visit(last_update_status_event);
    visit(update_status_support), visit(overall_status);
    for (auto& column : carried) visit(column);
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
