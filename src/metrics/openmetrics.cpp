#include "metrics/openmetrics.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/bits.hpp"
#include "changes/last_rows.hpp"
#include "rules/schemes.hpp"
#include "table/selection.hpp"

namespace fleetstatus {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

/// The text itself if it needs no escapes, else its escaped copy in `scratch`.
std::string_view escaped_in(std::string& scratch, std::string_view text) {
  if (!needs_escapes(text)) return text;
  scratch.clear();
  append_escaped(scratch, text);
  return scratch;
}

/// The text of each row, empty where null: found once, since rows are read in another order.
std::vector<std::string_view> texts_in(const Column& column) {
  std::vector<std::string_view> texts;
  texts.reserve(column.size());
  for (const TextChunk& chunk : column.texts()->chunks()) {
    for (std::size_t row = 0; row < chunk.size; ++row) {
      texts.push_back(chunk[row].value_or(std::string_view{}));
    }
  }
  return texts;
}

/// The rows that are devices: of several rows of one uuid the last.
class DeviceFilter {
 public:
  explicit DeviceFilter(const StatusTable& table)
      : uuids_(table.column(ColumnId::uuid)), last_rows_(last_rows_of(uuids_, hashes_of(uuids_))) {}

  [[nodiscard]] bool operator()(std::size_t row) const noexcept {
    return last_rows_.empty() || last_rows_[row] == row;
  }

 private:
  Uuids uuids_;
  std::vector<RowIndex> last_rows_;
};

/// The fleets of a table, each with a number; devices without a fleet have one with an empty name.
class FleetNumbers {
 public:
  /// @param fleets  must outlive this object
  explicit FleetNumbers(const Column& fleets)
      : codes_(fleets.values().as<std::int32_t>()), is_valid_(fleets.validity().data) {
    std::map<std::string_view, std::size_t> number_of;
    const auto number = [&](std::string_view name) {
      const auto [found, is_new] = number_of.try_emplace(name, names_.size());
      if (is_new) names_.emplace_back(name);
      return found->second;
    };
    for (const std::string& label : *fleets.labels()) of_code_.push_back(number(label));
    none_ = number("");
    for (const std::string& name : names_) escaped_.push_back(escaped(name));
  }

  [[nodiscard]] std::size_t operator[](std::size_t row) const {
    return is_valid_[row] != 0 ? of_code_[static_cast<std::size_t>(codes_[row])] : none_;
  }

  [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }
  [[nodiscard]] const std::string& name(std::size_t fleet) const { return names_[fleet]; }
  [[nodiscard]] const std::string& in_text(std::size_t fleet) const { return escaped_[fleet]; }

 private:
  const std::int32_t* codes_;
  ValidBits is_valid_;
  std::vector<std::string> names_;
  std::vector<std::string> escaped_;
  std::vector<std::size_t> of_code_;
  std::size_t none_ = 0;
};

/// Counts of the labels of a column in each fleet; the last count of a fleet is of null. Reads the
/// buffers themselves. Row of the benchmark: metrics of fleets.
class LabelCounts {
 public:
  LabelCounts(Column column, std::size_t n_fleets)
      : column_(std::move(column)),
        codes_(column_.values().as<std::int8_t>()),
        is_valid_(column_.validity().data),
        n_labels_(column_.labels()->size()),
        counts_(n_fleets * (n_labels_ + 1)) {}

  void add(std::size_t fleet, std::size_t row) {
    const std::size_t label =
        is_valid_[row] != 0 ? static_cast<std::size_t>(codes_[row]) : n_labels_;
    ++counts_[fleet * (n_labels_ + 1) + label];
  }

  [[nodiscard]] const Labels& labels() const { return *column_.labels(); }
  [[nodiscard]] std::int64_t count(std::size_t fleet, std::size_t label) const {
    return counts_[fleet * (n_labels_ + 1) + label];
  }
  [[nodiscard]] std::int64_t without(std::size_t fleet) const { return count(fleet, n_labels_); }

 private:
  Column column_;
  const std::int8_t* codes_;
  ValidBits is_valid_;
  std::size_t n_labels_;
  std::vector<std::int64_t> counts_;
};

class Writer {
 public:
  Writer(const StatusTable& table, const MetricsOptions& options)
      : table_(table),
        options_(options),
        text_(options.format),
        is_device_(table),
        fleet_column_(table.column(ColumnId::fleet)),
        attention_(table.column(ColumnId::attention)),

