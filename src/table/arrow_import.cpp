#include "table/arrow_import.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>

#include "base/error.hpp"
#include "records/decode/arrow_column.hpp"
#include "records/decode/arrow_text.hpp"
#include "records/problem.hpp"
#include "records/record_error.hpp"
#include "rules/timestamp.hpp"
#include "table/column_id.hpp"
#include "table/column_labels.hpp"
#include "table/fill_column.hpp"
#include "table/join_columns.hpp"
#include "table/label_index.hpp"
#include "table/text_builder.hpp"

namespace fleetstatus {
namespace {

constexpr std::string_view rule_bits_name = "rule_bits";
constexpr std::string_view fields_seen_name = "fields_seen";
/// A carried column is a column of summaries too, so it cannot have the name of one of theirs.
constexpr std::array<std::string_view, 5> names_of_summaries{"label", "devices", "share",
                                                             "median_duration_s", "p95_duration_s"};

bool is_integer(ArrowKind kind) { return ArrowKind::int8 <= kind && kind <= ArrowKind::uint64; }
bool is_float(ArrowKind kind) { return kind == ArrowKind::float32 || kind == ArrowKind::float64; }

/// The type of the values, which a dictionary may hold.
const ArrowType& values_of(const ArrowType& type) {
  return type.dictionary ? *type.dictionary : type;
}

/// A dictionary without values may have no type.
bool holds_text(const ArrowType& type) {
  return values_of(type).is_text() || (type.dictionary && type.dictionary->kind == ArrowKind::null);
}

/// The type of a column that is not one of a table's own; none if it cannot be carried.
std::optional<ColumnType> carried_type(const ArrowType& type) {
  if (holds_text(type) || type.kind == ArrowKind::null) return ColumnType::large_utf8;
  if (type.dictionary) return std::nullopt;
  if (type.kind == ArrowKind::boolean) return ColumnType::boolean;
  if (type.kind == ArrowKind::timestamp) return ColumnType::timestamp;
  if (is_integer(type.kind)) return ColumnType::int64;
  if (is_float(type.kind)) return ColumnType::float64;
  return std::nullopt;
}

std::string_view words_for(ColumnType type) {
  switch (type) {
    case ColumnType::int64:
    case ColumnType::int32:
    case ColumnType::uint16: return "whole numbers";
    case ColumnType::float64: return "numbers";
    case ColumnType::boolean: return "bools";
    case ColumnType::timestamp:
    case ColumnType::timestamp_us: return "times with a zone";
    default: return "text";
  }
}

bool may_hold(ColumnType type, const ArrowType& from) {
  if (from.kind == ArrowKind::null) return true;
  if (layout_of(type) || type == ColumnType::code8 || type == ColumnType::code32) {
    return holds_text(from);
  }
  if (from.dictionary) return false;
  if (type == ColumnType::boolean) return from.kind == ArrowKind::boolean;
  if (type == ColumnType::timestamp) return from.kind == ArrowKind::timestamp && from.has_zone;
  return is_integer(from.kind) || is_float(from.kind);
}

/// Reads the rows of one column of a batch.
class ColumnImport {
 public:
  /// @param begin      the first row in the Arrow column
  /// @param first_row  of the batch, for messages
  ColumnImport(const ArrowColumn& from, std::string_view name, std::size_t begin, std::size_t n,
               std::size_t first_row)
      : from_(from), name_(name), begin_(begin), n_(n), first_row_(first_row) {}

  [[nodiscard]] Column column(ColumnType type, const std::shared_ptr<const Labels>& labels,
                              bool any_layout) {
    if (values_of(from_.type()).kind == ArrowKind::null) return nulls(type, labels);
    if (type == ColumnType::code8) return codes_of(*labels, labels);
    if (type == ColumnType::code32) return codes();
    if (const auto layout = layout_of(type)) return texts(*layout, any_layout);
    if (type == ColumnType::boolean)
      return filled<bool>(type, [&](std::size_t row) { return std::optional{from_.boolean(row)}; });
    if (type == ColumnType::timestamp)
      return filled<Timestamp>(type, [&](std::size_t row) { return std::optional{time(row)}; });
    if (type == ColumnType::float64)
      return filled<double>(type, [&](std::size_t row) { return std::optional{real(row)}; });
    if (type == ColumnType::uint16) return whole_numbers<std::uint16_t>(type);
    if (type == ColumnType::int32) return whole_numbers<std::int32_t>(type);
    return whole_numbers<std::int64_t>(type);
  }

