#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "base/names.hpp"
#include "base/text_chunk.hpp"
#include "rules/timestamp.hpp"

namespace fleetstatus {

enum class ColumnType : std::uint8_t {
  int64,
  int32,
  uint16,
  float64,
  boolean,       ///< a bitmap, least significant bit first
  timestamp,     ///< int64 milliseconds since 1970, UTC
  utf8,          ///< int32 offsets into text
  large_utf8,    ///< int64 offsets
  utf8_view,     ///< views; see TextLayout
  code8,         ///< int8 indices into a list of labels
  code32,        ///< int32 indices
  timestamp_us,  ///< int64 microseconds since 1970, UTC; only in exports
};

struct ColumnTypeEntry {
  ColumnType type;
  std::string_view name;     ///< as users see it
  const char* arrow_format;  ///< of the Arrow C data interface; for codes that of the index
  unsigned n_bits;           ///< of each value, offset, view or index
  std::optional<TextLayout> layout = {};
};

/// Indexed by ColumnType.
inline constexpr std::array column_types{
    ColumnTypeEntry{ColumnType::int64, "int64", "l", 64},
    ColumnTypeEntry{ColumnType::int32, "int32", "i", 32},
    ColumnTypeEntry{ColumnType::uint16, "uint16", "S", 16},
    ColumnTypeEntry{ColumnType::float64, "float64", "g", 64},
    ColumnTypeEntry{ColumnType::boolean, "bool", "b", 1},
    ColumnTypeEntry{ColumnType::timestamp, "timestamp[ms, UTC]", "tsm:UTC", 64},
    ColumnTypeEntry{ColumnType::utf8, "utf8", "u", 32, TextLayout::utf8},
    ColumnTypeEntry{ColumnType::large_utf8, "large_utf8", "U", 64, TextLayout::large_utf8},
    ColumnTypeEntry{ColumnType::utf8_view, "utf8_view", "vu", 128, TextLayout::utf8_view},
    ColumnTypeEntry{ColumnType::code8, "dictionary<int8, utf8>", "c", 8},
    ColumnTypeEntry{ColumnType::code32, "dictionary<int32, large_utf8>", "i", 32},
    ColumnTypeEntry{ColumnType::timestamp_us, "timestamp[us, UTC]", "tsu:UTC", 64},
};

static_assert(is_in_order(column_types, &ColumnTypeEntry::type));

[[nodiscard]] constexpr const ColumnTypeEntry& entry_of(ColumnType type) noexcept {
  return column_types[static_cast<std::size_t>(type)];
}

/// The layout of a text type; none for other types.
[[nodiscard]] constexpr std::optional<TextLayout> layout_of(ColumnType type) noexcept {
  return entry_of(type).layout;
}

[[nodiscard]] constexpr ColumnType type_of(TextLayout layout) noexcept {
  return std::ranges::find(column_types, std::optional{layout}, &ColumnTypeEntry::layout)->type;
}

/// Bytes of the values or views of `n_rows` rows, or of their offsets, which are one more.
[[nodiscard]] constexpr std::size_t bytes_of(ColumnType type, std::size_t n_rows) noexcept {
  const auto layout = layout_of(type);
  const std::size_t n = layout && *layout != TextLayout::utf8_view ? n_rows + 1 : n_rows;
  const std::size_t n_bits = entry_of(type).n_bits;
  return n_bits < 8 ? (n + 7) / 8 : n * (n_bits / 8);
}

/// A time in UTC, in microseconds, as other engines store it.
using Microseconds = std::chrono::sys_time<std::chrono::microseconds>;

/// A value as columns of numbers and codes store it.
template <class T>
[[nodiscard]] constexpr auto stored_value(T value) noexcept {
  if constexpr (std::is_same_v<T, Timestamp> || std::is_same_v<T, Microseconds>) {
    return value.time_since_epoch().count();
  } else if constexpr (std::is_enum_v<T>) {
    return static_cast<std::underlying_type_t<T>>(value);
  } else {
    return value;
  }
}

template <class T>
using StoredAs =
    std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, decltype(stored_value(T{}))>;

/// Whether values of a C++ type can fill a column of type `type`.
template <class T>
[[nodiscard]] consteval bool fills(ColumnType type) {
  if (std::is_same_v<T, std::string_view>) return layout_of(type) || type == ColumnType::code32;
  if (std::is_same_v<T, bool>) return type == ColumnType::boolean;
  if (std::is_same_v<T, Timestamp>) return type == ColumnType::timestamp;
  if (std::is_same_v<T, Microseconds>) return type == ColumnType::timestamp_us;
  if (std::is_same_v<T, std::int64_t>) return type == ColumnType::int64;
  if (std::is_same_v<T, std::uint16_t>) return type == ColumnType::uint16;
  if (std::is_same_v<T, double>) return type == ColumnType::float64;
  return sizeof(T) == 1 ? type == ColumnType::code8 : sizeof(T) == 4 && type == ColumnType::int32;
}

/// Calls `visit` with a value of the C++ type of a column. Precondition: no text and no flags.
template <class Visitor>
decltype(auto) visit_number_type(ColumnType type, Visitor visit) {
  switch (type) {
    case ColumnType::code8: return visit(std::int8_t{});
    case ColumnType::uint16: return visit(std::uint16_t{});
    case ColumnType::int32:
    case ColumnType::code32: return visit(std::int32_t{});
    case ColumnType::float64: return visit(double{});
    default: return visit(std::int64_t{});
  }
}

}  // namespace fleetstatus
