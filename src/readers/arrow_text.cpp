#include "readers/arrow_text.hpp"

#include <cstdint>
#include <cstring>

#include "core/utf8.hpp"

namespace fleetstatus {
namespace {

/// Texts that stand one after the other in memory, as one.
class TextRun {
 public:
  /// @return false if the texts so far hold more than ASCII
  bool add(std::string_view text) noexcept {
    if (text.empty()) return true;
    if (text.data() == run_.data() + run_.size()) {
      run_ = {run_.data(), run_.size() + text.size()};
      return true;
    }
    const bool was_ascii = is_ascii(run_);
    run_ = text;
    return was_ascii;
  }

  [[nodiscard]] bool end() const noexcept { return is_ascii(run_); }

 private:
  std::string_view run_;
};

template <class Offset>
bool is_run_ascii(const TextChunk& texts, std::size_t first, std::size_t n) {
  const Offset* const offsets = texts.offsets<Offset>() + first;
  const auto size = static_cast<std::size_t>(offsets[n] - offsets[0]);
  return size == 0 || is_ascii({texts.text.front().as<char>() + offsets[0], size});
}

/// Bytes behind a short text count too, which is at worst too careful.
bool are_views_ascii(const TextChunk& texts, std::size_t first, std::size_t n) {
  std::uint32_t all_inline = 0;
  TextRun run;
  for (std::size_t row = first; row < first + n; ++row) {
    const TextChunk::View view = texts.view_at(row);
    if (view.is_inline()) {
      all_inline |= static_cast<std::uint32_t>(view.prefix | view.buffer | view.offset);
    } else if (texts.is_valid(row) && !run.add(texts.viewed(row))) {
      return false;
    }
  }
  return (all_inline & 0x8080'8080) == 0 && run.end();
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
