#pragma once

#include <bit>
#include <cstdint>
#include <optional>

#include "rules/facts.hpp"
#include "table/column.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

// All facts of a device in one number: their bits, and above them the bits that are not known.

inline constexpr unsigned unknown_shift = 32;

/// Increased whenever the bits of a fact or of a field change, since tables in files keep them.
inline constexpr int rule_bits_layout = 1;

[[nodiscard]] constexpr std::int64_t rule_bits(KnownFacts known) noexcept {
  return std::bit_cast<std::int64_t>(std::uint64_t{known.unknown} << unknown_shift |
                                     known.facts.bits());
}

/// @return none if these are not the bits of facts
[[nodiscard]] constexpr std::optional<KnownFacts> facts_of(std::int64_t bits) noexcept {
  const auto all = std::bit_cast<std::uint64_t>(bits);
  const auto known = static_cast<std::uint32_t>(all);
  const auto unknown = static_cast<std::uint32_t>(all >> unknown_shift);
  const bool are_facts = ((known | unknown) & ~all_facts) == 0 && (known & unknown) == 0;
  return are_facts ? std::optional{KnownFacts{Facts{known}, unknown}} : std::nullopt;
}

/// The bits of each row.
[[nodiscard]] Column rule_bits(const StatusTable& table);

}  // namespace fleetstatus
