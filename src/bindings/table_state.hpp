#pragma once

#include "bindings/bindings.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// The state of a table for pickle: the facts and what was read, without the answers.
[[nodiscard]] py::tuple state_of(const StatusTable& table);

/// @throws ArgumentError  if the state is damaged
[[nodiscard]] StatusTable table_from(const py::tuple& state);

}  // namespace fleetstatus
