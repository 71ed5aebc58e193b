#include "rules/update_status.hpp"

#include <algorithm>
#include <array>

namespace fleetstatus {
namespace {

bool is_digit(char c) noexcept { return '0' <= c && c <= '9'; }

bool is_of_identifier(char c) noexcept {
  return is_digit(c) || ('A' <= c && c <= 'Z') || ('a' <= c && c <= 'z') || c == '-';
}

template <class Predicate>
std::string_view take_while(std::string_view& text, Predicate is_wanted) noexcept {
  std::size_t end = 0;
  while (end < text.size() && is_wanted(text[end])) ++end;
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end);
  return taken;
}

bool take(std::string_view& text, char wanted) noexcept {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

bool is_number(std::string_view text) noexcept {
  return !text.empty() && (text == "0" || text.front() != '0');
}

enum class LeadingZeros : bool { refused, allowed };

bool take_identifiers(std::string_view& text, LeadingZeros zeros) noexcept {
  do {
    const std::string_view identifier = take_while(text, is_of_identifier);
    const bool numeric = std::ranges::all_of(identifier, is_digit);
    if (identifier.empty()) return false;
    if (numeric && zeros == LeadingZeros::refused && !is_number(identifier)) return false;
  } while (take(text, '.'));
  return true;
}

/// Compares numbers of any length that have no leading zeros.
int compare_numbers(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
  return left.compare(right);
}

/// Major, minor and patch of a version.
using Numbers = std::array<std::string_view, 3>;

bool is_before(const Numbers& version, const Numbers& other) noexcept {
  for (std::size_t i = 0; i < version.size(); ++i) {
    const int order = compare_numbers(version[i], other[i]);
    if (order != 0) return order < 0;
  }
  return false;
}

}  // namespace

SupervisorAge supervisor_age(std::string_view version) noexcept {
  take(version, 'v');
  Numbers numbers;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0 && !take(version, '.')) return SupervisorAge::unknown;
    numbers[i] = take_while(version, is_digit);
    if (!is_number(numbers[i])) return SupervisorAge::unknown;
  }
  if (take(version, '-') && !take_identifiers(version, LeadingZeros::refused)) {
    return SupervisorAge::unknown;
  }
  if (take(version, '+') && !take_identifiers(version, LeadingZeros::allowed)) {
    return SupervisorAge::unknown;
  }
  if (!version.empty()) return SupervisorAge::unknown;
  if (is_before(numbers, {"16", "7", "0"})) return SupervisorAge::reports_no_update_status;
  if (is_before(numbers, {"17", "7", "0"})) return SupervisorAge::flickers;
  return is_before(numbers, {"19", "0", "0"}) ? SupervisorAge::reports : SupervisorAge::queues;
}

}  // namespace fleetstatus
