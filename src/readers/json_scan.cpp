#include "readers/json_scan.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "readers/bracket_stack.hpp"

namespace fleetstatus {
namespace {

/// Whether a value may stand at `at`, somewhere inside of a list or an object.
bool may_begin_value(std::string_view text, std::size_t at) noexcept {
  return may_precede_value(text[text.find_last_not_of(" \t\n\r", at - 1)]);
}

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20; }

}  // namespace

std::size_t skip_space(std::string_view text, std::size_t at) noexcept {
  return std::min(text.find_first_not_of(" \t\n\r", at), text.size());
}

ValueEnd string_end(std::string_view text, std::size_t at) noexcept {
  for (at = skip_plain(text, at + 1); at < text.size(); at = skip_plain(text, at + 1)) {
    if (text[at] == '"') return {Closing::closed, at + 1};
    if (text[at] == '\\' && ++at == text.size()) break;
    if (is_control(text[at])) return {Closing::broken, at + 1};
  }
  return {Closing::open, text.size()};
}

ValueEnd brackets_end(std::string_view text, std::size_t at) {
  BracketStack open;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      const ValueEnd end = string_end(text, at);
      if (!end.is_closed()) return end;
      at = end.at;
      continue;
    }
    if (c == '{' || c == '[') {
      if (!open.empty() && !may_begin_value(text, at)) return {Closing::broken, at + 1};
      open.push(c == '[');
    }
    ++at;
    if (c == '}' || c == ']') {
      if (!open.pop(c == ']')) return {Closing::broken, at};
      if (open.empty()) return {Closing::closed, at};
    }
  }
  return {Closing::open, text.size()};
}

ValueEnd value_end(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {Closing::open, text.size()};
  switch (text[at]) {
    case '"': return string_end(text, at);
    case '{':
    case '[': return brackets_end(text, at);
    default: return {Closing::closed, std::min(text.find_first_of(",]} \t\n\r", at), text.size())};
  }
}

}  // namespace fleetstatus
