#include "records/decode/arrow_text.hpp"

#include <algorithm>
#include <cstdint>

#include "base/utf8.hpp"

namespace fleetstatus {
namespace {

template <class Offset>
bool is_run_ascii(const TextChunk& texts, std::size_t first, std::size_t n) {
  const Offset* const offsets = texts.offsets<Offset>() + first;
  const auto size = static_cast<std::size_t>(offsets[n] - offsets[0]);
  return size == 0 || is_ascii({texts.text.front().as<char>() + offsets[0], size});
}

/// The part of a buffer that the views of some rows lie in: with what lies between them, which is
/// nothing where texts follow one another.
class ViewedPart {
 public:
  [[nodiscard]] bool has(std::int32_t buffer) const noexcept { return buffer == buffer_; }

  void begin(const TextChunk::View& view) noexcept {
    *this = {};
    buffer_ = view.buffer;
    begin_ = view.offset;
    add(view);
  }

  void add(const TextChunk::View& view) noexcept {
    begin_ = std::min(begin_, std::int64_t{view.offset});
    end_ = std::max(end_, std::int64_t{view.offset} + view.size);
    viewed_ += view.size;
  }

  /// Whether there is ASCII alone; not known of a part that is mostly not viewed.
  [[nodiscard]] bool is_ascii(const TextChunk& texts) const noexcept {
    if (buffer_ < 0) return true;
    const std::int64_t size = end_ - begin_;
    const char* const bytes = texts.text[static_cast<std::size_t>(buffer_)].as<char>();
    return size <= 2 * viewed_ &&
           fleetstatus::is_ascii({bytes + begin_, static_cast<std::size_t>(size)});
  }

 private:
  std::int32_t buffer_ = -1;
  std::int64_t begin_ = 0;
  std::int64_t end_ = 0;
  std::int64_t viewed_ = 0;
};

/// Bytes behind a short text count too, which is at worst too careful.
bool are_views_ascii(const TextChunk& texts, std::size_t first, std::size_t n) {
  std::uint32_t all_inline = 0;
  ViewedPart part;
  for (std::size_t row = first; row < first + n; ++row) {
    const TextChunk::View view = texts.view_at(row);
    if (view.is_inline()) {
      all_inline |= static_cast<std::uint32_t>(view.prefix | view.buffer | view.offset);
    } else if (texts.is_valid(row)) {
      if (part.has(view.buffer)) {
        part.add(view);
        continue;
      }
      if (!part.is_ascii(texts)) return false;
      part.begin(view);
    }
  }
  return (all_inline & 0x8080'8080) == 0 && part.is_ascii(texts);
}

bool are_ascii(const TextChunk& texts, std::size_t first, std::size_t n) {
  switch (texts.layout) {
    case TextLayout::utf8: return is_run_ascii<std::int32_t>(texts, first, n);
    case TextLayout::large_utf8: return is_run_ascii<std::int64_t>(texts, first, n);
    case TextLayout::utf8_view: break;
  }
  return are_views_ascii(texts, first, n);
}

}  // namespace

bool are_utf8(const TextChunk& texts, std::size_t first, std::size_t n) {
  if (n == 0 || are_ascii(texts, first, n)) return true;
  for (std::size_t row = first; row < first + n; ++row) {
    if (texts.is_valid(row) && !is_utf8(texts.text_at(row))) return false;
  }
  return true;
}

}  // namespace fleetstatus
