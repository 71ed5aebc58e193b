#pragma once

#include <optional>
#include <vector>

#include "rules/facts.hpp"
#include "rules/schemes.hpp"

namespace fleetstatus {

/// Why a rule did not match: the facts that stood against it.
struct RuledOut {
  const Rule* rule;
  std::vector<const Fact*> against;
};

/// How a scheme came to its answer.
struct Trace {
  const Rule* matched = nullptr;    ///< null if that depends on an unreadable field
  std::vector<RuledOut> ruled_out;  ///< the rules before it, in their order
};

/// Follows the rules of a scheme. Where facts are unknown it ends at the first rule whose match
/// depends on one, unless every completion agrees.
[[nodiscard]] Trace trace(KnownFacts known, StatusScheme scheme);

}  // namespace fleetstatus
