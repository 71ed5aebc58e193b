#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.hpp"

namespace fleetstatus {

[[nodiscard]] std::string nlohmann_json_version();

/// Makes errors of places in one source. Lines are counted on from the last place, so that many
/// errors in a row stay cheap. Of a source that comes in pieces it holds a window, and offsets
/// count from the start of that.
class JsonErrorLocator {
 public:
  /// @param source_name  what the text is called in messages; may be empty
  JsonErrorLocator(std::string_view source, std::string source_name)
      : text_(source), source_name_(std::move(source_name)) {}

  [[nodiscard]] JsonError error_at(std::size_t offset, const std::string& what);

  /// Finds what is wrong with the value that begins at `offset`, of which is known that it is no
  /// JSON. Slow: reads it once more, with another parser.
  /// @param end        how far to look
  /// @param otherwise  what to say if that parser finds nothing
  [[nodiscard]] JsonError locate(std::size_t offset, std::size_t end, const std::string& otherwise);

  /// Moves the start of the window.
  void drop(std::size_t n_bytes);

  /// Gives the window more text at its end; it may stand elsewhere in memory.
  void extend_to(std::string_view text) noexcept { text_ = text; }

 private:
  /// A place of the source.
  struct Place {
    std::size_t offset = 0;
    std::size_t line = 1;
    std::size_t line_start = 0;
  };

  [[nodiscard]] Place place_of(std::size_t offset) const;

  std::string_view text_;
  std::string source_name_;
  Place start_;  ///< of the window
  Place last_;   ///< that was asked for, or the start
};

/// Whether the text is one JSON value, and nothing else.
[[nodiscard]] bool is_json(std::string_view text);

/// The text of a JSON string, without quotes and escapes; empty if it is none.
[[nodiscard]] std::string unescape_json_string(std::string_view text);

}  // namespace fleetstatus
