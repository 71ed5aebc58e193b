#pragma once

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/timestamp.hpp"

namespace fleetstatus {

namespace py = pybind11;

void bind_errors(py::module_& m);
void bind_catalog(py::module_& m);
void bind_column(py::module_& m);
void bind_table(py::module_& m);
void bind_arrow(py::module_& m);
void bind_travel(py::module_& m);
void bind_reader(py::module_& m);
void bind_scan(py::module_& m);
void bind_changes(py::module_& m);
void bind_tracker(py::module_& m);
void bind_metrics(py::module_& m);

/// Names as Python gets them.
template <class Names>
[[nodiscard]] std::vector<std::string> to_strings(const Names& names) {
  return {names.begin(), names.end()};
}

// Times cross as milliseconds since 1970, UTC.

[[nodiscard]] inline Timestamp from_ms(std::int64_t ms) { return Timestamp{Milliseconds{ms}}; }

[[nodiscard]] inline std::optional<std::int64_t> to_ms(std::optional<Timestamp> time) {
  return time ? std::optional{time->time_since_epoch().count()} : std::nullopt;
}

}  // namespace fleetstatus
