#pragma once

#include <optional>
#include <vector>

#include "rules/facts.hpp"
#include "rules/schemes.hpp"

namespace fleetstatus {

/// A rule that did not match, and the facts that ruled it out.
struct RuledOut {
  const Rule* rule;
  std::vector<const Fact*> against;
};

/// How a scheme found its answer.
struct Trace {
  const Rule* matched = nullptr;    ///< null if it depends on an unreadable field
  std::vector<RuledOut> ruled_out;  ///< the rules before it, in order
};

/// Traces the rules of a scheme. If the matching rule depends on unknown facts, the trace ends at
/// the first rule that may match.
[[nodiscard]] Trace trace(KnownFacts known, StatusScheme scheme);

}  // namespace fleetstatus
