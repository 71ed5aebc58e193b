#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "core/buffer.hpp"

namespace fleetstatus {

/// How Apache Arrow lays texts out.
enum class TextLayout : std::uint8_t {
  utf8,        ///< int32 offsets into one text
  large_utf8,  ///< int64 offsets
  utf8_view,   ///< 16 bytes each: the size, then the text itself or where it stands
};

/// A run of texts as an Arrow array holds it: kept alive with the array, never copied.
struct TextChunk {
  TextLayout layout = TextLayout::large_utf8;
  std::size_t offset = 0;    ///< the first row within the buffers
  std::size_t size = 0;      ///< rows
  Buffer validity;           ///< a bit each, from the buffers' start; without data: none is null
  Buffer values;             ///< offsets or views
  std::vector<Buffer> text;  ///< one, or those that views point into
  bool is_passed = false;    ///< made by another library, and passed on without a copy

  [[nodiscard]] bool is_valid(std::size_t row) const noexcept {
    return validity.data == nullptr || bit_at(validity.data, offset + row);
  }

  /// The text of a row that is not null.
  [[nodiscard]] std::string_view text_at(std::size_t row) const noexcept {
    const std::size_t at = offset + row;
    switch (layout) {
      case TextLayout::utf8: return text_between<std::int32_t>(at);
      case TextLayout::large_utf8: return text_between<std::int64_t>(at);
      case TextLayout::utf8_view: return viewed(at);
    }
    return {};
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

  /// Whether a view that is not null points to text that is there.
  [[nodiscard]] bool has_view(std::size_t row) const noexcept {
    const View view = view_at(offset + row);
    if (view.size <= longest_inline) return view.size >= 0;
    if (view.offset < 0 || view.buffer < 0) return false;
    const auto buffer = static_cast<std::size_t>(view.buffer);
    const auto end = static_cast<std::size_t>(view.offset) + static_cast<std::size_t>(view.size);
    return buffer < text.size() && text[buffer].data != nullptr && end <= text[buffer].size;
  }

 private:
  template <class Offset>
  [[nodiscard]] std::string_view text_between(std::size_t at) const noexcept {
    const Offset* const offsets = values.as<Offset>();
    const auto begin = static_cast<std::size_t>(offsets[at]);
    const auto end = static_cast<std::size_t>(offsets[at + 1]);
    if (begin == end) return {};
    return {text.front().as<char>() + begin, end - begin};
  }

  struct View {
    std::int32_t size, prefix, buffer, offset;
  };
  static constexpr std::int32_t longest_inline = 12;  ///< bytes of text within a view

  [[nodiscard]] const char* place_of_view(std::size_t at) const noexcept {
    return values.as<char>() + at * sizeof(View);
  }

  [[nodiscard]] View view_at(std::size_t at) const noexcept {
    View view;
    std::memcpy(&view, place_of_view(at), sizeof view);
    return view;
  }

  [[nodiscard]] std::string_view viewed(std::size_t at) const noexcept {
    const View view = view_at(at);
    const auto size = static_cast<std::size_t>(view.size);
    if (view.size <= longest_inline) return {place_of_view(at) + sizeof view.size, size};
    return {text[static_cast<std::size_t>(view.buffer)].as<char>() + view.offset, size};
  }
};

}  // namespace fleetstatus
