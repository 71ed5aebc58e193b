#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/names.hpp"
#include "rules/rules.hpp"

namespace fleetstatus {

/// A set of rules for the overall status: four from the docs, two from the API, one from a library.
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

/// A rule of a scheme; the first one whose condition holds gives the status.
struct Rule {
  Reason reason;
  std::string_view label;  ///< empty if the status is not known
  const When* when;
  std::string_view indicator = {};  ///< fixed text for `detail`
};

/// A scheme: its source, and its labels and rules in order.
struct Scheme {
  StatusScheme id;
  std::string_view source;
  std::span<const std::string_view> labels;
  std::span<const Rule> rules;
};

[[nodiscard]] const Scheme& scheme_of(StatusScheme id) noexcept;

/// The result of a scheme for a device, as codes.
struct Verdict {
  std::int8_t status;  ///< index in the scheme's labels; -1 if none
  Reason reason;
  std::uint8_t rule;  ///< index in the scheme's rules

  friend constexpr bool operator==(const Verdict&, const Verdict&) = default;
};

/// Lookup table of a scheme's verdict for every combination of facts.
class VerdictTable {
 public:
  explicit VerdictTable(StatusScheme id) noexcept;

  [[nodiscard]] Verdict operator[](Facts facts) const noexcept {
    return verdicts_[rule_at_[(facts.bits() >> shift_) & mask_]];
  }

  /// The bits of the facts that the scheme's rules read.
  [[nodiscard]] std::uint32_t relevant() const noexcept { return mask_ << shift_; }

 private:
  const std::uint8_t* rule_at_;
  const Verdict* verdicts_;
  unsigned shift_;
  std::uint32_t mask_;
};

}  // namespace fleetstatus
