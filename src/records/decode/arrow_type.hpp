#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/arrow_abi.hpp"

namespace fleetstatus {

/// What an Arrow column holds, as far as fields of a record can be read from it.
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
  other,  ///< anything that no field can be read from
};

/// The type of an Arrow column, with those of what stands inside.
/// Source: Apache Arrow, "The Arrow C data interface", format strings.
struct ArrowType {
  ArrowKind kind = ArrowKind::other;
  std::string name;                   ///< of the column; may be empty
  std::string format;                 ///< as Arrow writes it
  std::int64_t ticks_per_second = 0;  ///< of a timestamp
  bool has_zone = false;              ///< of a timestamp
  std::int64_t n_buffers = 0;         ///< at least so many in each array
  std::size_t value_size = 0;         ///< bytes of a number, offset or view in the second buffer
  bool has_offsets = false;           ///< one more than there are rows
  std::size_t list_size = 0;          ///< of a list of fixed size
  std::vector<ArrowType> children;    ///< of a list its elements, of a map its pairs
  std::unique_ptr<ArrowType> dictionary;  ///< of the values, if the column holds their places

  [[nodiscard]] bool is_text() const noexcept {
    return kind == ArrowKind::utf8 || kind == ArrowKind::large_utf8 || kind == ArrowKind::utf8_view;
  }

  [[nodiscard]] bool is_list() const noexcept {
    return ArrowKind::list <= kind && kind <= ArrowKind::fixed_list;
  }
};

/// Reads a schema.
/// @throws ArgumentError  if it breaks Arrow's rules
[[nodiscard]] ArrowType arrow_type(const ArrowSchema& schema);

/// As errors name a type: `the Arrow type 'u'`.
[[nodiscard]] std::string type_text(const ArrowType& type);

/// As errors name a column: ` of column 'id'`; empty if it has no name.
[[nodiscard]] std::string of_column(const ArrowType& type);

}  // namespace fleetstatus
