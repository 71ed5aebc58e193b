#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.hpp"

namespace fleetstatus {

/// Makes errors of places in one source. Lines are counted on from the last place, so that many
/// errors in a row stay cheap.
class JsonErrorLocator {
 public:
  /// @param source_name  what the text is called in messages; may be empty
  JsonErrorLocator(std::string_view source, std::string source_name)
      : source_(source), source_name_(std::move(source_name)) {}

  [[nodiscard]] JsonError error_at(std::size_t offset, const std::string& what);

  /// Finds what is wrong with the value that begins at `offset`, of which is known that it is no
  /// JSON. Slow: reads it once more, with another parser.
  /// @param end        how far to look
  /// @param otherwise  what to say if that parser finds nothing
  [[nodiscard]] JsonError locate(std::size_t offset, std::size_t end, const std::string& otherwise);

 private:
  std::string_view source_;
  std::string source_name_;
  std::size_t counted_to_ = 0;
  std::size_t line_ = 1;
  std::size_t line_start_ = 0;
};

/// Whether the text is one JSON value, and nothing else.
[[nodiscard]] bool is_json(std::string_view text);

/// The text of a JSON string, without quotes and escapes; empty if it is none.
[[nodiscard]] std::string unescape_json_string(std::string_view text);

}  // namespace fleetstatus
