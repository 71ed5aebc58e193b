#include "table/summary.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>

#include "core/attention.hpp"
#include "core/keyed_hash.hpp"
#include "core/update_status.hpp"

namespace fleetstatus {
namespace {

/// A row's values in the given columns, as a key to find its group by.
std::string key_of(const std::vector<Column>& columns, std::size_t row) {
  std::string key;
  for (const Column& column : columns) {
    if (!column.is_valid(row)) {
      key += "-;";
    } else if (column.has_text()) {
      const std::string_view text = *column.text(row);
      key += std::to_string(text.size()) + ":";
      key += text;
    } else {
      key += std::to_string(column.integer(row)) + ";";
    }
  }
  return key;
}

/// Whether an update failed by what the device reported, so that it is known since when.
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
  const double place = fraction * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(static_cast<double>(sorted[below]), static_cast<double>(sorted[above]),
                   place - static_cast<double>(below));
}

}  // namespace

Groups group_rows(std::size_t n_rows, const std::vector<Column>& columns) {
  Groups groups;
  std::unordered_map<std::string, std::int32_t, KeyedHash> numbers;
  for (std::size_t row = 0; row < n_rows; ++row) {
    const auto next = static_cast<std::int32_t>(groups.first_rows.size());
    const auto [found, is_new] = numbers.try_emplace(key_of(columns, row), next);
    if (is_new) groups.first_rows.push_back(row);
    groups.group_of.push_back(found->second);
  }
  return groups;
}

std::vector<Share> summarize(const StatusTable& table, const std::vector<std::int32_t>& group_of,
                             std::size_t n_groups, ColumnId of) {
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
