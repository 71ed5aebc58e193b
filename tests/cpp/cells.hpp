#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <memory>
#include <string>

#include "rules/timestamp.hpp"
#include "table/column.hpp"
#include "table/status_table.hpp"

namespace fleetstatus::testing {

/// Makes the labels of codes from texts.
template <class Texts>
std::shared_ptr<const Labels> as_labels(const Texts& texts) {
  return std::make_shared<const Labels>(texts.begin(), texts.end());
}

/// The shortest text that is this number alone.
inline std::string shortest(double number) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr};
}

/// One value as text; `null` if it is null.
inline std::string cell(const Column& column, std::size_t row) {
  if (!column.is_valid(row)) return "null";
  if (column.has_text() || column.has_codes()) return std::string{*column.text(row)};
  if (column.type() == ColumnType::boolean) return column.boolean(row) ? "true" : "false";
  if (column.type() == ColumnType::timestamp) return format_timestamp(*column.timestamp(row));
  if (column.type() == ColumnType::float64) return shortest(column.value<double>(row));
  return std::to_string(column.integer(row));
}

inline std::string cell(const StatusTable& table, ColumnId id, std::size_t row = 0) {
  return cell(table.column(id), row);
}

/// All values of a column as text: `a|b|null`.
inline std::string cells(const Column& column) {
  std::string all;
  for (std::size_t row = 0; row < column.size(); ++row) {
    all.append(row == 0 ? "" : "|").append(cell(column, row));
  }
  return all;
}

inline std::string cells(const StatusTable& table, ColumnId id) { return cells(table.column(id)); }

}  // namespace fleetstatus::testing