        fleet_of_(fleet_column_) {}

  TextBuffer write(const std::optional<std::vector<ChangeCount>>& changes) && {
    count_devices();
    write_counts();
    if (options_.detail != MetricsDetail::none) write_devices();
    if (changes) write_changes(*changes);
    return std::move(text_).finish();
  }

 private:
  void count_devices() {
    const Column on_target = table_.column(ColumnId::on_target);
    knows_target_ = !on_target.is_null();
    off_target_.resize(fleet_of_.size());
    n_devices_.resize(fleet_of_.size());
    for (std::size_t row = 0; row < table_.size(); ++row) {
      if (!is_device_(row)) continue;
      const std::size_t fleet = fleet_of_[row];
      ++n_devices_[fleet];
      statuses_.add(fleet, row);
      attentions_.add(fleet, row);
      updates_.add(fleet, row);
      if (knows_target_ && on_target.is_valid(row) && !on_target.boolean(row)) ++off_target_[fleet];
    }
    for (std::size_t fleet = 0; fleet < fleet_of_.size(); ++fleet) {
      if (n_devices_[fleet] > 0) fleets_.push_back(fleet);
    }
    std::ranges::sort(fleets_, {}, [&](std::size_t fleet) { return fleet_of_.name(fleet); });
  }

  void write_counts() {
    write_labels(MetricFamily::devices, statuses_, true);
    write_labels(MetricFamily::attention_devices, attentions_, false);
    write_labels(MetricFamily::update_devices, updates_, false);
    if (knows_target_) {
      text_.begin(MetricFamily::off_target_devices);
      for (const std::size_t fleet : fleets_) {
        text_.labels({fleet_of_.in_text(fleet)});
        text_.value(off_target_[fleet]);
      }
    }
    std::int64_t unreadable = 0;
    for (const std::size_t fleet : fleets_) {
      unreadable += attentions_.count(fleet, static_cast<std::size_t>(Attention::unreadable));
    }
    text_.single(MetricFamily::unreadable_devices, unreadable);
    write_disagreeing();
    text_.single(MetricFamily::snapshot_timestamp, table_.info().now);
    if (const auto newest = table_.info().newest_event) {
      text_.single(MetricFamily::newest_event_timestamp, *newest);
    }
  }

  void write_labels(MetricFamily family, const LabelCounts& counts, bool tells_null) {
    text_.begin(family);
    std::vector<std::string> labels;
    for (const std::string& label : counts.labels()) labels.push_back(escaped(label));
    for (const std::size_t fleet : fleets_) {
      for (std::size_t label = 0; label < labels.size(); ++label) {
        text_.labels({fleet_of_.in_text(fleet), labels[label]});
        text_.value(counts.count(fleet, label));
      }
      if (tells_null && counts.without(fleet) > 0) {
        text_.labels({fleet_of_.in_text(fleet), ""});
        text_.value(counts.without(fleet));
      }
    }
  }

  void write_disagreeing() {
    if (!table_.info().has_rule_bits) return;  // nobody knows
    if (table_.column(ColumnId::api_overall_status).is_null()) return;
    const auto rows = disagreeing_rows(table_, scheme_of_api_answers(table_));
    text_.single(MetricFamily::disagreeing_devices,
                 static_cast<std::int64_t>(std::ranges::count_if(rows, std::cref(is_device_))));
  }

  // Devices one by one

  void write_devices() {
    uuids_ = texts_in(table_.column(ColumnId::uuid));
    names_ = texts_in(table_.column(ColumnId::device_name));
    const std::vector<std::size_t> wanted = wanted_rows();
    const std::vector<std::size_t> listed = listed_rows(wanted);
    text_.begin(MetricFamily::device_attention);
    std::vector<MetricsText::Labels> labels;
    for (const std::size_t row : listed) {
      labels.push_back(write_device(row));
      text_.value(std::int64_t{attention_.is_valid(row)});
    }
    text_.begin(MetricFamily::device_attention_since);
    const AttentionStart start{table_};
    for (std::size_t i = 0; i < listed.size(); ++i) {
      if (!attention_.is_valid(listed[i])) break;  // these come last
      const auto since = start(static_cast<Attention>(attention_.code(listed[i])), listed[i]);
      if (!since) continue;
      text_.labels(labels[i]);
      text_.value(*since);
    }
    text_.single(MetricFamily::devices_omitted,
                 static_cast<std::int64_t>(wanted.size() - listed.size()));
  }

