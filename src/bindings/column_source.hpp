#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "bindings/bindings.hpp"
#include "bindings/python_value.hpp"
#include "records/decode/arrow_column.hpp"
#include "records/decode/arrow_reader.hpp"
#include "records/decode/arrow_stream.hpp"
#include "records/decode/column_reader.hpp"

namespace fleetstatus {

/// A column of a data frame: a list of Python objects, or the two capsules of an Arrow array.
class ColumnSource {
 public:
  /// @param key_index  of the field among the keys of the builder that `columns` reads into
  ColumnSource(int key_index, std::string name, const py::object& column, std::size_t n_records,
               ColumnReader& columns);

  /// Reads rows from `first` on into the block that the builder has begun.
  void read(KeyCache& keys, std::size_t first);

 private:
  struct Arrow {
    SharedArrowArray array;
    ArrowType type;
    ArrowColumn column;
    ArrowFieldReader reader;

    Arrow(SharedArrowArray taken, ArrowType&& of, int key_index, ColumnReader& columns)
        : array(std::move(taken)),
          type(std::move(of)),
          column(type, *array, array),
          reader(key_index, column, columns) {}
  };

  int key_index_;
  std::string name_;
  ColumnReader* columns_;
  py::list objects_;
  std::unique_ptr<Arrow> arrow_;  // the column points to its type, which must not move
};

}  // namespace fleetstatus
