#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ratio>
#include <string_view>
#include <type_traits>
#include <utility>

#include "records/accepts.hpp"
#include "records/decode/arrow_column.hpp"
#include "records/scalar.hpp"
#include "rules/timestamp.hpp"

namespace fleetstatus {

/// Converts ticks since 1970 to a time, rounded down to milliseconds, if it is representable.
template <std::int64_t ticks_per_second>
[[nodiscard]] constexpr Outcome<Timestamp> time_from_ticks(std::int64_t ticks) noexcept {
  using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, ticks_per_second>>;
  if constexpr (ticks_per_second == 1) {
    constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max() / 1000;
    if (ticks > limit || ticks < -limit) return {};
  }
  const Timestamp time{std::chrono::floor<Milliseconds>(Ticks{ticks})};
  return {time, is_representable(time)};
}

/// Calls `visit` with a function that reads the timestamp of a row.
template <std::int64_t ticks_per_second, class Visit>
decltype(auto) visit_times(const ArrowColumn& column, std::size_t first, Visit visit) {
  const std::int64_t* const ticks = column.numbers<std::int64_t>(first);
  if (column.type().has_zone) {
    return visit([=](std::size_t i) { return time_from_ticks<ticks_per_second>(ticks[i]); });
  }
  return visit([=](std::size_t i) -> Outcome<Scalar::LocalTime> {
    const auto [time, is_accepted] = time_from_ticks<ticks_per_second>(ticks[i]);
    return {{time}, is_accepted};
  });
}

/// Calls `visit` with a function that reads the number of a row.
template <class Number, class Visit>
decltype(auto) visit_numbers(const ArrowColumn& column, std::size_t first, Visit visit) {
  const Number* const numbers = column.numbers<Number>(first);
  if constexpr (std::is_floating_point_v<Number>) {
    return visit([=](std::size_t i) { return Outcome<double>{double{numbers[i]}, true}; });
  } else {
    return visit([=](std::size_t i) -> Outcome<std::int64_t> {
      return {static_cast<std::int64_t>(numbers[i]), std::in_range<std::int64_t>(numbers[i])};
    });
  }
}

/// Calls `visit` with a function that reads the value of a row, counted from `first`, as one of the
/// types of scalars; it accepts the values that a scalar can hold. Precondition: a row of text is
/// not null. Text is not checked to be UTF-8.
template <class Visit>
decltype(auto) visit_values(const ArrowColumn& column, std::size_t first, Visit visit) {
  switch (column.type().kind) {
    case ArrowKind::boolean:
      return visit([&column, first](std::size_t i) {
        return Outcome<bool>{column.boolean(first + i), true};
      });
    case ArrowKind::int8: return visit_numbers<std::int8_t>(column, first, visit);
    case ArrowKind::uint8: return visit_numbers<std::uint8_t>(column, first, visit);
    case ArrowKind::int16: return visit_numbers<std::int16_t>(column, first, visit);
    case ArrowKind::uint16: return visit_numbers<std::uint16_t>(column, first, visit);
    case ArrowKind::int32: return visit_numbers<std::int32_t>(column, first, visit);
    case ArrowKind::uint32: return visit_numbers<std::uint32_t>(column, first, visit);
    case ArrowKind::int64: return visit_numbers<std::int64_t>(column, first, visit);
    case ArrowKind::uint64: return visit_numbers<std::uint64_t>(column, first, visit);
    case ArrowKind::float32: return visit_numbers<float>(column, first, visit);
    case ArrowKind::float64: return visit_numbers<double>(column, first, visit);
    case ArrowKind::utf8:
    case ArrowKind::large_utf8:
    case ArrowKind::utf8_view:
      return visit([&column, first](std::size_t i) {
        return Outcome<std::string_view>{column.texts().text_at(first + i), true};
      });
    case ArrowKind::timestamp:
      switch (column.type().ticks_per_second) {
        case 1: return visit_times<1>(column, first, visit);
        case 1'000: return visit_times<1'000>(column, first, visit);
        case 1'000'000: return visit_times<1'000'000>(column, first, visit);
        default: return visit_times<1'000'000'000>(column, first, visit);
      }
    default: break;
  }
  return visit([](std::size_t) { return Outcome<Scalar::Other>{}; });
}

}  // namespace fleetstatus
