#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "bindings/bindings.hpp"
#include "changes/device_memory.hpp"
#include "rules/schemes.hpp"

namespace fleetstatus {

/// What a tracker's file keeps of a device beside its number and uuid, in order.
inline constexpr std::array<std::string_view, 30> state_columns{"device_name",
                                                                "fleet",
                                                                "release_id",
                                                                "release",
                                                                "reason",
                                                                "status",
                                                                "links",
                                                                "heartbeat_since",
                                                                "cloudlink_since",
                                                                "update_status",
                                                                "update_status_since",
                                                                "update_began",
                                                                "seen_since",
                                                                "span_first",
                                                                "told_reason",
                                                                "told_status",
                                                                "told_links",
                                                                "told_since",
                                                                "steady_status",
                                                                "known_fields",
                                                                "last_read",
                                                                "last_linked",
                                                                "follows_scope",
                                                                "fingerprint",
                                                                "removed_at",
                                                                "is_flapping",
                                                                "status_changes",
                                                                "agreed",
                                                                "agreed_links",
                                                                "pending"};

/// The number of a device, then the values of `state_columns`: numbers, texts or None.
[[nodiscard]] py::tuple state_row(std::size_t device, const Remembered& remembered,
                                  StatusScheme scheme);

/// @throws ArgumentError  if the values are none that `state_row` gives
[[nodiscard]] Remembered remembered_from(const std::string& uuid, const py::tuple& row,
                                         StatusScheme scheme);

}  // namespace fleetstatus
