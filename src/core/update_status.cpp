#include "core/update_status.hpp"

#include <array>

namespace fleetstatus {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view identifier_characters =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-";

std::string_view take_while(std::string_view& text, std::string_view characters) noexcept {
  const std::size_t end = std::min(text.find_first_not_of(characters), text.size());
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
    const std::string_view identifier = take_while(text, identifier_characters);
    const bool numeric = identifier.find_first_not_of(digits) == std::string_view::npos;
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

}  // namespace

UpdateStatusSupport update_status_support(std::string_view version) noexcept {
  take(version, 'v');
  constexpr std::array<std::string_view, 3> first_support{"16", "7", "0"};
  int order = 0;
  for (std::size_t i = 0; i < first_support.size(); ++i) {
    if (i > 0 && !take(version, '.')) return UpdateStatusSupport::unknown;
    const std::string_view number = take_while(version, digits);
    if (!is_number(number)) return UpdateStatusSupport::unknown;
    if (order == 0) order = compare_numbers(number, first_support[i]);
  }
  if (take(version, '-') && !take_identifiers(version, LeadingZeros::refused)) {
    return UpdateStatusSupport::unknown;
  }
  if (take(version, '+') && !take_identifiers(version, LeadingZeros::allowed)) {
    return UpdateStatusSupport::unknown;
  }
  if (!version.empty()) return UpdateStatusSupport::unknown;
  return order < 0 ? UpdateStatusSupport::no : UpdateStatusSupport::yes;
}

}  // namespace fleetstatus
