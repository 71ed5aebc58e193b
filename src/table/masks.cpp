#include "table/masks.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <string_view>
#include <unordered_set>

#include "base/error.hpp"
#include "base/keyed_hash.hpp"
#include "rules/update_status.hpp"
#include "table/fill_column.hpp"

namespace fleetstatus {
namespace {

using Flag = std::optional<bool>;

template <class Ask>
Column ask_each(std::size_t size, Ask ask) {
  return fill_column(ColumnType::boolean, size, {}, ask);
}

/// @param ask  called with each row that is not null
template <class Ask>
Column ask_each_valid(const Column& column, Ask ask) {
  return ask_each(column.size(), [&](std::size_t row) {
    return column.is_valid(row) ? Flag{ask(row)} : std::nullopt;
  });
}

/// @param ask  called with the index of each label
template <class Ask>
Column ask_each_label(const Column& column, Ask ask) {
  std::vector<bool> answers;
  for (std::size_t code = 0; code < column.labels()->size(); ++code) answers.push_back(ask(code));
  return ask_each_valid(column, [&](std::size_t row) -> bool {
    return answers[static_cast<std::size_t>(column.code(row))];
  });
}

/// @param ask  called with each text
template <class Ask>
Column ask_each_text(const Column& column, Ask ask) {
  if (column.has_codes()) {
    return ask_each_label(column, [&](std::size_t code) { return ask((*column.labels())[code]); });
  }
  return ask_each_valid(column, [&](std::size_t row) { return ask(*column.text(row)); });
}

/// Size in bytes of the first character of a UTF-8 text. Precondition: the text is not empty.
std::size_t size_of_letter(std::string_view text) noexcept {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) ++size;
  return size;
}

/// Whether a text matches a pattern; each `*` takes as few characters as possible.
bool fits(std::string_view text, std::string_view pattern) noexcept {
  std::string_view text_behind_star;
  std::string_view pattern_behind_star;
  bool has_star = false;
  while (!text.empty() || !pattern.empty()) {
    if (pattern.starts_with('*')) {
      has_star = true;
      pattern.remove_prefix(1);
      pattern_behind_star = pattern;
      text_behind_star = text;
    } else if (pattern.starts_with('?') && !text.empty()) {
      pattern.remove_prefix(1);
      text.remove_prefix(size_of_letter(text));
    } else if (!pattern.empty() && !text.empty() && pattern.front() == text.front()) {
      pattern.remove_prefix(1);
      text.remove_prefix(1);
    } else if (has_star && !text_behind_star.empty()) {
      text_behind_star.remove_prefix(size_of_letter(text_behind_star));
      text = text_behind_star;
      pattern = pattern_behind_star;
    } else {
      return false;
    }
  }
  return true;
}

Flag flag_at(const Column& column, std::size_t row) {
  return column.is_valid(row) ? Flag{column.boolean(row)} : std::nullopt;
}

void check_flags(const Column& column) {
  if (column.type() != ColumnType::boolean) throw ArgumentError("expected a column of bools");
}

void check_flags(const Column& left, const Column& right) {
  check_flags(left);
  check_flags(right);
  if (left.size() != right.size()) {
    throw ArgumentError("columns of different length: " + std::to_string(left.size()) + " and " +
                        std::to_string(right.size()));
  }
}

}  // namespace

Column is_in_texts(const Column& column, const std::vector<std::string>& texts) {
  const std::unordered_set<std::string_view, KeyedHash> wanted{texts.begin(), texts.end()};
  return ask_each_text(column, [&](std::string_view text) { return wanted.contains(text); });
}

Column matches(const Column& column, const std::vector<std::string>& patterns) {
  return ask_each_text(column, [&](std::string_view text) {
    return std::ranges::any_of(patterns,
                               [&](const std::string& pattern) { return fits(text, pattern); });
  });
}

Column is_in_integers(const Column& column, const std::vector<std::int64_t>& numbers) {
  const std::unordered_set<std::int64_t, KeyedHash> wanted{numbers.begin(), numbers.end()};
  const auto is_wanted = [&](auto number) {
    return wanted.contains(static_cast<std::int64_t>(number));
  };
  if (column.has_codes()) return ask_each_label(column, is_wanted);
  return ask_each_valid(column, [&](std::size_t row) { return is_wanted(column.integer(row)); });
}

Column has_bits(const Column& column, std::uint16_t bits) {
  return ask_each_valid(column,
                        [&](std::size_t row) { return (column.integer(row) & bits) == bits; });
}

Column has_lasted(const Column& since, Timestamp now, Milliseconds at_least) {
  return ask_each_valid(since, [&](std::size_t row) {
    return *duration_since(since.timestamp(row), now) >= at_least;
  });
}

Column both(const Column& left, const Column& right) {
  check_flags(left, right);
  return ask_each(left.size(), [&](std::size_t row) {
    const Flag a = flag_at(left, row);
    const Flag b = flag_at(right, row);
    if (a == false || b == false) return Flag{false};
    return a && b ? Flag{true} : std::nullopt;
  });
}

Column either(const Column& left, const Column& right) {
  return invert(both(invert(left), invert(right)));
}

Column invert(const Column& column) {
  check_flags(column);
  return ask_each_valid(column, [&](std::size_t row) { return !column.boolean(row); });
}

std::vector<std::size_t> true_rows(const Column& mask) {
  check_flags(mask);
  const auto* const flags = mask.values().as<std::uint8_t>();
  const auto* const validity = mask.validity().as<std::uint8_t>();
  std::vector<std::size_t> rows;
  for (std::size_t first = 0; first < mask.size(); first += 8) {
    unsigned bits = flags[first / 8];
    if (validity != nullptr) bits &= validity[first / 8];
    if (mask.size() - first < 8) bits &= (1U << (mask.size() - first)) - 1U;
    for (; bits != 0; bits &= bits - 1) {
      rows.push_back(first + static_cast<unsigned>(std::countr_zero(bits)));
    }
  }
  return rows;
}

}  // namespace fleetstatus
