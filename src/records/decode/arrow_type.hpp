#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/arrow_abi.hpp"

namespace fleetstatus {

/// The kind of the values in an Arrow column.
enum class ArrowKind : std::uint8_t {
  null,
  boolean,
  int8,
  uint8,
  int16,
  uint16,
  int32,
  uint32,
  int64,
  uint64,
  float32,
  float64,
  utf8,
  large_utf8,
  utf8_view,
  timestamp,
  list,
  large_list,
  list_view,
  large_list_view,
  fixed_list,
  structure,
  map,
  other,  ///< any type that no field accepts
};

/// The type of an Arrow column, including those of its children and dictionary.
/// Source: Apache Arrow, "The Arrow C data interface", format strings.
struct ArrowType {
  ArrowKind kind = ArrowKind::other;
  std::string name;                   ///< of the column; may be empty
  std::string format;                 ///< Arrow's format string
  std::int64_t ticks_per_second = 0;  ///< of a timestamp
  bool has_zone = false;              ///< of a timestamp
  std::int64_t n_buffers = 0;         ///< minimum in each array
  std::size_t value_size = 0;         ///< bytes of a number, offset or view in the second buffer
  bool has_offsets = false;           ///< has n + 1 offsets for n rows
  std::size_t list_size = 0;          ///< of a fixed-size list
  std::vector<ArrowType> children;    ///< list elements, map pairs or struct members
  std::unique_ptr<ArrowType> dictionary;  ///< type of the values, if the column holds codes

  [[nodiscard]] bool is_text() const noexcept {
    return kind == ArrowKind::utf8 || kind == ArrowKind::large_utf8 || kind == ArrowKind::utf8_view;
  }

  [[nodiscard]] bool is_list() const noexcept {
    return ArrowKind::list <= kind && kind <= ArrowKind::fixed_list;
  }
};

/// Converts a schema.
/// @throws ArgumentError  if it is invalid
[[nodiscard]] ArrowType arrow_type(const ArrowSchema& schema);

/// A type as named in errors: `the Arrow type 'u'`.
[[nodiscard]] std::string type_text(const ArrowType& type);

/// A column as named in errors: ` of column 'id'`; empty if it has no name.
[[nodiscard]] std::string of_column(const ArrowType& type);

}  // namespace fleetstatus
