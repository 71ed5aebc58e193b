#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "records/decode/text_source.hpp"

namespace fleetstatus {

[[nodiscard]] std::string nlohmann_json_version();

/// Makes errors of places in one source. It holds a window of the text: offsets that it is asked
/// for count from the window's start, those of errors from the source's. Lines are counted on from
/// the last place, so that many errors in a row stay cheap.
class JsonErrorLocator {
 public:
  /// @param source_name  what the text is called in messages; may be empty
  /// @param start        offset of the window in the source
  /// @param lines        finds lines before the window where that is not the source's start; may be
  ///                     null, then all text before a place comes by
  JsonErrorLocator(std::string_view window, std::string source_name, std::size_t start = 0,
                   TextLines* lines = nullptr)
      : text_(window), source_name_(std::move(source_name)), start_(start), lines_(lines) {}

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
  [[nodiscard]] TextPlace place_of(std::size_t offset) const;

  std::string_view text_;
  std::string source_name_;
  std::size_t start_;
  TextLines* lines_;
  TextPlace last_;  ///< a known one: the start of the source, or the last that was asked for
};

/// Whether the text is one JSON value, and nothing else.
[[nodiscard]] bool is_json(std::string_view text);

/// The text of a JSON string, without quotes and escapes; empty if it is none.
[[nodiscard]] std::string unescape_json_string(std::string_view text);

}  // namespace fleetstatus
