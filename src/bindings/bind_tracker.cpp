#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bindings/bindings.hpp"
#include "bindings/gil.hpp"
#include "bindings/tracker_state.hpp"
#include "changes/tracker.hpp"

namespace fleetstatus {
namespace {

using Fleets = std::optional<std::vector<std::string>>;

TrackerOptions options_from(int scheme, std::int64_t hold_ms, std::int64_t gap_ms,
                            std::optional<std::pair<std::size_t, double>> outage,
                            std::optional<std::pair<std::size_t, std::size_t>> flapping,
                            std::int64_t forget_ms) {
  TrackerOptions options;
  options.scheme = static_cast<StatusScheme>(scheme);
  options.hold = Milliseconds{hold_ms};
  options.gap = Milliseconds{gap_ms};
  options.outage =
      outage ? std::optional{OutageLimits{outage->first, outage->second}} : std::nullopt;
  options.flapping =
      flapping ? std::optional{FlappingLimits{flapping->first, flapping->second}} : std::nullopt;
  options.forget = Milliseconds{forget_ms};
  return options;
}

std::vector<std::string> state_column_names() {
  return {state_columns.begin(), state_columns.end()};
}

std::shared_ptr<const Gaps> gaps_from(const std::vector<std::string>& fields) {
  auto gaps = std::make_shared<Gaps>();
  for (const std::string& field : fields) gaps->push_back({field, ""});
  return gaps;
}

void load_looks(Tracker& tracker, const py::list& looks) {
  using Row = std::tuple<LookNumber, std::int64_t, bool, Fleets, std::vector<std::string>>;
  for (const py::handle look : looks) {
    const auto [number, moment, complete, fleets, lacking] = look.cast<Row>();
    tracker.load(PastLook{number, from_ms(moment), {complete, fleets}, gaps_from(lacking)});
  }
}

void load_devices(Tracker& tracker, const py::list& devices) {
  tracker.reserve(devices.size());
  for (const py::handle each : devices) {
    const auto [uuid, row] = each.cast<std::pair<std::string, py::tuple>>();
    tracker.load(row[0].cast<std::size_t>(), remembered_from(uuid, row, tracker.options().scheme));
  }
  tracker.shrink();
}

void load_outages(Tracker& tracker, const py::list& outages) {
  using Row = std::tuple<std::size_t, std::optional<std::string>, std::string, bool,
                         std::vector<std::size_t>>;
  for (const py::handle each : outages) {
    auto [number, fleet, said, is_over, members] = each.cast<Row>();
    tracker.load(Outage{fleet, said, std::move(members), number, false, is_over});
  }
}

/// The fleets of all remembered devices, and those that looks asked for.
std::set<std::string> fleets_of(const Tracker& tracker) {
  const TrackerMemory& memory = tracker.memory();
  std::set<std::string> fleets = memory.fleets_looked_at;
  for (std::size_t device = 0; device < memory.devices.size(); ++device) {
    if (const auto fleet = memory.devices.fleet(device)) fleets.insert(std::string{*fleet});
  }
  return fleets;
}

/// The device and the moment of the last look that read it, of all that are not removed.
std::vector<std::pair<std::size_t, std::int64_t>> last_reads_of(const Tracker& tracker) {
  const DeviceMemory& devices = tracker.memory().devices;
  std::vector<std::pair<std::size_t, std::int64_t>> reads;
  for (std::size_t device = 0; device < devices.size(); ++device) {
    if (devices.is_forgotten(device) || devices.state(device).is_removed) continue;
    const LookNumber look = devices.state(device).last_read;
    reads.emplace_back(device, *to_ms(tracker.memory().moment_of(look)));
  }
  return reads;
}

py::list rows_of(const Look& look) {
  py::list rows;
  for (const TouchedDevice& touched : look.touched) {
    if (touched.row) rows.append(py::make_tuple(touched.device, *touched.row));
  }
  return rows;
}

py::list uuids_of(const Look& look) {
  py::list uuids;
  for (const TouchedDevice& touched : look.touched) {
    if (touched.row) uuids.append(touched.remembered.uuid);
  }
  return uuids;
}

py::list ended_spans_of(const Look& look, StatusScheme scheme) {
  py::list spans;
  for (const EndedSpan& span : look.ended_spans) {
    const bool is_seen = span.status.is_set();
    const auto status = span.status.status;
    spans.append(py::make_tuple(
        span.device, *to_ms(span.first), *to_ms(span.until),
        is_seen ? std::string{reasons[span.status.reason]} : std::string{"removed"},
        status < 0 ? std::nullopt
                   : std::optional{scheme_of(scheme).labels[static_cast<std::size_t>(status)]}));
  }
  return spans;
}

py::list outages_of(const Look& look) {
  py::list outages;
  for (const Outage& outage : look.outages) {
    outages.append(py::make_tuple(outage.number, outage.fleet, outage.said, outage.is_new,
                                  outage.is_over, outage.members));
  }
  return outages;
}

py::list lacking_fields(const Look& look) {
  py::list fields;
  if (look.gaps) {
    for (const Gap& gap : *look.gaps) fields.append(gap.field);
  }
  return fields;
}

/// A look, and the scheme that its statuses are of.
struct BoundLook {
  Look look;
  StatusScheme scheme;
};

BoundLook look_at(const Tracker& tracker, const StatusTable& table, bool complete,
                  const Fleets& fleets, double max_removed) {
  const WithoutGil no_gil;
  return {tracker.look(table, {complete, fleets}, max_removed), tracker.options().scheme};
}

}  // namespace

void bind_tracker(py::module_& m) {
  m.def("tracker_state_columns", &state_column_names);

  py::class_<BoundLook>(m, "Look")
      .def_property_readonly("number", [](const BoundLook& b) { return b.look.number; })
      .def_property_readonly("moment_ms", [](const BoundLook& b) { return *to_ms(b.look.moment); })
      .def_property_readonly("complete",
                             [](const BoundLook& b) { return b.look.scope.is_complete; })
      .def_property_readonly("fleets", [](const BoundLook& b) { return b.look.scope.fleets; })
      .def_property_readonly("lacking", [](const BoundLook& b) { return lacking_fields(b.look); })
      .def_property_readonly("n_rows", [](const BoundLook& b) { return b.look.n_rows; })
      .def_property_readonly("n_flaps", [](const BoundLook& b) { return b.look.n_flaps; })
      .def_property_readonly("counts",
                             [](const BoundLook& b) {
                               const SnapshotCounts& rest = b.look.rest;
                               return py::make_tuple(rest.unreadable, rest.duplicates,
                                                     rest.without_uuid);
                             })
      .def_property_readonly("notes", [](const BoundLook& b) { return b.look.notes; })
      .def_property_readonly("changes", [](const BoundLook& b) { return b.look.changes; })
      .def_property_readonly("change_devices", [](const BoundLook& b) { return b.look.of_device; })
      .def_property_readonly("rows", [](const BoundLook& b) { return rows_of(b.look); })
      .def_property_readonly("uuids", [](const BoundLook& b) { return uuids_of(b.look); })
      .def_property_readonly(
          "states",
          [](const BoundLook& b) {
            py::list states;
            for (const TouchedDevice& touched : b.look.touched) {
              states.append(state_row(touched.device, touched.remembered, b.scheme));
            }
            return states;
          })
      .def_property_readonly("ended_spans",
                             [](const BoundLook& b) { return ended_spans_of(b.look, b.scheme); })
      .def_property_readonly("outages", [](const BoundLook& b) { return outages_of(b.look); });

  py::class_<Tracker>(m, "Tracker")
      .def(py::init([](int scheme, std::int64_t hold_ms, std::int64_t gap_ms,
                       std::optional<std::pair<std::size_t, double>> outage,
                       std::optional<std::pair<std::size_t, std::size_t>> flapping,
                       std::int64_t forget_ms) {
             return Tracker{options_from(scheme, hold_ms, gap_ms, outage, flapping, forget_ms)};
           }),
           py::kw_only(), py::arg("scheme"), py::arg("hold_ms"), py::arg("gap_ms"),
           py::arg("outage"), py::arg("flapping"), py::arg("forget_ms"))
      .def("load_looks", &load_looks, py::arg("looks"))
      .def("load_devices", &load_devices, py::arg("devices"))
      .def("load_outages", &load_outages, py::arg("outages"))
      .def("look", &look_at, py::arg("table"), py::arg("complete"), py::arg("fleets"),
           py::arg("max_removed"))
      .def(
          "apply", [](Tracker& tracker, const BoundLook& b) { tracker.apply(b.look); },
          py::arg("look"), py::call_guard<WithoutGil>())
      .def(
          "forget",
          [](Tracker& tracker, const std::vector<std::size_t>& devices) {
            tracker.forget(devices);
          },
          py::arg("devices"))
      .def("last_reads", &last_reads_of)
      .def_property_readonly("fleets", &fleets_of)
      .def_property_readonly("n_looks", [](const Tracker& t) { return t.memory().n_looks(); })
      .def_property_readonly("n_bytes",
                             [](const Tracker& t) { return t.memory().devices.n_bytes(); });
}

}  // namespace fleetstatus
