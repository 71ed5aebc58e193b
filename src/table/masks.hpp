#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "rules/timestamp.hpp"
#include "table/column.hpp"

namespace fleetstatus {

// Predicates on each value of a column: true, false, or null if the value is null.

/// Whether a text or a label is one of those given.
[[nodiscard]] Column is_in_texts(const Column& column, const std::vector<std::string>& texts);

/// Whether a text or a label matches one of the patterns: `*` matches any number of characters, `?`
/// matches one.
[[nodiscard]] Column matches(const Column& column, const std::vector<std::string>& patterns);

/// Whether a number, flag, code or timestamp (milliseconds) is one of those given.
[[nodiscard]] Column is_in_integers(const Column& column, const std::vector<std::int64_t>& numbers);

/// Whether all given bits are set.
[[nodiscard]] Column has_bits(const Column& column, std::uint16_t bits);

/// Whether at least `at_least` has passed between each time and `now`.
/// @param since  a column of timestamps
[[nodiscard]] Column has_lasted(const Column& since, Timestamp now, Milliseconds at_least);

// Three-valued logic, as in SQL: a result is null only if it depends on a null.
[[nodiscard]] Column both(const Column& left, const Column& right);
[[nodiscard]] Column either(const Column& left, const Column& right);
[[nodiscard]] Column invert(const Column& column);

/// The rows where a column of flags is true.
[[nodiscard]] std::vector<std::size_t> true_rows(const Column& mask);

}  // namespace fleetstatus