 private:
  [[noreturn]] void refuse(std::size_t row, const std::string& value,
                           const std::string& expected) const {
    const std::string name{name_};
    throw RecordError{first_row_ + row - begin_,
                      ": " + name + " is " + value + ", expected " + expected, name, "/" + name,
                      value};
  }

  Column nulls(ColumnType type, const std::shared_ptr<const Labels>& labels) const {
    const bool is_open = type == ColumnType::code32;
    return Column::nulls(type, n_, is_open ? std::make_shared<const Labels>() : labels);
  }

  template <class T, class ValueAt>
  Column filled(ColumnType type, ValueAt value_at) const {
    return fill_column(type, n_, {}, [&](std::size_t i) {
      return from_.is_valid(begin_ + i) ? std::optional<T>{value_at(begin_ + i)} : std::nullopt;
    });
  }

  // Numbers and times

  [[nodiscard]] double real(std::size_t row) const {
    if (from_.type().kind == ArrowKind::float32) return double{from_.number<float>(row)};
    if (from_.type().kind == ArrowKind::float64) return from_.number<double>(row);
    return static_cast<double>(from_.integer(row));
  }

  template <class Number>
  [[nodiscard]] Column whole_numbers(ColumnType type) const {
    return fill_column(type, n_, {}, [&](std::size_t i) {
      return from_.is_valid(begin_ + i) ? whole<Number>(begin_ + i) : std::nullopt;
    });
  }

  /// NaN is how frames without nulls write them.
  template <class Number>
  [[nodiscard]] std::optional<Number> whole(std::size_t row) const {
    constexpr auto least = std::numeric_limits<Number>::min();
    constexpr auto most = std::numeric_limits<Number>::max();
    if (is_float(from_.type().kind)) {
      const double value = real(row);
      if (std::isnan(value)) return std::nullopt;
      constexpr double limit = 9'007'199'254'740'992;  // beyond it, not each number is its own
      const bool is_whole = std::abs(value) < limit && value == std::floor(value);
      if (!is_whole || value < static_cast<double>(least) || value > static_cast<double>(most)) {
        refuse(row, std::to_string(value), "a whole number in range");
      }
      return static_cast<Number>(value);
    }
    const std::int64_t value = from_.integer(row);
    const bool is_too_large = from_.type().kind == ArrowKind::uint64 && value < 0;
    if (is_too_large || std::cmp_less(value, least) || std::cmp_greater(value, most)) {
      refuse(
          row,
          is_too_large ? std::to_string(static_cast<std::uint64_t>(value)) : std::to_string(value),
          "a whole number in range");
    }
    return static_cast<Number>(value);
  }

  [[nodiscard]] Timestamp time(std::size_t row) const {
    const std::int64_t ticks = from_.integer(row);
    const std::int64_t per_second = from_.type().ticks_per_second;
    std::int64_t ms = 0;
    if (per_second == 1) {
      constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max() / 1000;
      ms = std::clamp(ticks, -limit, limit) * 1000;
    } else {
      const std::int64_t per_ms = per_second / 1000;
      ms = ticks / per_ms - (ticks % per_ms < 0 ? 1 : 0);
    }
    const Timestamp found{Milliseconds{ms}};
    if (!is_representable(found)) {
      refuse(row, std::to_string(ticks), "a time in the years 1 to 9999");
    }
    return found;
  }

  // Texts

  /// The row of the dictionary that a code names.
  [[nodiscard]] std::size_t row_of_code(std::size_t row) const {
    const std::int64_t code = from_.integer(row);
    if (std::cmp_less(code, 0) || std::cmp_greater_equal(code, from_.dictionary()->size())) {
      throw ArgumentError("the Arrow array" + of_column(from_.type()) +
                          " is broken: a code lies outside of its dictionary");
    }
    return static_cast<std::size_t>(code);
  }

