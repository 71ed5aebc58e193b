#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/error.hpp"
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

py::str text_of(const StatusTable& table, const std::optional<std::vector<Count>>& changes,
                const std::string& detail, std::size_t limit, const std::string& format) {
  const MetricsOptions options{known(metrics_details, detail), limit,
                               known(metrics_formats, format)};
  const auto counts = changes ? std::optional{change_counts(*changes)} : std::nullopt;
  const TextBuffer text = [&] {
    const WithoutGil no_gil;
    return openmetrics(table, counts, options);
  }();
  return {text.data(), text.size()};
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

template <class Names>
std::vector<std::string> list_of(const Names& names) {
  return {names.names.begin(), names.names.end()};
}

}  // namespace

void bind_metrics(py::module_& m) {
  m.def("openmetrics", &text_of, py::arg("table"), py::arg("changes"), py::arg("detail"),
        py::arg("limit"), py::arg("format"));
  m.def("metric_families", &families);
  m.def("metrics_details", [] { return list_of(metrics_details); });
  m.def("metrics_formats", [] { return list_of(metrics_formats); });
  m.def("kinds_to_labels", [] {
    std::vector<std::string> kinds;
    for (const ChangeKindEntry& entry : change_kind_table) {
      if (leads_to_label(entry.kind)) kinds.emplace_back(entry.name);
    }
    return kinds;
  });
}

}  // namespace fleetstatus
