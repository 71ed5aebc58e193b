#pragma once

#include <vector>

#include "base/arrow_abi.hpp"
#include "bindings/bindings.hpp"
#include "table/column.hpp"

namespace fleetstatus {

/// A stream of what a Python iterator yields, each a list of columns with their names. It is asked
/// for the next only when the stream is; where it raises, the stream fails with the words of its
/// exception.
/// @param schema  columns of the types that all batches have
[[nodiscard]] ArrowArrayStream arrow_stream_of(std::vector<NamedColumn> schema,
                                               py::iterator batches);

}  // namespace fleetstatus