  /// The devices to list, worst first.
  [[nodiscard]] std::vector<std::size_t> wanted_rows() const {
    std::vector<std::size_t> rows = attention_rows(table_);
    std::erase_if(rows, [&](std::size_t row) { return !is_device_(row); });
    if (options_.detail == MetricsDetail::attention) return rows;
    for (std::size_t row = 0; row < table_.size(); ++row) {
      if (is_device_(row) && !attention_.is_valid(row)) rows.push_back(row);
    }
    return rows;
  }

  /// The first of these. Devices without uuid that have the same labels would be one series, of
  /// which only one may be written.
  [[nodiscard]] std::vector<std::size_t> listed_rows(std::span<const std::size_t> wanted) const {
    using Nameless = std::tuple<std::size_t, std::string_view, std::int32_t>;
    std::set<Nameless> nameless;
    std::vector<std::size_t> rows;
    for (const std::size_t row : wanted) {
      if (rows.size() == options_.limit) break;
      if (uuids_[row].empty()) {
        const std::int32_t attention = attention_.is_valid(row) ? attention_.code(row) : -1;
        if (!nameless.emplace(fleet_of_[row], names_[row], attention).second) continue;
      }
      rows.push_back(row);
    }
    return rows;
  }

  MetricsText::Labels write_device(std::size_t row) {
    return text_.labels({fleet_of_.in_text(fleet_of_[row]), escaped_in(uuid_, uuids_[row]),
                         escaped_in(name_, names_[row]),
                         attention_.text(row).value_or(std::string_view{})});
  }

  // Changes

  using ChangeKey = std::tuple<std::string, ChangeKind, std::string>;

  void write_changes(const std::vector<ChangeCount>& changes) {
    std::map<ChangeKey, std::int64_t> counts;
    put_zeros(counts);
    for (const ChangeCount& change : changes) {
      counts[{change.fleet, change.kind, change.after}] += change.count;
    }
    text_.begin(MetricFamily::changes);
    for (const auto& [key, count] : counts) {
      const auto& [fleet, kind, after] = key;
      text_.labels({escaped(fleet), change_kinds[kind], escaped(after)});
      text_.value(count);
    }
  }

  /// Prometheus sees an increase only of a counter that was there before.
  void put_zeros(std::map<ChangeKey, std::int64_t>& counts) const {
    const auto put = [&](const std::string& fleet, ChangeKind kind, std::string_view after) {
      counts.try_emplace({fleet, kind, std::string{after}}, 0);
    };
    put("", ChangeKind::outage, "");  // of devices of several fleets
    put("", ChangeKind::outage_over, "");
    for (const std::size_t number : fleets_) {
      const std::string& fleet = fleet_of_.name(number);
      for (const ChangeKindEntry& entry : change_kind_table) {
        if (!leads_to_label(entry.kind)) put(fleet, entry.kind, "");
      }
      for (const std::string& label : statuses_.labels()) put(fleet, ChangeKind::status, label);
      for (const std::string& label : updates_.labels()) put(fleet, ChangeKind::update, label);
    }
  }

  const StatusTable& table_;
  MetricsOptions options_;
  MetricsText text_;
  DeviceFilter is_device_;
  Column fleet_column_;
  Column attention_;
  FleetNumbers fleet_of_;
  LabelCounts statuses_{table_.column(ColumnId::status), fleet_of_.size()};
  LabelCounts attentions_{attention_, fleet_of_.size()};
  LabelCounts updates_{table_.column(ColumnId::update_status), fleet_of_.size()};
  std::vector<std::int64_t> off_target_;
  std::vector<std::int64_t> n_devices_;
  std::vector<std::size_t> fleets_;  ///< those that have devices, by name
  bool knows_target_ = false;
  std::vector<std::string_view> uuids_;  ///< like the names, read with `write_devices`
  std::vector<std::string_view> names_;
  std::string uuid_;
  std::string name_;
};

}  // namespace

TextBuffer openmetrics(const StatusTable& table,
                       const std::optional<std::vector<ChangeCount>>& changes,
                       const MetricsOptions& options) {
  return Writer{table, options}.write(changes);
}

}  // namespace fleetstatus
