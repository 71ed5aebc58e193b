#pragma once

#include <cstddef>

namespace fleetstatus {

/// Requests huge pages for a large block of memory that is new, as numpy does for its arrays: page
/// faults dominate the cost of filling it. Rows of the benchmark: frames, metrics of all devices.
void prefer_large_pages(void* memory, std::size_t n_bytes) noexcept;

}  // namespace fleetstatus
