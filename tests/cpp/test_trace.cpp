#include "rules/trace.hpp"

#include <vector>

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

/// A device with both links up.
KnownFacts healthy() {
  KnownFacts known;
  known.facts.set(fact::active, 1);
  known.facts.set(fact::cloudlink, 1);
  known.facts.set(fact::ever_connected, 1);
  known.facts.set(fact::cloudlink_expected, 1);
  return known;
}

TEST_CASE("a trace ends at the rule that matches and rules out all before it") {
  const Trace found = trace(healthy(), newest);
  const auto& rules = scheme_of(newest).rules;
  REQUIRE(found.matched != nullptr);
  CHECK(found.matched->reason == Reason::both_links);
  REQUIRE(found.ruled_out.size() == rules.size() - 1);  // it is the last
  for (std::size_t i = 0; i < found.ruled_out.size(); ++i) {
    CHECK(found.ruled_out[i].rule == &rules[i]);
    CHECK_FALSE(found.ruled_out[i].against.empty());
  }
}

TEST_CASE("the first rule can match at once") {
  KnownFacts known = healthy();
  known.facts.set(fact::frozen, 1);
  const Trace found = trace(known, newest);
  REQUIRE(found.matched != nullptr);
  CHECK(found.matched->reason == Reason::frozen);
  CHECK(found.ruled_out.empty());
}

TEST_CASE("what speaks against a rule is each condition that does not hold") {
  const Trace found = trace(healthy(), newest);
  for (const auto& [rule, against] : found.ruled_out) {
    CAPTURE(reasons[rule->reason]);
    std::vector<const Fact*> expected;
    for (const Condition& condition : *rule->when) {
      if (!condition.holds(healthy().facts)) expected.push_back(condition.fact);
    }
    CHECK(against == expected);
  }
}

TEST_CASE("a trace agrees with the verdict for all known facts of every scheme") {
  for (const std::string_view name : status_schemes.names) {
    CAPTURE(name);
    const StatusScheme scheme = *status_schemes.find(name);
    const VerdictTable table{scheme};
    std::size_t n_wrong = 0;
    for (std::uint32_t bits = 0; bits < (1U << 18U); bits += 7) {
      const Trace found = trace({Facts{bits}, 0}, scheme);
      const Verdict verdict = table[Facts{bits}];
      const bool same = found.matched == &scheme_of(scheme).rules[verdict.rule] &&
                        found.ruled_out.size() == verdict.rule;
      n_wrong += same ? 0 : 1;
    }
    CHECK(n_wrong == 0);
  }
}

TEST_CASE("where an unknown fact decides the trace ends before that rule") {
  KnownFacts known = healthy();
  known.forget(fact::post_provisioning);
  const Trace found = trace(known, newest);
  CHECK(found.matched == nullptr);
  REQUIRE(found.ruled_out.size() == 2);
  CHECK(found.ruled_out[0].rule->reason == Reason::frozen);
  CHECK(found.ruled_out[1].rule->reason == Reason::inactive);
}

TEST_CASE("an unknown fact that changes nothing leaves the match and is no argument") {
  KnownFacts known = healthy();
  known.forget(fact::cloudlink_expected);
  const Trace found = trace(known, newest);
  REQUIRE(found.matched != nullptr);
  CHECK(found.matched->reason == Reason::both_links);
  for (const auto& [rule, against] : found.ruled_out) {
    CHECK(std::ranges::find(against, &fact::cloudlink_expected) == against.end());
  }
}

TEST_CASE("an unknown fact behind the match is not asked for") {
  KnownFacts known = healthy();
  known.facts.set(fact::active, 0);
  known.forget(fact::heartbeat);
  const Trace found = trace(known, newest);
  REQUIRE(found.matched != nullptr);
  CHECK(found.matched->reason == Reason::inactive);
  CHECK(found.ruled_out.size() == 1);
}

}  // namespace
