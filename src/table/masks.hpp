#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "rules/timestamp.hpp"
#include "table/column.hpp"

namespace fleetstatus {

// Predicates on each value of a column: true, false, or null where the value is null.

/// Whether a text or a label is one of the given.
[[nodiscard]] Column is_in_texts(const Column& column, const std::vector<std::string>& texts);

/// Whether a text or a label matches one of the patterns: `*` matches any letters, `?` matches
/// one.
[[nodiscard]] Column matches(const Column& column, const std::vector<std::string>& patterns);

/// Whether a number, flag, code or timestamp (milliseconds) is one of the given.
[[nodiscard]] Column is_in_integers(const Column& column, const std::vector<std::int64_t>& numbers);

/// Whether all of the given bits are set.
[[nodiscard]] Column has_bits(const Column& column, std::uint16_t bits);

/// Whether something has lasted at least so long.
/// @param since  a column of timestamps
[[nodiscard]] Column has_lasted(const Column& since, Timestamp now, Milliseconds at_least);

// Three-valued logic, as in SQL: what does not depend on a null is known.
[[nodiscard]] Column both(const Column& left, const Column& right);
[[nodiscard]] Column either(const Column& left, const Column& right);
[[nodiscard]] Column invert(const Column& column);

/// The rows where a column of flags is true.
[[nodiscard]] std::vector<std::size_t> true_rows(const Column& mask);

}  // namespace fleetstatus
