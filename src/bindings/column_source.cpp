#include "bindings/column_source.hpp"

#include <utility>

#include "base/error.hpp"
#include "bindings/arrow_capsules.hpp"

namespace fleetstatus {

ColumnSource::ColumnSource(int key_index, std::string name, const py::object& column,
                           std::size_t n_records, ColumnReader& columns)
    : key_index_(key_index), name_(std::move(name)), columns_(&columns) {
  if (py::isinstance<py::list>(column)) {
    objects_ = column;
  } else {
    const auto [schema, array] = column.cast<std::pair<py::capsule, py::capsule>>();
    const SharedArrowSchema held_schema = take_over(schema_of(schema));
    ArrowType type = arrow_type(*held_schema);
    type.name = name_;
    arrow_ =
        std::make_unique<Arrow>(take_over(array_of(array)), std::move(type), key_index, columns);
  }
  const std::size_t size = arrow_ ? arrow_->column.size() : objects_.size();
  if (size != n_records) {
    throw ArgumentError("column '" + name_ + "' has " + std::to_string(size) + " rows of " +
                        std::to_string(n_records));
  }
}

void ColumnSource::read(KeyCache& keys, std::size_t first) {
  if (arrow_) return arrow_->reader.read(first);
  columns_->builder().note_key(key_index_);
  columns_->read(key_index_, name_,
                 [&](std::size_t i) { return PythonValue{objects_[first + i].ptr(), keys}; });
}

}  // namespace fleetstatus
