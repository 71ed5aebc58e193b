#include "table/masks.hpp"

#include <optional>
#include <unordered_set>

#include "core/error.hpp"
#include "core/keyed_hash.hpp"
#include "core/update_status.hpp"

namespace fleetstatus {
namespace {

using Flag = std::optional<bool>;

template <class Ask>
Column ask_each(std::size_t size, Ask ask) {
  BooleanBuilder answers;
  for (std::size_t row = 0; row < size; ++row) answers.push_back(ask(row));
  return answers.finish();
}

template <class Ask>
Column ask_each_valid(const Column& column, Ask ask) {
  return ask_each(column.size(), [&](std::size_t row) {
    return column.is_valid(row) ? Flag{ask(row)} : std::nullopt;
  });
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
  return ask_each_valid(column,
                        [&](std::size_t row) { return wanted.contains(*column.text(row)); });
}

Column is_in_integers(const Column& column, const std::vector<std::int64_t>& numbers) {
  const std::unordered_set<std::int64_t, KeyedHash> wanted{numbers.begin(), numbers.end()};
  return ask_each_valid(column,
                        [&](std::size_t row) { return wanted.contains(column.integer(row)); });
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
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < mask.size(); ++row) {
    if (flag_at(mask, row) == true) rows.push_back(row);
  }
  return rows;
}

}  // namespace fleetstatus
