#pragma once

#include <cstddef>
#include <string>

#include "table/status_table.hpp"

namespace fleetstatus {

enum class TextFormat : std::uint8_t { json, ndjson, csv };

/// A run of rows as text. Times are RFC 3339 in UTC, durations whole seconds, capabilities their
/// bits. The runs of a table, one after another, are the whole file.
[[nodiscard]] std::string write(const StatusTable& table, TextFormat format, std::size_t begin,
                                std::size_t end);

}  // namespace fleetstatus
