#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "changes/compare.hpp"
#include "table/column.hpp"

namespace fleetstatus {

/// A change, and the device and the moments it belongs to.
struct ChangeRow {
  Change change;
  std::optional<std::string_view> uuid;  ///< none for changes of many devices
  std::optional<std::string_view> device_name;
  std::optional<std::string_view> fleet;
  std::optional<Timestamp> not_before;
  std::optional<Timestamp> not_after;
  bool in_outage = false;
};

/// The columns of changes, in order.
inline constexpr std::array<std::string_view, 14> change_column_names{"uuid",
                                                                      "device_name",
                                                                      "fleet",
                                                                      "kind",
                                                                      "before",
                                                                      "after",
                                                                      "reason_before",
                                                                      "reason",
                                                                      "cause",
                                                                      "at",
                                                                      "not_before",
                                                                      "not_after",
                                                                      "previous_duration_s",
                                                                      "in_outage"};

/// Makes the columns of changes; texts are copied.
/// @param n_threads  how many threads may work at once
[[nodiscard]] std::vector<NamedColumn> change_columns(std::span<const ChangeRow> rows,
                                                      std::size_t n_threads = 1);

}  // namespace fleetstatus
