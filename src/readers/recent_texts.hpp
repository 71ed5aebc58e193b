#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/text_chunk.hpp"
#include "readers/accepts.hpp"

namespace fleetstatus {

/// Remembers what the short texts of one column were read as: of labels, the same few come again
/// and again.
template <class Accepted>
class RecentTexts {
 public:
  /// `Accepted::from` the text of a row, but faster where it came before.
  Outcome<typename Accepted::type> read(const TextChunk& texts, std::size_t row) noexcept {
    if (texts.layout == TextLayout::utf8_view) {
      const TextChunk::View view = texts.view_at(row);
      if (view.is_inline()) return read(key_of(view), [&] { return texts.viewed(row); });
    }
    const std::string_view text = texts.text_at(row);
    if (text.size() > longest) return Accepted::from(text);
    return read(key_of(text), [&] { return text; });
  }

 private:
  static constexpr std::size_t longest = 16;

  /// Tells all texts apart that are not too long: a view that holds its text, else both halves,
  /// which may overlap.
  struct Key {
    std::uint64_t front = 0;
    std::uint64_t back = 0;
    std::size_t size = longest + 1;

    friend bool operator==(const Key&, const Key&) = default;
  };

  struct Entry {
    Key key;
    Outcome<typename Accepted::type> outcome;
  };

  template <class GetText>
  Outcome<typename Accepted::type> read(const Key& key, GetText get_text) noexcept {
    Entry& entry = entries_[place_of(key)];
    if (entry.key != key) entry = {key, Accepted::from(get_text())};
    return entry.outcome;
  }

  static Key key_of(const TextChunk::View& view) noexcept {
    Key key{0, 0, static_cast<std::size_t>(view.size)};
    std::memcpy(&key.front, &view.prefix, sizeof view.prefix);
    std::memcpy(&key.back, &view.buffer, sizeof key.back);
    return key;
  }

  static Key key_of(std::string_view text) noexcept {
    const std::size_t size = text.size();
    if (size >= 8) return halves<std::uint64_t>(text);
    if (size >= 4) return halves<std::uint32_t>(text);
    if (size >= 2) return halves<std::uint16_t>(text);
    return {size == 0 ? 0 : static_cast<std::uint64_t>(static_cast<unsigned char>(text[0])), 0,
            size};
  }

  template <class Word>
  static Key halves(std::string_view text) noexcept {
    Word front;
    Word back;
    std::memcpy(&front, text.data(), sizeof front);
    std::memcpy(&back, text.data() + text.size() - sizeof back, sizeof back);
    return {front, back, text.size()};
  }

  static std::size_t place_of(const Key& key) noexcept {
    constexpr std::uint64_t odd = 0x9E37'79B9'7F4A'7C15U;  // 2^64 / golden ratio
    return static_cast<std::size_t>((key.front ^ key.back ^ key.size) * odd >> 58U);
  }

  std::array<Entry, 64> entries_;
};

}  // namespace fleetstatus
