#include "records/decode/arrow_value.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <type_traits>

#include "base/utf8.hpp"
#include "records/decode/visit_values.hpp"
#include "records/problem.hpp"
#include "rules/timestamp.hpp"

namespace fleetstatus {
namespace {

/// Formats a number like Python and JSON: 1.0 does not become 1.
std::string text_of(double number) {
  constexpr double exact = 9007199254740992.0;  // 2^53
  if (std::trunc(number) == number && std::abs(number) < exact) {
    return std::to_string(static_cast<std::int64_t>(number)) + ".0";
  }
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return {buffer.data(), end};
}

}  // namespace

ArrowValue::ArrowValue(const ArrowColumn& column, std::size_t row) : column_(&column), row_(row) {
  while (true) {
    is_null_ = !column_->is_valid(row_);
    const ArrowColumn* const dictionary = column_->dictionary();
    if (is_null_ || dictionary == nullptr) return;
    const auto code = static_cast<std::uint64_t>(column_->integer(row_));  // negative ones wrap
    is_out_of_range_ = code >= dictionary->size();
    if (is_out_of_range_) return;
    column_ = dictionary;
    row_ = static_cast<std::size_t>(code);
  }
}

Scalar ArrowValue::scalar() const {
  if (is_null_) return Scalar{};
  if (is_out_of_range_) return Scalar::other();
  return visit_values(*column_, row_, [](auto value_at) {
    const auto [value, fits] = value_at(0);
    using Kind = std::decay_t<decltype(value)>;
    if constexpr (std::is_same_v<Kind, double>) {
      if (std::isnan(value)) return Scalar{};
    } else if constexpr (std::is_same_v<Kind, std::string_view>) {
      if (!is_utf8(value)) return Scalar::other();
    }
    return fits ? Scalar::from(value) : Scalar::other();
  });
}

std::string ArrowValue::short_form() const {
  if (is_out_of_range_) return "a code that its dictionary does not have";
  const Scalar value = scalar();
  switch (value.kind) {
    case Scalar::Kind::null: return "null";
    case Scalar::Kind::boolean: return value.boolean ? "true" : "false";
    case Scalar::Kind::integer: return std::to_string(value.integer);
    case Scalar::Kind::real: return fleetstatus::short_form(text_of(value.real));
    case Scalar::Kind::text: return quoted_short_form(value.text);
    case Scalar::Kind::timestamp: return format_timestamp(value.timestamp);
    case Scalar::Kind::local_time: return "a timestamp without a zone";
    case Scalar::Kind::other: break;
  }
  if (is_object()) return "an object";
  if (is_list()) return "a list";
  if (column_->type().is_text()) return "text that is not UTF-8";
  if (kind() == ArrowKind::uint64) return "a number of more than 63 bits";
  if (kind() == ArrowKind::timestamp) {
    return "a timestamp outside of the years 1 to 9999";
  }
  return "a value of " + type_text(column_->type());
}

std::optional<std::string> ArrowValue::plain_text() const {
  const Scalar value = scalar();
  switch (value.kind) {
    case Scalar::Kind::text: return std::string{value.text};
    case Scalar::Kind::null:
    case Scalar::Kind::local_time: return std::nullopt;
    case Scalar::Kind::other: break;
    default: return short_form();
  }
  if (kind() != ArrowKind::uint64 || is_out_of_range_) return std::nullopt;
  return std::to_string(column_->number<std::uint64_t>(row_));
}

}  // namespace fleetstatus
