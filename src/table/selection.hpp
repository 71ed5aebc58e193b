#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "rules/attention.hpp"
#include "rules/schemes.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// The least number of letters of a uuid that find a device.
inline constexpr std::size_t shortest_prefix = 4;

/// The devices that need attention, worst first: by class; failed and stuck updates and devices
/// that never connected longest first, devices with a link down newest first; then by name.
[[nodiscard]] StatusTable attention_list(const StatusTable& table,
                                         const AttentionThresholds& thresholds);

/// All rows, each with the class that it has by other thresholds.
[[nodiscard]] StatusTable with_attention(const StatusTable& table,
                                         const AttentionThresholds& thresholds);

/// The rows that `device` may mean: those of that uuid, else those of that name, else those whose
/// uuid begins with it, if it has four characters or more.
[[nodiscard]] std::vector<std::size_t> find(const StatusTable& table, std::string_view device);

/// The rows whose uuid occurs more than once, in the order of the table.
[[nodiscard]] std::vector<std::size_t> duplicates(const StatusTable& table);

/// The version of the API that gave a table's own answers: 6 if any says idle or offline.
[[nodiscard]] StatusScheme scheme_of_api_answers(const StatusTable& table);

/// Whether the API's answer of each row is what its rules give if cloudlink is `is_online`, as it
/// was before version 45.
[[nodiscard]] Column went_by_is_online(const StatusTable& table);

/// The devices whose status by `scheme` differs from the API's own answer.
[[nodiscard]] StatusTable disagreements(const StatusTable& table, StatusScheme scheme);

}  // namespace fleetstatus
