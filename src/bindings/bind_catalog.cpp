#include <string>
#include <vector>

#include "bindings/bindings.hpp"
#include "bindings/datetimes.hpp"
#include "core/attention.hpp"
#include "core/capability.hpp"
#include "core/configuration.hpp"
#include "core/heartbeat.hpp"
#include "core/schemes.hpp"
#include "core/update_status.hpp"
#include "readers/field_table.hpp"
#include "readers/json_error.hpp"
#include "readers/json_index.hpp"

namespace fleetstatus {
namespace {

template <class Enum, std::size_t N>
std::vector<std::string> list_of(const Names<Enum, N>& names) {
  return {names.names.begin(), names.names.end()};
}

std::vector<std::string> labels(StatusScheme scheme) {
  const auto& labels = scheme_of(scheme).labels;
  return {labels.begin(), labels.end()};
}

py::list fields() {
  py::list list;
  for (const FieldEntry& entry : field_table) {
    py::dict field;
    field["name"] = entry.name;
    field["kind"] = field_kind_names[static_cast<std::size_t>(entry.kind)];
    field["selectable"] = entry.in_api;
    field["cloud_only"] = entry.cloud_only;
    field["hides"] = entry.hides;
    field["needed"] = entry.need != Need::optional || entry.need_in_library_2020 != Need::optional;
    list.append(std::move(field));
  }
  return list;
}

std::string pybind11_version() {
  return std::to_string(PYBIND11_VERSION_MAJOR) + "." + std::to_string(PYBIND11_VERSION_MINOR) +
         "." + std::to_string(PYBIND11_VERSION_MICRO);
}

}  // namespace

void bind_catalog(py::module_& m) {
  m.def("schemes", [] { return list_of(status_schemes); });
  m.def(
      "labels", [](int scheme) { return labels(static_cast<StatusScheme>(scheme)); },
      py::arg("scheme"));
  m.def("reasons", [] { return list_of(reasons); });
  m.def("heartbeat_states", [] { return list_of(heartbeat_states); });
  m.def("update_statuses", [] { return list_of(update_statuses); });
  m.def("attentions", [] { return list_of(attentions); });
  m.def("capabilities", [] { return list_of(capability_names); });
  m.def("fields", &fields);
  m.def("variable_names", [] {
    std::vector<std::string> names;
    for (const auto& list : {vpn_control_names, poll_interval_names}) {
      names.insert(names.end(), list.begin(), list.end());
    }
    return names;
  });
  m.def(
      "heartbeat_window_s",
      [](std::optional<std::int64_t> poll_interval_ms) {
        const auto interval =
            poll_interval_ms ? std::optional{Milliseconds{*poll_interval_ms}} : std::nullopt;
        return heartbeat_window(interval).count();
      },
      py::arg("poll_interval_ms"));
  m.attr("heartbeat_grace_s") = heartbeat_grace.count();
  m.def(
      "datetime_ms", [](py::handle moment) { return to_ms(from_datetime(moment)); },
      py::arg("moment"));
  m.def(
      "parse_timestamp_ms", [](const std::string& text) { return to_ms(parse_timestamp(text)); },
      py::arg("text"));
  m.attr("version") = FLEETSTATUS_VERSION;
  m.def("build_info", [] {
    py::dict info;
    info["compiler"] = FLEETSTATUS_COMPILER;
    info["build_type"] = FLEETSTATUS_BUILD_TYPE;
    info["simdjson"] = simdjson_version();
    info["simdjson_implementation"] = simdjson_implementation();
    info["nlohmann_json"] = nlohmann_json_version();
    info["pybind11"] = pybind11_version();
    return info;
  });
}

}  // namespace fleetstatus
