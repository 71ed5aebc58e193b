#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/error.hpp"
#include "base/large_pages.hpp"
#include "bindings/bindings.hpp"
#include "bindings/gil.hpp"
#include "changes/change_kind.hpp"
#include "metrics/metric_families.hpp"
#include "metrics/openmetrics.hpp"

namespace fleetstatus {
namespace {

/// Fleet, kind, after, count.
using Count = std::tuple<std::string, std::string, std::string, std::int64_t>;

template <class Enum, std::size_t N>
Enum known(const Names<Enum, N>& names, const std::string& name) {
  const auto found = names.find(name);
  if (!found) throw py::key_error(name);
  return *found;
}

std::vector<ChangeCount> change_counts(const std::vector<Count>& counts) {
  std::vector<ChangeCount> changes;
  for (const auto& [fleet, kind, after, count] : counts) {
    changes.push_back({fleet, known(change_kinds, kind), after, count});
  }
  return changes;
}

/// A str, which Python would fill page by page. Row of the benchmark: metrics of all devices.
py::str to_str(std::string_view text) {
  constexpr Py_UCS4 largest_character = 0x7F;
  unsigned char all_bits = 0;
  for (const char c : text) all_bits |= static_cast<unsigned char>(c);
  if (all_bits > largest_character) return {text.data(), text.size()};
  auto str = py::reinterpret_steal<py::str>(
      PyUnicode_New(static_cast<py::ssize_t>(text.size()), largest_character));
  if (!str) throw py::error_already_set();
  void* const memory = PyUnicode_DATA(str.ptr());
  prefer_large_pages(memory, text.size());
  std::memcpy(memory, text.data(), text.size());
  return str;
}

py::str metrics_text(const StatusTable& table, const std::optional<std::vector<Count>>& changes,
                     const std::string& detail, std::size_t limit, const std::string& format) {
  const MetricsOptions options{known(metrics_details, detail), limit,
                               known(metrics_formats, format)};
  const auto counts = changes ? std::optional{change_counts(*changes)} : std::nullopt;
  const TextBuffer text = [&] {
    const WithoutGil no_gil;
    return openmetrics(table, counts, options);
  }();
  return to_str({text.data(), text.size()});
}

/// (name, type, unit, labels, help) of each family.
py::list families() {
  py::list list;
  for (const MetricFamilyEntry& entry : metric_family_table) {
    const std::vector<std::string> labels{entry.labels.begin(),
                                          entry.labels.begin() + entry.n_labels()};
    list.append(
        py::make_tuple(entry.name, metric_types[entry.type], entry.unit, labels, entry.help));
  }
  return list;
}

}  // namespace

void bind_metrics(py::module_& m) {
  m.def("openmetrics", &metrics_text, py::arg("table"), py::arg("changes"), py::arg("detail"),
        py::arg("limit"), py::arg("format"));
  m.def("metric_families", &families);
  m.def("metrics_details", [] { return to_strings(metrics_details.names); });
  m.def("metrics_formats", [] { return to_strings(metrics_formats.names); });
  m.def("kinds_to_labels", [] {
    std::vector<std::string> kinds;
    for (const ChangeKindEntry& entry : change_kind_table) {
      if (leads_to_label(entry.kind)) kinds.emplace_back(entry.name);
    }
    return kinds;
  });
}

}  // namespace fleetstatus
