#include "table/flat_column.hpp"

#include <cstdint>
#include <optional>

#include "table/fill_column.hpp"
#include "table/text_builder.hpp"

namespace fleetstatus {
namespace {

Column texts_of_labels(const Column& column) {
  return fill_column(ColumnType::large_utf8, column.size(), {},
                     [&](std::size_t row) { return column.text(row); });
}

Column microseconds_of(const Column& column) {
  return fill_column(ColumnType::timestamp_us, column.size(), {}, [&](std::size_t row) {
    const auto time = column.timestamp(row);
    return time && is_representable(*time) ? std::optional{Microseconds{*time}} : std::nullopt;
  });
}

Column int32_of(const Column& column) {
  return fill_column(ColumnType::int32, column.size(), {}, [&](std::size_t row) {
    return column.is_valid(row) ? std::optional{std::int32_t{column.value<std::uint16_t>(row)}}
                                : std::nullopt;
  });
}

}  // namespace

Column flat(const Column& column) {
  switch (column.type()) {
    case ColumnType::code8:
    case ColumnType::code32: return texts_of_labels(column);
    case ColumnType::utf8:
    case ColumnType::utf8_view:
      return Column{{copy_texts(column.texts()->chunks(), TextLayout::large_utf8)}};
    case ColumnType::uint16: return int32_of(column);
    case ColumnType::timestamp: return microseconds_of(column);
    case ColumnType::int64:
    case ColumnType::int32:
    case ColumnType::float64:
    case ColumnType::boolean:
    case ColumnType::timestamp_us:
    case ColumnType::large_utf8: break;
  }
  return column;
}

}  // namespace fleetstatus
