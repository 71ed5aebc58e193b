#include "table/write.hpp"

#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <vector>

#include "rules/timestamp.hpp"

namespace fleetstatus {
namespace {

using nlohmann::ordered_json;

ordered_json json_value(const Column& column, std::size_t row) {
  if (!column.is_valid(row)) return nullptr;
  if (column.has_text() || column.has_codes()) return *column.text(row);
  if (column.type() == ColumnType::boolean) return column.boolean(row);
  if (column.type() == ColumnType::timestamp) return format_timestamp(*column.timestamp(row));
  if (column.type() == ColumnType::float64) return column.value<double>(row);
  return column.integer(row);
}

std::string json_row(std::span<const NamedColumn> columns, std::size_t row) {
  ordered_json object;
  for (const auto& [name, column] : columns) object[name] = json_value(column, row);
  return object.dump();
}

/// Source: RFC 4180. Quotes a text that has a delimiter, a quote or a line break, or that is empty,
/// since null is written without quotes.
void append_csv_text(std::string& out, std::string_view text) {
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_csv_value(std::string& out, const Column& column, std::size_t row) {
  if (!column.is_valid(row)) return;
  if (column.has_text() || column.has_codes()) {
    append_csv_text(out, *column.text(row));
  } else if (column.type() == ColumnType::boolean) {
    out += column.boolean(row) ? "true" : "false";
  } else if (column.type() == ColumnType::timestamp) {
    out += format_timestamp(*column.timestamp(row));
  } else if (column.type() == ColumnType::float64) {
    out += ordered_json(column.value<double>(row)).dump();
  } else {
    out += std::to_string(column.integer(row));
  }
}

std::string csv_header(std::span<const NamedColumn> columns) {
  std::string line;
  for (const auto& [name, column] : columns) {
    if (!line.empty()) line += ',';
    append_csv_text(line, name);
  }
  return line + "\r\n";
}

std::string csv_row(std::span<const NamedColumn> columns, std::size_t row) {
  std::string line;
  bool is_first = true;
  for (const auto& [name, column] : columns) {
    if (!is_first) line += ',';
    is_first = false;
    append_csv_value(line, column, row);
  }
  return line + "\r\n";
}

}  // namespace

std::string write(std::span<const NamedColumn> columns, TextFormat format, std::size_t begin,
                  std::size_t end) {
  std::string text;
  if (begin == 0 && format == TextFormat::json) text += "[";
  if (begin == 0 && format == TextFormat::csv) text += csv_header(columns);
  for (std::size_t row = begin; row < end; ++row) {
    switch (format) {
      case TextFormat::json: text += (row == 0 ? "\n" : ",\n") + json_row(columns, row); break;
      case TextFormat::ndjson: text += json_row(columns, row) + "\n"; break;
      case TextFormat::csv: text += csv_row(columns, row); break;
    }
  }
  if (end == columns.front().second.size() && format == TextFormat::json) text += "\n]\n";
  return text;
}

}  // namespace fleetstatus
