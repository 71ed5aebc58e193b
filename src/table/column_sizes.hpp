#pragma once

#include <cstddef>
#include <cstdint>

#include "table/column.hpp"

namespace fleetstatus {

/// Bytes of so many values, or of the offsets of so many texts.
[[nodiscard]] inline std::size_t bytes_of(ColumnType type, std::size_t n_rows) noexcept {
  switch (type) {
    case ColumnType::boolean: return (n_rows + 7) / 8;
    case ColumnType::code8: return n_rows;
    case ColumnType::uint16: return n_rows * 2;
    case ColumnType::int32:
    case ColumnType::code32: return n_rows * 4;
    case ColumnType::utf8: return (n_rows + 1) * 4;
    case ColumnType::large_utf8: return (n_rows + 1) * 8;
    default: return n_rows * 8;
  }
}

/// @throws ArgumentError  if offsets of that width cannot tell so many bytes of text
template <class Offset>
void check_text_size(std::size_t n_bytes) {
  if (sizeof(Offset) == sizeof(std::int32_t)) check_utf8_size(n_bytes);
}

}  // namespace fleetstatus
