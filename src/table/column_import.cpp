#include "table/column_import.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "records/decode/arrow_text.hpp"
#include "records/problem.hpp"
#include "records/record_error.hpp"
#include "rules/timestamp.hpp"
#include "table/fill_column.hpp"
#include "table/label_index.hpp"
#include "table/text_builder.hpp"

namespace fleetstatus {
namespace {

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

/// Reads the rows of one column of a batch.
class ColumnImport {
 public:
  ColumnImport(const ArrowColumn& from, std::string_view name, ImportedRows rows)
      : from_(from), name_(name), begin_(rows.begin), n_(rows.n), first_row_(rows.first_row) {}

  [[nodiscard]] Column column(const WantedColumn& wanted) const {
    const ColumnType type = wanted.type;
    const std::shared_ptr<const Labels>& labels = wanted.labels;
    if (values_of(from_.type()).kind == ArrowKind::null) return nulls(type, labels);
    if (type == ColumnType::code8) return codes_of(*labels, labels);
    if (type == ColumnType::code32) return codes();
    if (const auto layout = layout_of(type)) return texts(*layout, wanted.any_layout);
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

}  // namespace

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

Column import_column(const WantedColumn& wanted, const ArrowColumn& from, ImportedRows rows) {
  return ColumnImport{from, wanted.name, rows}.column(wanted);
}

}  // namespace fleetstatus
