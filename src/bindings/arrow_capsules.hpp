#pragma once

#include "base/arrow_abi.hpp"
#include "bindings/bindings.hpp"

namespace fleetstatus {

// What the capsules of the Arrow PyCapsule interface hold. They stay the capsule's until taken
// over.

[[nodiscard]] ArrowArrayStream& stream_of(const py::capsule& capsule);
[[nodiscard]] ArrowSchema& schema_of(const py::capsule& capsule);
[[nodiscard]] ArrowArray& array_of(const py::capsule& capsule);

}  // namespace fleetstatus
