#include "records/problem.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace fleetstatus {
namespace {

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// Characters that are invisible, break a line or change the direction of text.
constexpr std::array<std::string_view, 16> unsafe_sequences{
    "\u061C", "\u200E", "\u200F", "\u2028", "\u2029", "\u202A", "\u202B", "\u202C",
    "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069", "\uFEFF", "\x7F"};

std::size_t unsafe_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (at(0) < 0x20) return 1;
  if (text.size() > 1 && at(0) == 0xC2 && at(1) < 0xA0) return 2;
  for (const std::string_view sequence : unsafe_sequences) {
    if (text.starts_with(sequence)) return sequence.size();
  }
  return 0;
}

/// The code point of one character of at most three bytes.
unsigned code_point(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned>(bytes[i]) & 0xFFU; };
  switch (bytes.size()) {
    case 1: return at(0);
    case 2: return (at(0) & 0x1FU) << 6U | (at(1) & 0x3FU);
    default: return (at(0) & 0x0FU) << 12U | (at(1) & 0x3FU) << 6U | (at(2) & 0x3FU);
  }
}

void append_escaped(std::string& out, std::string_view character) {
  constexpr std::string_view hex = "0123456789abcdef";
  const unsigned code = code_point(character);
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out += hex[(code >> shift) & 15U];
}

}  // namespace

void DeleteProblem::operator()(ProblemData* problem) const noexcept { delete problem; }

Problem make_problem(std::string value, std::string_view expected) {
  return Problem{new ProblemData{{}, std::move(value), expected}};
}

void add_step(ProblemData& problem, std::string_view key) {
  problem.pointer.insert(0, pointer_step(key));
}

void add_step(ProblemData& problem, std::size_t index) { add_step(problem, std::to_string(index)); }

void ProblemSet::note(int key_index, Problem problem) {
  std::erase_if(problems_, [&](const Entry& entry) { return entry.key_index == key_index; });
  if (problem) problems_.push_back({key_index, std::move(problem)});
}

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

std::string short_form(std::string_view text, std::size_t longest) {
  std::size_t end = text.size();
  if (end > longest) {
    end = longest;
    while (end > 0 && continues_character(text[end])) --end;
  }
  std::string form;
  for (std::size_t at = 0; at < end;) {
    if (const std::size_t length = unsafe_length(text.substr(at)); length > 0) {
      append_escaped(form, text.substr(at, length));
      at += length;
    } else {
      form += text[at++];
    }
  }
  if (end < text.size()) form += "...";
  return form;
}

std::string quoted_short_form(std::string_view text) { return '"' + short_form(text) + '"'; }

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t most = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  return names.size() > most ? text + ", ..." : text;
}

}  // namespace fleetstatus
