#include "readers/arrow_text.hpp"

#include <simdjson.h>

#include <cstdint>
#include <cstring>

namespace fleetstatus {
namespace {

bool is_ascii(std::string_view text) noexcept {
  std::uint64_t all = 0;
  std::size_t at = 0;
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    all |= word;
  }
  for (; at < text.size(); ++at) all |= static_cast<unsigned char>(text[at]);
  return (all & 0x8080808080808080U) == 0;
}

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

bool are_ascii(const TextChunk& texts, std::size_t first, std::size_t n) {
  TextRun run;
  for (std::size_t row = first; row < first + n; ++row) {
    if (texts.is_valid(row) && !run.add(texts.text_at(row))) return false;
  }
  return run.end();
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  return is_ascii(text) || simdjson::validate_utf8(text.data(), text.size());
}

bool are_utf8(const TextChunk& texts, std::size_t first, std::size_t n) {
  if (are_ascii(texts, first, n)) return true;
  for (std::size_t row = first; row < first + n; ++row) {
    if (texts.is_valid(row) && !is_utf8(texts.text_at(row))) return false;
  }
  return true;
}

}  // namespace fleetstatus
