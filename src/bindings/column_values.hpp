#pragma once

#include <cstddef>

#include "bindings/bindings.hpp"
#include "table/column.hpp"

namespace fleetstatus {

/// A value as str, int, float, bool, aware datetime in UTC, or None.
[[nodiscard]] py::object value_at(const Column& column, std::size_t row);

/// The same for a range of rows.
[[nodiscard]] py::list to_list(const Column& column, std::size_t begin, std::size_t end);

}  // namespace fleetstatus
