#pragma once

#include <vector>

#include "base/arrow_abi.hpp"
#include "bindings/bindings.hpp"
#include "table/column.hpp"

namespace fleetstatus {

/// An Arrow stream of the batches that a Python iterator yields, each a list of named columns. A
/// batch is taken from the iterator only when the consumer asks for it; if the iterator raises, the
/// stream fails with the text of the exception.
/// @param schema  columns with the types that all batches have
[[nodiscard]] ArrowArrayStream arrow_stream_of(std::vector<NamedColumn> schema,
                                               py::iterator batches);

}  // namespace fleetstatus
