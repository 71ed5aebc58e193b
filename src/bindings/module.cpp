#include "bindings/bindings.hpp"

PYBIND11_MODULE(_core, m) {
  m.doc() = "The engine of fleetstatus. Private: use the package.";
  fleetstatus::bind_errors(m);
  fleetstatus::bind_catalog(m);
  fleetstatus::bind_column(m);
  fleetstatus::bind_table(m);
  fleetstatus::bind_arrow(m);
  fleetstatus::bind_travel(m);
  fleetstatus::bind_reader(m);
  fleetstatus::bind_scan(m);
  fleetstatus::bind_changes(m);
  fleetstatus::bind_tracker(m);
  fleetstatus::bind_metrics(m);
}
