#include "readers/problem.hpp"

#include <array>
#include <cstddef>

namespace fleetstatus {
namespace {

constexpr std::size_t longest_value = 40;

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

void append_escaped(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20 && byte != 0x7F) {
    out += c;
    return;
  }
  out += "\\u00";
  out += hex[byte >> 4U];
  out += hex[byte & 15U];
}

}  // namespace

std::string pointer_step(std::string_view key) {
  std::string step = "/";
  for (const char c : key) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

std::string short_form(std::string_view text) {
  std::size_t end = text.size();
  if (end > longest_value) {
    end = longest_value;
    while (end > 0 && continues_character(text[end])) --end;
  }
  std::string form;
  for (const char c : text.substr(0, end)) append_escaped(form, c);
  if (end < text.size()) form += "...";
  return form;
}

std::string quoted_short_form(std::string_view text) { return '"' + short_form(text) + '"'; }

}  // namespace fleetstatus
