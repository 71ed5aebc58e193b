#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/configuration.hpp"
#include "core/field.hpp"
#include "core/heartbeat.hpp"
#include "core/progress.hpp"
#include "core/text_chunk.hpp"
#include "core/timestamp.hpp"
#include "core/update_status.hpp"

namespace fleetstatus {

/// One value or none for each record.
template <class T>
class OptionalColumn {
 public:
  /// A byte for a flag, so that columns are plain arrays.
  using Stored = std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>;

  void resize(std::size_t n_records) {
    values_.resize(n_records);
    is_set_.resize(n_records);
  }

  void clear(std::size_t n_records) { std::fill_n(is_set_.begin(), n_records, std::uint8_t{0}); }

  void set(std::size_t record, T value) {
    values_[record] = static_cast<Stored>(value);
    is_set_[record] = 1;
  }

  void put(std::size_t record, std::optional<T> value) {
    values_[record] = static_cast<Stored>(value.value_or(T{}));
    is_set_[record] = value.has_value() ? 1 : 0;
  }

  void reset(std::size_t record) { is_set_[record] = 0; }

  /// Moves the first values to the records that `has` flags, one to each in their order. The others
  /// are left without.
  void spread(std::span<const std::uint8_t> has) {
    auto next = static_cast<std::size_t>(std::ranges::count(has, std::uint8_t{1}));
    for (std::size_t record = has.size(); record-- > 0;) {
      if (has[record] == 0) {
        is_set_[record] = 0;
      } else {
        values_[record] = values_[--next];
        is_set_[record] = is_set_[next];
      }
    }
  }

  [[nodiscard]] bool has(std::size_t record) const { return is_set_[record] != 0; }

  [[nodiscard]] std::optional<T> operator[](std::size_t record) const {
    if (!has(record)) return std::nullopt;
    return static_cast<T>(values_[record]);
  }

  /// The first `n_records` values; what stands where none is set means nothing.
  [[nodiscard]] std::span<const Stored> values(std::size_t n_records) const {
    return std::span{values_}.first(n_records);
  }

  /// 1 where the value is set, else 0.
  [[nodiscard]] std::span<const std::uint8_t> is_set(std::size_t n_records) const {
    return std::span{is_set_}.first(n_records);
  }

  // The same to be filled, by whoever reads many values at once.

  [[nodiscard]] std::span<Stored> values(std::size_t n_records) {
    return std::span{values_}.first(n_records);
  }
  [[nodiscard]] std::span<std::uint8_t> is_set(std::size_t n_records) {
    return std::span{is_set_}.first(n_records);
  }

 private:
  std::vector<Stored> values_;
  std::vector<std::uint8_t> is_set_;
};

/// What the `status` text of a device can say that matters.
enum class ReportedStatus : std::uint8_t { other, downloading, ordered, preparing, shipped };

/// The installs of each record; none where the record has no list, which is not an empty list.
class InstallColumn {
 public:
  void resize(std::size_t n_records) { ranges_.resize(n_records); }

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

  [[nodiscard]] std::optional<std::span<const Install>> operator[](std::size_t record) const {
    const auto range = ranges_[record];
    if (!range) return std::nullopt;
    return std::span{installs_}.subspan(range->first, range->size);
  }

 private:
  struct Range {
    std::size_t first = 0;
    std::size_t size = 0;
  };

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

  void resize(std::size_t capacity) {
    for_each_column([&](auto& column) { column.resize(capacity); });
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
};

}  // namespace fleetstatus