  /// The column that holds the texts; they are checked once.
  [[nodiscard]] const ArrowColumn& checked() const {
    const bool has_codes = from_.dictionary() != nullptr;
    const ArrowColumn& values = has_codes ? *from_.dictionary() : from_;
    const std::size_t first = has_codes ? 0 : begin_;
    if (!are_utf8(values.texts(), first, has_codes ? values.size() : n_)) {
      throw ArgumentError("the Arrow array" + of_column(from_.type()) +
                          " is broken: it holds text that is no UTF-8");
    }
    return values;
  }

  Column texts(TextLayout layout, bool any_layout) const {
    const ArrowColumn& values = checked();
    if (from_.dictionary() == nullptr) {
      const TextChunk chunk = values.texts().slice(begin_, n_);
      if (any_layout || chunk.layout == layout) return Column{{chunk}};
      return Column{{copy_texts(std::array{chunk}, layout)}};
    }
    return filled<std::string_view>(
        type_of(layout), [&](std::size_t row) { return values.texts()[row_of_code(row)]; });
  }

  /// @param code_of  returns the code of a text
  template <class Code, class CodeOf>
  Column coded(ColumnType type, std::shared_ptr<const Labels> labels, CodeOf code_of) const {
    const ArrowColumn& values = checked();
    if (from_.dictionary() == nullptr) {
      return fill_column(type, n_, std::move(labels), [&](std::size_t i) {
        const auto text = values.texts()[begin_ + i];
        return text ? std::optional<Code>{code_of(*text, begin_ + i)} : std::nullopt;
      });
    }
    constexpr std::int64_t unasked = -1;
    std::vector<std::int64_t> known(values.size(), unasked);
    return fill_column(type, n_, std::move(labels), [&](std::size_t i) {
      const std::size_t row = begin_ + i;
      if (!from_.is_valid(row)) return std::optional<Code>{};
      const std::size_t of_dictionary = row_of_code(row);
      const auto text = values.texts()[of_dictionary];
      if (!text) return std::optional<Code>{};
      std::int64_t& code = known[of_dictionary];
      if (code == unasked) code = code_of(*text, row);
      return std::optional<Code>{static_cast<Code>(code)};
    });
  }

  Column codes_of(const Labels& labels, const std::shared_ptr<const Labels>& shared) const {
    LabelIndex index;
    for (const std::string& label : labels) (void)index.code_of(label);
    return coded<std::int8_t>(ColumnType::code8, shared,
                              [&](std::string_view text, std::size_t row) {
                                const std::int32_t code = index.code_of(text);
                                if (static_cast<std::size_t>(code) >= labels.size()) {
                                  std::string all;
                                  for (const std::string& label : labels)
                                    all += (all.empty() ? "" : ", ") + label;
                                  refuse(row, quoted_short_form(text), "one of " + all);
                                }
                                return static_cast<std::int8_t>(code);
                              });
  }

  Column codes() const {
    LabelIndex index;
    Column column = coded<std::int32_t>(
        ColumnType::code32, {},
        [&](std::string_view text, std::size_t) { return index.code_of(text); });
    column.set_labels(std::make_shared<const Labels>(index.take()));
    return column;
  }

