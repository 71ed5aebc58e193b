#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/text_buffer.hpp"
#include "base/text_chunk.hpp"

namespace fleetstatus {

/// A chunk of nulls, whose memory is never written.
[[nodiscard]] TextChunk null_texts(TextLayout layout, std::size_t n_rows);

/// Builds chunks of texts. Nulls take no memory until a text follows.
class TextBuilder {
 public:
  /// @param layout  utf8 holds up to 2 GiB in total
  explicit TextBuilder(TextLayout layout) : layout_(layout) {}

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// Makes room for `n_rows` rows in total.
  void reserve(std::size_t n_rows) { ends_.reserve(n_rows + 1); }

  void push_back(std::optional<std::string_view> text);

  /// @param is_set  1 for each text that is not null, else 0
  void append(std::span<const std::string_view> texts, std::span<const std::uint8_t> is_set);

  /// @param text_at  returns the text of each of `n` rows, or none
  template <class TextAt>
  void append(std::size_t n, TextAt text_at) {
    std::array<std::string_view, 256> texts;
    std::array<std::uint8_t, texts.size()> is_set;
    for (std::size_t first = 0; first < n; first += texts.size()) {
      const std::size_t size = std::min(texts.size(), n - first);
      for (std::size_t i = 0; i < size; ++i) {
        const std::optional<std::string_view> text = text_at(first + i);
        texts[i] = text.value_or(std::string_view{});
        is_set[i] = text ? 1 : 0;
      }
      append(std::span{texts}.first(size), std::span{is_set}.first(size));
    }
  }

  /// The texts since the last `finish`.
  /// @throws ArgumentError  if they are too long for utf8
  [[nodiscard]] TextChunk finish();

  /// Completes the offsets and validity that `chunk_of` reads.
  void complete();

  /// A zero-copy chunk of a complete builder of large_utf8, which it keeps alive.
  [[nodiscard]] static TextChunk chunk_of(const std::shared_ptr<const TextBuilder>& texts);

 private:
  void extend(std::size_t n_rows, bool has_nulls);
  [[nodiscard]] Buffer finish_values(std::vector<Buffer>& text);

  TextLayout layout_;
  std::size_t size_ = 0;
  std::size_t n_texts_ = 0;             ///< rows that are not null
  std::vector<std::int64_t> ends_{0};   ///< up to the last row that is not null
  std::vector<std::uint8_t> validity_;  ///< likewise; empty if none of these rows is null
  TextBuffer text_;
};

/// A chunk whose buffers hold only its texts: a copy if those of `chunk` hold more.
[[nodiscard]] TextChunk compact(const TextChunk& chunk);

/// Copies the texts of chunks into one chunk.
[[nodiscard]] TextChunk copy_texts(std::span<const TextChunk> chunks, TextLayout layout);

}  // namespace fleetstatus
