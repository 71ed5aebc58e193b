#pragma once

#include <chrono>
#include <string_view>

#include "rules/timestamp.hpp"

namespace fleetstatus::testing {

/// The time that tests use as `now`.
inline constexpr Timestamp noon =
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 1} + std::chrono::hours{12};

/// Parses a time; throws if it is invalid.
inline Timestamp moment(std::string_view text) { return parse_timestamp(text).value(); }

}  // namespace fleetstatus::testing
