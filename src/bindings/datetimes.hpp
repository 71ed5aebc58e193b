#pragma once

#include <optional>

#include "bindings/bindings.hpp"
#include "rules/timestamp.hpp"

namespace fleetstatus {

/// An aware datetime in UTC.
[[nodiscard]] py::object to_datetime(Timestamp time);

[[nodiscard]] bool is_datetime(py::handle object);

[[nodiscard]] bool is_naive(py::handle datetime);

/// A datetime rounded down to milliseconds; none if it is naive or out of range.
[[nodiscard]] std::optional<Timestamp> from_datetime(py::handle datetime);

/// A naive datetime taken as UTC; none if it is out of range.
[[nodiscard]] std::optional<Timestamp> from_naive_datetime(py::handle datetime);

}  // namespace fleetstatus
