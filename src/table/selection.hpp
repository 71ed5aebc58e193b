#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "rules/attention.hpp"
#include "rules/schemes.hpp"
#include "rules/timestamp.hpp"
#include "table/column.hpp"
#include "table/column_id.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// Length of the shortest uuid prefix that finds a device, in characters.
inline constexpr std::size_t shortest_prefix = 4;

/// When the condition began for which a device needs attention; none if that is not known.
class AttentionStart {
 public:
  explicit AttentionStart(const StatusTable& table)
      : status_since_(table.column(ColumnId::status_since)),
        update_since_(table.column(ColumnId::update_status_since)),
        update_statuses_(table.column(ColumnId::update_status)) {}

  [[nodiscard]] std::optional<Timestamp> operator()(Attention attention, std::size_t row) const;

 private:
  Column status_since_;
  Column update_since_;
  Column update_statuses_;
};

/// The rows of `attention_list`, by the thresholds of the table.
[[nodiscard]] std::vector<std::size_t> attention_rows(const StatusTable& table);

/// The devices that need attention, sorted by class (worst first), by time, then by name. By time,
/// failed and stuck updates and devices that never connected come longest first, devices with a
/// link down newest first.
[[nodiscard]] StatusTable attention_list(const StatusTable& table,
                                         const AttentionThresholds& thresholds);

/// The same table with its attention by other thresholds.
[[nodiscard]] StatusTable with_attention(const StatusTable& table,
                                         const AttentionThresholds& thresholds);

/// The rows that `device` matches: by uuid, else by name, else by uuid prefix if it has at least
/// `shortest_prefix` characters.
[[nodiscard]] std::vector<std::size_t> find(const StatusTable& table, std::string_view device);

/// The rows whose uuid occurs more than once, in the order of the table.
[[nodiscard]] std::vector<std::size_t> duplicates(const StatusTable& table);

/// The API version that gave the answers in `api_overall_status`: 6 if any is idle or offline, else
/// 7.
[[nodiscard]] StatusScheme scheme_of_api_answers(const StatusTable& table);

/// Whether the API's answer in each row is what its rules give when they read `is_online` as
/// cloudlink, as the API did before version 45.
[[nodiscard]] Column went_by_is_online(const StatusTable& table);

/// The rows of `disagreements`.
[[nodiscard]] std::vector<std::size_t> disagreeing_rows(const StatusTable& table,
                                                        StatusScheme scheme);

/// The devices whose status by `scheme` differs from the API's own answer.
[[nodiscard]] StatusTable disagreements(const StatusTable& table, StatusScheme scheme);

}  // namespace fleetstatus