  const ArrowColumn& from_;
  std::string_view name_;
  std::size_t begin_;
  std::size_t n_;
  std::size_t first_row_;
};

std::int32_t number_at(const char* at) {
  std::int32_t number = 0;
  std::memcpy(&number, at, sizeof number);
  if (number < 0) throw ArgumentError("the metadata of an Arrow schema is broken");
  return number;
}

}  // namespace

std::optional<std::string> metadata_of(const ArrowSchema& schema, std::string_view key) {
  const char* at = schema.metadata;
  if (at == nullptr) return std::nullopt;
  const auto take = [&] {
    const auto size = static_cast<std::size_t>(number_at(at));
    const std::string_view text{at + sizeof(std::int32_t), size};
    at += sizeof(std::int32_t) + size;
    return text;
  };
  const std::int32_t n = number_at(at);
  at += sizeof n;
  for (std::int32_t i = 0; i < n; ++i) {
    const std::string_view name = take();
    const std::string_view value = take();
    if (name == key) return std::string{value};
  }
  return std::nullopt;
}

TableReader::TableReader(ArrowType type, StatusScheme scheme)
    : type_(std::move(type)), scheme_(scheme) {
  if (type_.kind != ArrowKind::structure || type_.dictionary) {
    throw ArgumentError("a table has columns; this is an array of " + type_text(type_));
  }
  std::map<std::string_view, std::size_t> children;
  for (std::size_t i = 0; i < type_.children.size(); ++i) {
    const std::string_view name = type_.children[i].name;
    if (!children.emplace(name, i).second) {
      throw ArgumentError("the column " + quoted_short_form(name) + " is there twice");
    }
  }
  std::string missing;
  for (const std::string_view name : column_names) {
    const auto found = children.find(name);
    if (found == children.end()) {
      missing += (missing.empty() ? "" : ", ") + std::string{name};
    } else {
      sources_.push_back(source_of(name, found->second));
      children.erase(found);
    }
  }
  if (!missing.empty()) {
    throw ArgumentError("these are not all columns of a table: there is no " + missing);
  }
  for (std::size_t i = 0; i < type_.children.size(); ++i) {
    if (children.contains(type_.children[i].name)) {
      sources_.push_back(source_of(type_.children[i].name, i));
    }
  }
}

TableReader::Source TableReader::source_of(std::string_view name, std::size_t child) const {
  const ArrowType& from = type_.children[child];
  Source source{std::string{name}, child, ColumnType::int64, {}, false};
  const auto own = std::ranges::find(column_names, name);
  if (own != column_names.end()) {
    const auto id = static_cast<ColumnId>(own - column_names.begin());
    source.type = entry_of(id).type;
    source.labels = labels_of(id, scheme_);
    source.any_layout = id == ColumnId::uuid || id == ColumnId::device_name;
  } else if (name != rule_bits_name && name != fields_seen_name) {
    const auto type = carried_type(from);
    if (name.empty() || std::ranges::find(names_of_summaries, name) != names_of_summaries.end()) {
      throw ArgumentError("a carried column cannot have the name " + quoted_short_form(name) +
                          "; rename or drop it");
    }
    if (!type) {
      throw ArgumentError("the column " + quoted_short_form(name) + " holds " + type_text(from) +
                          ", which cannot be carried; drop it");
    }
    source.type = *type;
  }
  if (!may_hold(source.type, from)) {
    throw ArgumentError("the column " + quoted_short_form(name) + " holds " + type_text(from) +
                        ", expected " + std::string{words_for(source.type)});
  }
  return source;
}

void TableReader::read(const SharedArrowArray& batch) {
  const ArrowColumn rows{type_, *batch, batch};
  for (std::size_t row = 0; rows.has_nulls() && row < rows.size(); ++row) {
    if (!rows.is_valid(row)) throw ArgumentError("the Arrow batch is broken: a row is null");
  }
  const std::size_t begin = rows.row_of_members(0);
  for (Source& source : sources_) {
    ColumnImport import{rows.child(source.child), source.name, begin, rows.size(), n_rows_};
    source.parts.push_back(import.column(source.type, source.labels, source.any_layout));
  }
  n_rows_ += rows.size();
}

ReadColumns TableReader::finish() {
  ReadColumns columns;
  for (Source& source : sources_) {
    const bool is_open = source.type == ColumnType::code32;
    if (source.parts.empty()) {
      source.parts.push_back(Column::nulls(
          source.type, 0, is_open ? std::make_shared<const Labels>() : source.labels));
    }
    Column column = join_columns(source.parts);
    if (columns.shown.size() < column_names.size()) {
      columns.shown.push_back(std::move(column));
    } else if (source.name == rule_bits_name) {
      columns.rule_bits = std::move(column);
    } else if (source.name == fields_seen_name) {
      columns.fields_seen = std::move(column);
    } else {
      columns.carried.emplace_back(source.name, std::move(column));
    }
  }
  return columns;
}

}  // namespace fleetstatus
