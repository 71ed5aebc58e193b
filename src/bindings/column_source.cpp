#include "bindings/column_source.hpp"

#include <utility>

#include "bindings/arrow_capsules.hpp"
#include "core/error.hpp"

namespace fleetstatus {

ColumnSource::ColumnSource(int place, std::string name, const py::object& column,
                           std::size_t n_records)
    : place_(place), name_(std::move(name)) {
  if (py::isinstance<py::list>(column)) {
    objects_ = column;
  } else {
    const auto [schema, array] = column.cast<std::pair<py::capsule, py::capsule>>();
    const SharedArrowSchema held_schema = take_over(schema_of(schema));
    arrow_ = std::make_unique<Arrow>(take_over(array_of(array)), arrow_type(*held_schema));
    arrow_->type.name = name_;
  }
  const std::size_t size = arrow_ ? arrow_->column.size() : objects_.size();
  if (size != n_records) {
    throw ArgumentError("column '" + name_ + "' has " + std::to_string(size) + " rows of " +
                        std::to_string(n_records));
  }
}

void ColumnSource::read(ColumnReader& columns, ArrowReader& arrow, KeyCache& keys,
                        std::size_t first) const {
  if (arrow_) return arrow.read_column(place_, arrow_->column, first);
  columns.builder().note_key(place_);
  columns.read(place_, name_,
               [&](std::size_t i) { return PythonValue{objects_[first + i].ptr(), keys}; });
}

}  // namespace fleetstatus
