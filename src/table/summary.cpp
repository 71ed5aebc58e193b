#include "table/summary.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/error.hpp"
#include "base/keyed_hash.hpp"
#include "rules/attention.hpp"
#include "rules/update_status.hpp"

namespace fleetstatus {
namespace {

/// The same number for the same value. All NaNs are one value, and so are both zeros.
std::int64_t number_of_value(const Column& column, std::size_t row) {
  if (column.type() != ColumnType::float64) return column.integer(row);
  const double value = column.value<double>(row);
  if (std::isnan(value)) return std::bit_cast<std::int64_t>(std::nan(""));
  return std::bit_cast<std::int64_t>(value == 0 ? 0.0 : value);
}

/// Maps the values of a column to numbers; null is a value.
class ValueNumbers {
 public:
  explicit ValueNumbers(const Column& column) : column_(column) {}

  [[nodiscard]] std::uint32_t operator[](std::size_t row) {
    if (!column_.is_valid(row)) return null;
    const auto next = static_cast<std::uint32_t>(texts_.size() + integers_.size());
    if (column_.has_codes()) return static_cast<std::uint32_t>(column_.code(row));
    if (column_.has_text()) return texts_.try_emplace(*column_.text(row), next).first->second;
    return integers_.try_emplace(number_of_value(column_, row), next).first->second;
  }

 private:
  static constexpr std::uint32_t null = ~std::uint32_t{0};

  const Column& column_;
  std::unordered_map<std::string_view, std::uint32_t, KeyedHash> texts_;
  std::unordered_map<std::int64_t, std::uint32_t, KeyedHash> integers_;
};

/// Splits groups by the values of one more column.
void split(Groups& groups, const Column& column) {
  ValueNumbers numbers{column};
  std::unordered_map<std::uint64_t, std::int32_t, KeyedHash> groups_by_key;
  std::vector<std::size_t> first_rows;
  for (std::size_t row = 0; row < groups.group_of.size(); ++row) {
    const auto before = static_cast<std::uint64_t>(groups.group_of[row]);
    const auto next = static_cast<std::int32_t>(first_rows.size());
    const auto [found, is_new] = groups_by_key.try_emplace((before << 32U) | numbers[row], next);
    if (is_new) first_rows.push_back(row);
    groups.group_of[row] = found->second;
  }
  groups.first_rows = std::move(first_rows);
}

/// Whether the device reported that its update failed, so that the time of this is known.
bool has_failed_report(const Column& update_statuses_of, std::size_t row) {
  const auto status = update_statuses_of.text(row);
  return status == update_statuses[UpdateStatus::rejected] ||
         status == update_statuses[UpdateStatus::aborted];
}

bool is_about_update(const Column& column, std::size_t row, ColumnId of) {
  if (of == ColumnId::update_status) return true;
  if (of != ColumnId::attention || !column.is_valid(row)) return false;
  const auto attention = static_cast<Attention>(column.code(row));
  return attention == Attention::update_failed || attention == Attention::update_stuck;
}

/// @param sorted  not empty
double percentile(const std::vector<std::int64_t>& sorted, double fraction) {
  const double index = fraction * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(index);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(static_cast<double>(sorted[below]), static_cast<double>(sorted[above]),
                   index - static_cast<double>(below));
}

void check_groups(std::span<const std::int32_t> group_of, std::size_t n_rows,
                  std::size_t n_groups) {
  const auto is_group = [&](std::int32_t group) {
    return std::cmp_less(group, n_groups) && group >= 0;
  };
  if (group_of.size() != n_rows || !std::ranges::all_of(group_of, is_group)) {
    throw ArgumentError("expected a group for each row");
  }
}

}  // namespace

Groups group_rows(std::size_t n_rows, const std::vector<Column>& columns) {
  Groups groups;
  groups.group_of.resize(n_rows);
  if (n_rows > 0) groups.first_rows = {0};
  for (const Column& column : columns) split(groups, column);
  return groups;
}

std::vector<Share> summarize(const StatusTable& table, std::span<const std::int32_t> group_of,
                             std::size_t n_groups, ColumnId of) {
  check_groups(group_of, table.size(), n_groups);
  const Column column = table.column(of);
  const Column status_durations = table.column(ColumnId::status_duration_s);
  const Column update_durations = table.column(ColumnId::update_status_duration_s);
  const Column statuses = table.column(ColumnId::update_status);
  const std::size_t n_labels = column.labels()->size() + 1;  // the last is null
  struct Cell {
    std::int64_t devices = 0;
    std::vector<std::int64_t> durations;
  };
  std::vector<Cell> cells(n_groups * n_labels);
  std::vector<std::int64_t> devices(n_groups);
  for (std::size_t row = 0; row < table.size(); ++row) {
    const auto group = static_cast<std::size_t>(group_of[row]);
    const std::size_t label =
        column.is_valid(row) ? static_cast<std::size_t>(column.code(row)) : n_labels - 1;
    Cell& cell = cells[group * n_labels + label];
    ++cell.devices;
    ++devices[group];
    const Column& durations =
        is_about_update(column, row, of) ? update_durations : status_durations;
    const bool is_failure = of == ColumnId::attention && column.is_valid(row) &&
                            column.code(row) == static_cast<int>(Attention::update_failed);
    const bool has_duration = !is_failure || has_failed_report(statuses, row);
    if (has_duration && durations.is_valid(row)) cell.durations.push_back(durations.integer(row));
  }
  std::vector<Share> shares;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    Cell& cell = cells[i];
    const std::size_t group = i / n_labels;
    const bool is_null = i % n_labels == n_labels - 1;
    if (is_null && cell.devices == 0) continue;
    Share share{static_cast<std::int32_t>(group),
                is_null ? -1 : static_cast<std::int32_t>(i % n_labels),
                cell.devices,
                static_cast<double>(cell.devices) /
                    static_cast<double>(std::max<std::int64_t>(devices[group], 1)),
                {},
                {}};
    if (!cell.durations.empty()) {
      std::ranges::sort(cell.durations);
      share.median_duration_s = percentile(cell.durations, 0.5);
      share.p95_duration_s = percentile(cell.durations, 0.95);
    }
    shares.push_back(share);
  }
  return shares;
}

}  // namespace fleetstatus
