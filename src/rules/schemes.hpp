#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/names.hpp"
#include "rules/rules.hpp"

namespace fleetstatus {

/// A vocabulary of overall statuses: four vintages of the docs, two of the API, one library.
enum class StatusScheme : std::uint8_t {
  docs_2024_11,
  docs_2024_10,
  docs_2022,
  docs_2021,
  api_v7,
  api_v6,
  library_2020,
};

inline constexpr auto status_schemes = names_of<StatusScheme>({
    {StatusScheme::docs_2024_11, "docs-2024-11"},
    {StatusScheme::docs_2024_10, "docs-2024-10"},
    {StatusScheme::docs_2022, "docs-2022"},
    {StatusScheme::docs_2021, "docs-2021"},
    {StatusScheme::api_v7, "api-v7"},
    {StatusScheme::api_v6, "api-v6"},
    {StatusScheme::library_2020, "library-2020"},
});

/// One row of a scheme: the first whose condition holds gives the status.
struct Rule {
  Reason reason;
  std::string_view label;  ///< empty: no status can be told
  const When* when;
  std::string_view indicator = {};  ///< fixed text for `detail`
};

/// A scheme: its labels in their order, its rules in theirs, and where they stand written.
struct Scheme {
  StatusScheme id;
  std::string_view source;
  std::span<const std::string_view> labels;
  std::span<const Rule> rules;
};

[[nodiscard]] const Scheme& scheme_of(StatusScheme id) noexcept;

/// What a scheme says of a device, as codes.
struct Verdict {
  std::int8_t status;  ///< place in the scheme's labels; -1: none
  Reason reason;
  std::uint8_t rule;  ///< place in the scheme's rules

  friend constexpr bool operator==(const Verdict&, const Verdict&) = default;
};

/// A scheme's rules, answered beforehand for every combination of facts.
class VerdictTable {
 public:
  explicit VerdictTable(StatusScheme id) noexcept;

  [[nodiscard]] Verdict operator[](Facts facts) const noexcept {
    return verdicts_[rule_at_[(facts.bits() >> shift_) & mask_]];
  }

  /// The bits that the scheme's rules read.
  [[nodiscard]] std::uint32_t relevant() const noexcept { return mask_ << shift_; }

 private:
  const std::uint8_t* rule_at_;
  const Verdict* verdicts_;
  unsigned shift_;
  std::uint32_t mask_;
};

}  // namespace fleetstatus
