#include "rules/update_status.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

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

/// Larger numbers are clamped to this one: no supervisor version has one.
constexpr unsigned large_number = 1'000'000;

/// Parses a number without leading zeros; none if the text does not begin with one.
std::optional<unsigned> take_number(std::string_view& text) noexcept {
  std::size_t n_digits = 0;
  unsigned number = 0;
  for (; n_digits < text.size() && is_digit(text[n_digits]); ++n_digits) {
    number = std::min(number * 10 + static_cast<unsigned>(text[n_digits] - '0'), large_number);
  }
  if (n_digits == 0 || (n_digits > 1 && text.front() == '0')) return std::nullopt;
  text.remove_prefix(n_digits);
  return number;
}

enum class LeadingZeros : bool { refused, allowed };

bool take_identifiers(std::string_view& text, LeadingZeros zeros) noexcept {
  do {
    const std::string_view identifier = take_while(text, is_of_identifier);
    const bool numeric = std::ranges::all_of(identifier, is_digit);
    if (identifier.empty()) return false;
    const bool has_leading_zero = identifier.size() > 1 && identifier.front() == '0';
    if (numeric && zeros == LeadingZeros::refused && has_leading_zero) return false;
  } while (take(text, '.'));
  return true;
}

/// Major, minor and patch.
using Version = std::array<unsigned, 3>;

}  // namespace

SupervisorAge supervisor_age(std::string_view text) noexcept {
  take(text, 'v');
  Version version{};
  for (std::size_t i = 0; i < version.size(); ++i) {
    if (i > 0 && !take(text, '.')) return SupervisorAge::unknown;
    const auto number = take_number(text);
    if (!number) return SupervisorAge::unknown;
    version[i] = *number;
  }
  if (take(text, '-') && !take_identifiers(text, LeadingZeros::refused)) {
    return SupervisorAge::unknown;
  }
  if (take(text, '+') && !take_identifiers(text, LeadingZeros::allowed)) {
    return SupervisorAge::unknown;
  }
  if (!text.empty()) return SupervisorAge::unknown;
  if (version < Version{16, 7, 0}) return SupervisorAge::reports_no_update_status;
  if (version < Version{17, 7, 0}) return SupervisorAge::flickers;
  return version < Version{19, 0, 0} ? SupervisorAge::reports : SupervisorAge::queues;
}

}  // namespace fleetstatus
