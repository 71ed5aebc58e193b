#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/text_buffer.hpp"
#include "changes/change_kind.hpp"
#include "metrics/metrics_text.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// Which devices are listed one by one.
enum class MetricsDetail : std::uint8_t { none, attention, all };

inline constexpr auto metrics_details = names_of<MetricsDetail>({
    {MetricsDetail::none, "none"},
    {MetricsDetail::attention, "attention"},
    {MetricsDetail::all, "all"},
});

/// How many changes of one kind were told.
struct ChangeCount {
  std::string fleet;  ///< empty if none
  ChangeKind kind;
  std::string after;  ///< empty if none, or if it is not of a closed list
  std::int64_t count;
};

struct MetricsOptions {
  MetricsDetail detail = MetricsDetail::attention;
  std::size_t limit = 1000;  ///< of the devices that are listed
  MetricsFormat format = MetricsFormat::prometheus;
};

/// Counts the devices of a table, and lists those that need attention, as metrics. Of several rows
/// of one uuid the last is the device.
/// @param changes  none: nothing is told about changes
[[nodiscard]] TextBuffer openmetrics(const StatusTable& table,
                                     const std::optional<std::vector<ChangeCount>>& changes,
                                     const MetricsOptions& options);

}  // namespace fleetstatus
