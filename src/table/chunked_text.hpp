#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/text_chunk.hpp"

namespace fleetstatus {

/// Texts in one or more chunks of one layout, zero-copy.
class ChunkedText {
 public:
  /// Merges chunks that are contiguous in the same buffers, and drops empty ones unless all are
  /// empty.
  explicit ChunkedText(std::vector<TextChunk> chunks);

  [[nodiscard]] TextLayout layout() const noexcept { return chunks_.front().layout; }

  [[nodiscard]] std::size_t size() const noexcept { return starts_.back(); }

  [[nodiscard]] const std::vector<TextChunk>& chunks() const noexcept { return chunks_; }

  /// The first row of each chunk, then the number of rows.
  [[nodiscard]] const std::vector<std::size_t>& starts() const noexcept { return starts_; }

  /// The index of the chunk that holds a row.
  [[nodiscard]] std::size_t chunk_of(std::size_t row) const noexcept {
    return chunks_.size() == 1 ? 0 : search(row);
  }

  [[nodiscard]] bool is_valid(std::size_t row) const noexcept {
    const std::size_t chunk = chunk_of(row);
    return chunks_[chunk].is_valid(row - starts_[chunk]);
  }

  [[nodiscard]] std::optional<std::string_view> operator[](std::size_t row) const noexcept {
    const std::size_t chunk = chunk_of(row);
    return chunks_[chunk][row - starts_[chunk]];
  }

 private:
  [[nodiscard]] std::size_t search(std::size_t row) const noexcept;

  std::vector<TextChunk> chunks_;
  std::vector<std::size_t> starts_{0};
};

}  // namespace fleetstatus
