#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace fleetstatus {

/// The error of a row that could not be read in full.
struct RowError {
  std::size_t row;
  std::string message;
};

/// Sorted by row.
using RowErrors = std::vector<RowError>;

/// @return null if the row has no error
[[nodiscard]] inline const RowError* find_error(const RowErrors& errors, std::size_t row) noexcept {
  const auto found = std::ranges::lower_bound(errors, row, {}, &RowError::row);
  return found != errors.end() && found->row == row ? &*found : nullptr;
}

}  // namespace fleetstatus
