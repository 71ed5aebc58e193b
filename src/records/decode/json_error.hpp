#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "records/decode/text_source.hpp"

namespace fleetstatus {

[[nodiscard]] std::string nlohmann_json_version();

/// Makes errors with line and column for one source, through a window of its text. Arguments are
/// offsets in the window; errors hold offsets in the source. Lines are counted from the last
/// position, so that many errors in sequence stay cheap.
class JsonErrorLocator {
 public:
  /// @param source_name  name in messages; may be empty
  /// @param start        offset of the window in the source
  /// @param lines        counts the lines before the window; null if the window starts with the
  ///                     source and moves over all of it
  JsonErrorLocator(std::string_view window, std::string source_name, std::size_t start = 0,
                   TextLines* lines = nullptr)
      : text_(window), source_name_(std::move(source_name)), start_(start), lines_(lines) {}

  [[nodiscard]] JsonError error_at(std::size_t offset, const std::string& what);

  /// Finds the error in the value at `offset`, which is known to be invalid JSON. Slow: parses it
  /// again with nlohmann-json.
  /// @param end        where to stop
  /// @param otherwise  message if that parser finds no error
  [[nodiscard]] JsonError locate(std::size_t offset, std::size_t end, const std::string& otherwise);

  /// Moves the start of the window forward.
  void drop(std::size_t n_bytes);

  /// Extends the window at its end; the text may have moved in memory.
  void extend_to(std::string_view text) noexcept { text_ = text; }

 private:
  [[nodiscard]] TextPlace place_of(std::size_t offset) const;

  std::string_view text_;
  std::string source_name_;
  std::size_t start_;
  TextLines* lines_;
  TextPlace last_;  ///< last known position; at first the start of the source
};

/// Whether the text is exactly one JSON value.
[[nodiscard]] bool is_json(std::string_view text);

/// The text of a JSON string, without quotes and escapes; empty if it is not a JSON string.
[[nodiscard]] std::string unescape_json_string(std::string_view text);

}  // namespace fleetstatus
