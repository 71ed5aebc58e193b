#include "records/api_error_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace fleetstatus {
namespace {

/// Reason phrases of HTTP that mean that there is no data.
/// Source: RFC 9110, section 15.
constexpr std::array<std::string_view, 20> phrases{"bad request",       "unauthorized",
                                                   "payment required",  "forbidden",
                                                   "not found",         "method not allowed",
                                                   "not acceptable",    "request timeout",
                                                   "conflict",          "gone",
                                                   "payload too large", "request entity too large",
                                                   "content too large", "uri too long",
                                                   "too many requests", "internal server error",
                                                   "bad gateway",       "service unavailable",
                                                   "gateway timeout",   "internal error"};

constexpr std::array<std::string_view, 2> pages{"<!doctype html", "<html"};

char lower(char c) noexcept { return 'A' <= c && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_same(char a, char b) noexcept { return lower(a) == b; }

bool starts_with(std::string_view text, std::string_view lower_case) noexcept {
  return text.size() >= lower_case.size() &&
         std::ranges::equal(text.substr(0, lower_case.size()), lower_case, is_same);
}

std::string_view trimmed(std::string_view text, std::string_view characters) noexcept {
  const std::size_t begin = std::min(text.find_first_not_of(characters), text.size());
  const std::size_t end = text.find_last_not_of(characters);
  return end == std::string_view::npos ? std::string_view{} : text.substr(begin, end + 1 - begin);
}

}  // namespace

bool is_api_error_text(std::string_view text) noexcept {
  std::string_view phrase = trimmed(text, " \t\r\n\"'");
  if (std::ranges::any_of(pages, [&](auto page) { return starts_with(phrase, page); })) return true;
  phrase = trimmed(phrase, "0123456789 :.!");
  return std::ranges::any_of(
      phrases, [&](auto known) { return std::ranges::equal(phrase, known, is_same); });
}

}  // namespace fleetstatus
