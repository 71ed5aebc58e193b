#include "rules/trace.hpp"

namespace fleetstatus {

Trace trace(KnownFacts known, StatusScheme scheme) {
  const VerdictTable table{scheme};
  const auto rule_of = [&](Facts facts) { return table[facts].rule; };
  const auto matched = certain(known, table.relevant(), rule_of);
  Trace result;
  for (const Rule& rule : scheme_of(scheme).rules) {
    if (matched && &rule == &scheme_of(scheme).rules[*matched]) {
      result.matched = &rule;
      break;
    }
    RuledOut out{&rule, {}};
    for (const Condition& condition : *rule.when) {
      if (known.knows(*condition.fact) && !condition.holds(known.facts)) {
        out.against.push_back(condition.fact);
      }
    }
    if (out.against.empty() && !matched) break;
    result.ruled_out.push_back(std::move(out));
  }
  return result;
}

}  // namespace fleetstatus
