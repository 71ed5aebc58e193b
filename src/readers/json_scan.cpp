#include "readers/json_scan.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace fleetstatus {
namespace {

/// The brackets open at the moment: a bit each, one if it is a list.
class BracketStack {
 public:
  void push(bool is_list) {
    if (depth_ != 0 && depth_ % 64 == 0) full_words_.push_back(word_);
    word_ = (word_ << 1U) | (is_list ? 1U : 0U);
    ++depth_;
  }

  /// @return whether the innermost open bracket is of that kind
  bool pop(bool is_list) {
    if (((word_ & 1U) != 0) != is_list) return false;
    word_ >>= 1U;
    if (--depth_ != 0 && depth_ % 64 == 0) {
      word_ = full_words_.back();
      full_words_.pop_back();
    }
    return true;
  }

  [[nodiscard]] bool empty() const noexcept { return depth_ == 0; }

 private:
  std::uint64_t word_ = 0;
  std::size_t depth_ = 0;
  std::vector<std::uint64_t> full_words_;
};

}  // namespace

std::size_t skip_space(std::string_view text, std::size_t at) noexcept {
  return std::min(text.find_first_not_of(" \t\n\r", at), text.size());
}

std::optional<std::size_t> string_end(std::string_view text, std::size_t at) noexcept {
  for (std::size_t from = at + 1; from < text.size();) {
    const std::size_t quote = text.find('"', from);
    if (quote == std::string_view::npos) return std::nullopt;
    std::size_t first_backslash = quote;
    while (first_backslash > from && text[first_backslash - 1] == '\\') --first_backslash;
    if ((quote - first_backslash) % 2 == 0) return quote + 1;
    from = quote + 1;
  }
  return std::nullopt;
}

std::optional<std::size_t> brackets_end(std::string_view text, std::size_t at) {
  BracketStack open;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      const auto end = string_end(text, at);
      if (!end) return std::nullopt;
      at = *end;
      continue;
    }
    ++at;
    if (c == '{' || c == '[') open.push(c == '[');
    if (c == '}' || c == ']') {
      if (!open.pop(c == ']')) return std::nullopt;
      if (open.empty()) return at;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> value_end(std::string_view text, std::size_t at) {
  if (at >= text.size()) return std::nullopt;
  switch (text[at]) {
    case '"': return string_end(text, at);
    case '{':
    case '[': return brackets_end(text, at);
    default: return std::min(text.find_first_of(",]} \t\n\r", at), text.size());
  }
}

}  // namespace fleetstatus
