#pragma once

#include <cstddef>
#include <string>

#include "table/status_table.hpp"

namespace fleetstatus {

enum class TextFormat : std::uint8_t { json, ndjson, csv };

/// Writes a range of rows as text: times as RFC 3339 in UTC, durations in whole seconds,
/// capabilities as bits. The ranges of a table, concatenated in order, are the whole file.
[[nodiscard]] std::string write(const StatusTable& table, TextFormat format, std::size_t begin,
                                std::size_t end);

}  // namespace fleetstatus
