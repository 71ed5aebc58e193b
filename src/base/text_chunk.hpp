#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "base/buffer.hpp"

namespace fleetstatus {

/// Arrow's memory layouts for texts.
enum class TextLayout : std::uint8_t {
  utf8,        ///< int32 offsets into one buffer of text
  large_utf8,  ///< int64 offsets
  utf8_view,   ///< views of 16 bytes: the size, then the text or a reference to it
};

/// A zero-copy slice of an Arrow array of texts; its buffers keep the array alive.
struct TextChunk {
  TextLayout layout = TextLayout::large_utf8;
  std::size_t offset = 0;    ///< index of the first row in the buffers
  std::size_t size = 0;      ///< rows
  Buffer validity;           ///< bitmap from the buffers' start; without data no row is null
  Buffer values;             ///< offsets or views
  std::vector<Buffer> text;  ///< one buffer, or those that views point into

  [[nodiscard]] bool is_valid(std::size_t row) const noexcept {
    return validity.data == nullptr || bit_at(validity.data, offset + row);
  }

  /// The text of a row that is not null.
  [[nodiscard]] std::string_view text_at(std::size_t row) const noexcept {
    switch (layout) {
      case TextLayout::utf8: return text_between<std::int32_t>(row);
      case TextLayout::large_utf8: return text_between<std::int64_t>(row);
      case TextLayout::utf8_view: return viewed(row);
    }
    return {};
  }

  // The same for callers that know the layout.

  template <class Offset>
  [[nodiscard]] const Offset* offsets() const noexcept {
    return values.as<Offset>() + offset;
  }

  template <class Offset>
  [[nodiscard]] std::string_view text_between(std::size_t row) const noexcept {
    const auto begin = static_cast<std::size_t>(offsets<Offset>()[row]);
    const auto end = static_cast<std::size_t>(offsets<Offset>()[row + 1]);
    if (begin == end) return {};
    return {text.front().as<char>() + begin, end - begin};
  }

  /// A view of a text: up to 12 bytes are stored inline after the size, longer ones in a buffer.
  struct View {
    std::int32_t size, prefix, buffer, offset;

    [[nodiscard]] bool is_inline() const noexcept { return 0 <= size && size <= 12; }
  };

  [[nodiscard]] View view_at(std::size_t row) const noexcept {
    View view;
    std::memcpy(&view, place_of_view(row), sizeof view);
    return view;
  }

  [[nodiscard]] std::string_view viewed(std::size_t row) const noexcept {
    const View view = view_at(row);
    const auto size = static_cast<std::size_t>(view.size);
    if (view.is_inline()) return {place_of_view(row) + sizeof view.size, size};
    return {text[static_cast<std::size_t>(view.buffer)].as<char>() + view.offset, size};
  }

  [[nodiscard]] std::optional<std::string_view> operator[](std::size_t row) const noexcept {
    return is_valid(row) ? std::optional{text_at(row)} : std::nullopt;
  }

  [[nodiscard]] TextChunk slice(std::size_t first, std::size_t n) const {
    TextChunk part = *this;
    part.offset += first;
    part.size = n;
    return part;
  }

  /// Whether the view of a valid row lies within the buffers.
  [[nodiscard]] bool has_view(std::size_t row) const noexcept {
    const View view = view_at(row);
    if (view.is_inline()) return true;
    if ((view.size | view.offset | view.buffer) < 0) return false;
    const auto buffer = static_cast<std::size_t>(view.buffer);
    const auto end = static_cast<std::size_t>(view.offset) + static_cast<std::size_t>(view.size);
    return buffer < text.size() && text[buffer].data != nullptr && end <= text[buffer].size;
  }

 private:
  [[nodiscard]] const char* place_of_view(std::size_t row) const noexcept {
    return values.as<char>() + (offset + row) * sizeof(View);
  }
};

}  // namespace fleetstatus
