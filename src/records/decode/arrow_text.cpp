#include "records/decode/arrow_text.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/utf8.hpp"

namespace fleetstatus {
namespace {

bool is_continuation(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// Whether a part of valid UTF-8 begins and ends at character boundaries.
bool is_whole(std::string_view text, std::string_view bytes) noexcept {
  if (text.empty()) return true;
  const char* const end = text.data() + text.size();
  return !is_continuation(text.front()) &&
         (end == bytes.data() + bytes.size() || !is_continuation(*end));
}

bool is_inline(const TextChunk& texts, std::size_t row) noexcept {
  return texts.layout == TextLayout::utf8_view && texts.view_at(row).is_inline();
}

/// Whether the texts of some rows are valid UTF-8; inline views are skipped.
/// @param bytes  the memory that holds all these texts; empty to check each text alone
bool are_utf8_within(const TextChunk& texts, std::size_t first, std::size_t last,
                     std::string_view bytes) {
  if (!bytes.empty() && is_ascii(bytes)) return true;
  const bool are_good = !bytes.empty() && is_utf8(bytes);
  for (std::size_t row = first; row < last; ++row) {
    if (!texts.is_valid(row) || is_inline(texts, row)) continue;
    const std::string_view text = texts.text_at(row);
    if (!(are_good ? is_whole(text, bytes) : is_utf8(text))) return false;
  }
  return true;
}

template <class Offset>
bool is_run_utf8(const TextChunk& texts, std::size_t first, std::size_t n) {
  const Offset* const offsets = texts.offsets<Offset>() + first;
  const auto size = static_cast<std::size_t>(offsets[n] - offsets[0]);
  if (size == 0) return true;
  return are_utf8_within(texts, first, first + n,
                         {texts.text.front().as<char>() + offsets[0], size});
}

/// The byte range of one buffer that the views of consecutive rows point into.
class ViewedPart {
 public:
  [[nodiscard]] bool has(std::int32_t buffer) const noexcept { return buffer == buffer_; }

  void begin(const TextChunk::View& view, std::size_t row) noexcept {
    *this = {};
    buffer_ = view.buffer;
    begin_ = view.offset;
    first_ = row;
    add(view);
  }

  void add(const TextChunk::View& view) noexcept {
    begin_ = std::min(begin_, std::int64_t{view.offset});
    end_ = std::max(end_, std::int64_t{view.offset} + view.size);
    viewed_ += view.size;
  }

  /// @param last  one past the last row of the part
  [[nodiscard]] bool is_utf8(const TextChunk& texts, std::size_t last) const {
    if (buffer_ < 0) return true;
    const std::int64_t size = end_ - begin_;
    if (size > 2 * viewed_) return are_utf8_within(texts, first_, last, {});
    const char* const bytes = texts.text[static_cast<std::size_t>(buffer_)].as<char>();
    return are_utf8_within(texts, first_, last, {bytes + begin_, static_cast<std::size_t>(size)});
  }

 private:
  std::int32_t buffer_ = -1;
  std::size_t first_ = 0;
  std::int64_t begin_ = 0;
  std::int64_t end_ = 0;
  std::int64_t viewed_ = 0;
};

bool are_views_utf8(const TextChunk& texts, std::size_t first, std::size_t n) {
  ViewedPart part;
  for (std::size_t row = first; row < first + n; ++row) {
    const TextChunk::View view = texts.view_at(row);
    if (view.is_inline()) {
      const auto all = static_cast<std::uint32_t>(view.prefix | view.buffer | view.offset);
      if ((all & 0x8080'8080) == 0 || !texts.is_valid(row)) continue;
      if (!is_utf8(texts.text_at(row))) return false;
    } else if (texts.is_valid(row)) {
      if (part.has(view.buffer)) {
        part.add(view);
        continue;
      }
      if (!part.is_utf8(texts, row)) return false;
      part.begin(view, row);
    }
  }
  return part.is_utf8(texts, first + n);
}

}  // namespace

bool are_utf8(const TextChunk& texts, std::size_t first, std::size_t n) {
  if (n == 0) return true;
  switch (texts.layout) {
    case TextLayout::utf8: return is_run_utf8<std::int32_t>(texts, first, n);
    case TextLayout::large_utf8: return is_run_utf8<std::int64_t>(texts, first, n);
    case TextLayout::utf8_view: break;
  }
  return are_views_utf8(texts, first, n);
}

}  // namespace fleetstatus
