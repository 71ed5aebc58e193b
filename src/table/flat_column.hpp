#pragma once

#include "table/column.hpp"

namespace fleetstatus {

/// The same values in a type that every engine has: texts, and labels as texts, are large_utf8;
/// small numbers are int32, times are microseconds. A time beyond the years 1 to 9999 is null. The
/// type depends only on that of the column.
[[nodiscard]] Column flat(const Column& column);

}  // namespace fleetstatus
