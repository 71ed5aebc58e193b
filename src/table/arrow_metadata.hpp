#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/arrow_abi.hpp"

namespace fleetstatus {

/// Keys and values that stand at the schema of Arrow columns or at one of its fields.
using ArrowMetadata = std::vector<std::pair<std::string, std::string>>;

/// Metadata as the Arrow C data interface has it; empty if there is none.
[[nodiscard]] std::string encoded_metadata(const ArrowMetadata& metadata);

/// The value of a key in the metadata of a field, if it has it.
/// @throws ArgumentError  if the metadata is broken
[[nodiscard]] std::optional<std::string> metadata_of(const ArrowSchema& schema,
                                                     std::string_view key);

}  // namespace fleetstatus
