#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "table/column.hpp"

namespace fleetstatus {

enum class TextFormat : std::uint8_t { json, ndjson, csv };

/// Writes a range of rows as text: times as RFC 3339 in UTC, durations in whole seconds,
/// capabilities as bits. The ranges of a table, concatenated in order, are the whole file.
/// @param columns  at least one, of equal length
[[nodiscard]] std::string write(std::span<const NamedColumn> columns, TextFormat format,
                                std::size_t begin, std::size_t end);

}  // namespace fleetstatus
