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

  [[nodiscard]] bool is_valid(std::size_t row) const noexcept {
    if (validity.data == nullptr) return true;
    const std::size_t at = offset + row;
    return ((validity.as<std::uint8_t>()[at / 8] >> (at % 8)) & 1U) != 0;
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

 private:
  template <class Offset>
  [[nodiscard]] std::string_view text_between(std::size_t at) const noexcept {
    const Offset* const offsets = values.as<Offset>();
    const auto begin = static_cast<std::size_t>(offsets[at]);
    const auto end = static_cast<std::size_t>(offsets[at + 1]);
    if (begin == end) return {};
    return {text.front().as<char>() + begin, end - begin};
  }

  [[nodiscard]] std::string_view viewed(std::size_t at) const noexcept {
    constexpr std::size_t view_size = 16;
    constexpr std::int32_t longest_inline = 12;
    struct View {
      std::int32_t size, prefix, buffer, offset;
    } view;
    const char* const place = values.as<char>() + at * view_size;
    std::memcpy(&view, place, view_size);
    const auto size = static_cast<std::size_t>(view.size);
    if (view.size <= longest_inline) return {place + sizeof view.size, size};
    return {text[static_cast<std::size_t>(view.buffer)].as<char>() + view.offset, size};
  }
};

}  // namespace fleetstatus
