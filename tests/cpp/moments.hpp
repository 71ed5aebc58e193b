#pragma once

#include <chrono>
#include <string_view>

#include "rules/timestamp.hpp"

namespace fleetstatus::testing {

/// The moment that the tests measure at.
inline constexpr Timestamp noon =
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 1} + std::chrono::hours{12};

/// A time that must be readable.
inline Timestamp moment(std::string_view text) { return parse_timestamp(text).value(); }

}  // namespace fleetstatus::testing
