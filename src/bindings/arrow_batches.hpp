#pragma once

#include <optional>
#include <vector>

#include "base/arrow_abi.hpp"
#include "bindings/bindings.hpp"
#include "table/arrow_export.hpp"
#include "table/column.hpp"

namespace fleetstatus {

/// An Arrow stream of the batches that a Python iterator yields, each a list of named columns. A
/// batch is taken from the iterator only when the consumer asks for it; if the iterator raises, the
/// stream fails with the text of the exception.
/// @param schema  columns with the types that all batches have
/// @param note    what the schema says of all batches
[[nodiscard]] ArrowArrayStream arrow_stream_of(std::vector<NamedColumn> schema,
                                               std::optional<SchemaNote> note,
                                               py::iterator batches);

}  // namespace fleetstatus
