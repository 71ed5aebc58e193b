#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings/bindings.hpp"
#include "bindings/gil.hpp"
#include "changes/change_columns.hpp"
#include "changes/change_kind.hpp"
#include "changes/diff.hpp"

namespace fleetstatus {
namespace {

using Fleets = std::optional<std::vector<std::string>>;

py::tuple counts_of(const SnapshotCounts& counts) {
  return py::make_tuple(counts.unreadable, counts.duplicates, counts.without_uuid);
}

/// The columns, the counts of rows that took no part, and notes.
py::tuple difference_of(const StatusTable& old_table, const StatusTable& new_table, bool complete,
                        const Fleets& fleets) {
  const Difference difference = [&] {
    const WithoutGil no_gil;
    return diff(old_table, new_table, {complete, fleets});
  }();
  return py::make_tuple(difference.columns, counts_of(difference.rest), difference.notes);
}

}  // namespace

void bind_changes(py::module_& m) {
  m.def("change_columns", [] { return to_strings(change_column_names); });
  m.def("change_kinds", [] {
    std::vector<std::pair<std::string, std::string>> kinds;
    for (const ChangeKindEntry& entry : change_kind_table) {
      kinds.emplace_back(entry.name, entry.meaning);
    }
    return kinds;
  });
  m.def("causes", [] { return to_strings(causes.names); });
  m.def("empty_changes", [] { return change_columns({}); });
  m.def("diff", &difference_of, py::arg("old"), py::arg("new"), py::arg("complete"),
        py::arg("fleets"));
}

}  // namespace fleetstatus
