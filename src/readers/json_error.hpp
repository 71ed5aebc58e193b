#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace fleetstatus {

/// An error at a known place.
/// @param source_name  what the text is called in the message; may be empty
[[nodiscard]] JsonError json_error_at(std::string_view source, std::size_t offset,
                                      const std::string& what, const std::string& source_name);

/// Finds what is wrong with the value that begins at `offset`, of which is known that it is no
/// JSON. Slow: reads it once more, with another parser.
/// @param otherwise  what to say if that parser finds nothing
[[nodiscard]] JsonError locate_json_error(std::string_view source, std::size_t offset,
                                          const std::string& otherwise,
                                          const std::string& source_name);

/// Whether the text is one JSON value, and nothing else.
[[nodiscard]] bool is_json(std::string_view text);

/// The text of a JSON string, without quotes and escapes; empty if it is none.
[[nodiscard]] std::string unescape_json_string(std::string_view text);

}  // namespace fleetstatus
