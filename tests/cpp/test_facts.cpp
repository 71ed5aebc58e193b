#include "rules/facts.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

constexpr std::uint32_t every_bit = ~0U;

/// Asks for some bits, as a rule does.
constexpr auto bits_of(std::uint32_t mask) {
  return [mask](Facts facts) { return facts.bits() & mask; };
}

TEST_CASE("every answer of a fact has its words") {
  for (const Fact* fact : fact::all) {
    CAPTURE(fact->fields[0]);
    CHECK_FALSE(fact->fields[0].empty());
    const auto n_words = static_cast<std::size_t>(
        std::ranges::count_if(fact->words, [](std::string_view words) { return !words.empty(); }));
    CHECK(n_words > 1U << (fact->width - 1U));  // no bit more than the answers take
    for (std::size_t answer = 0; answer < fact->words.size(); ++answer) {
      const std::size_t n_answers =
          fact == &fact::web_access || fact == &fact::update_support ? 3 : 1U << fact->width;
      CHECK(fact->words[answer].empty() == (answer >= n_answers));
    }
  }
}

TEST_CASE("the bits of all facts are those of the list") {
  std::uint32_t bits = 0;
  for (const Fact* fact : fact::all) bits |= fact->mask();
  CHECK(all_facts == bits);
}

TEST_CASE("setting a fact changes that fact alone") {
  for (const Fact* fact : fact::all) {
    for (unsigned answer = 0; answer < (1U << fact->width); ++answer) {
      Facts none;
      none.set(*fact, answer);
      CHECK(none.answer(*fact) == answer);
      CHECK((none.bits() & ~fact->mask()) == 0);
      Facts all{every_bit};
      all.set(*fact, answer);
      CHECK(all.answer(*fact) == answer);
      CHECK((all.bits() | fact->mask()) == every_bit);
    }
  }
}

TEST_CASE("a forgotten fact is not known and the others are") {
  KnownFacts known;
  known.forget(fact::heartbeat);
  for (const Fact* fact : fact::all) CHECK(known.knows(*fact) == (fact != &fact::heartbeat));
}

TEST_CASE("a fact that is set again is known and one that nothing decides is forgotten") {
  KnownFacts known;
  known.forget(fact::heartbeat);
  known.set(fact::heartbeat, HeartbeatState::offline);
  CHECK(known.knows(fact::heartbeat));
  CHECK(known.facts.heartbeat() == HeartbeatState::offline);
  known.set_unless(false, fact::cloudlink, true);
  CHECK(known.holds(fact::cloudlink));
  known.set_unless(true, fact::cloudlink, true);
  CHECK_FALSE(known.knows(fact::cloudlink));
  CHECK_FALSE(known.holds(fact::cloudlink));
  CHECK(known.facts.answer(fact::cloudlink) == 0);
  known.set_unless(false, fact::cloudlink, true);
  CHECK(known.holds(fact::cloudlink));
}

TEST_CASE("known facts give a certain answer") {
  CHECK(certain({Facts{0b1010}, 0}, every_bit, bits_of(0b0110)) == 0b0010U);
}

TEST_CASE("an unknown fact that the question does not read changes nothing") {
  CHECK(certain({Facts{0b1010}, 0b0001}, 0b0110, bits_of(0b0110)) == 0b0010U);
  CHECK(certain({Facts{0b1010}, 0b0001}, every_bit, bits_of(0b0110)) == 0b0010U);
}

TEST_CASE("an answer that depends on an unknown fact is none") {
  CHECK_FALSE(certain({Facts{0b1010}, 0b0010}, every_bit, bits_of(0b0110)));
  CHECK_FALSE(certain({Facts{0}, 0b0110}, every_bit, bits_of(0b0100)));
}

TEST_CASE("what an unknown bit holds by chance plays no part") {
  const auto is_set = [](Facts facts) { return (facts.bits() & 0b1000) != 0; };
  CHECK(certain({Facts{0b1001}, 0b0001}, every_bit, is_set) == true);
  CHECK(certain({Facts{0b1000}, 0b0001}, every_bit, is_set) == true);
}

TEST_CASE("every completion is tried once, also where unknown bits stand apart") {
  std::uint32_t seen = 0;
  int n_asked = 0;
  const auto note = [&](Facts facts) {
    seen |= 1U << facts.bits();
    ++n_asked;
    return 0;
  };
  CHECK(certain({Facts{0b00100}, 0b10010}, every_bit, note) == 0);
  // 00100, 00110, 10100, 10110 = 4, 6, 20, 22
  CHECK(seen == ((1U << 4) | (1U << 6) | (1U << 20) | (1U << 22)));
  CHECK(n_asked == 4);
}

TEST_CASE("one completion out of many is enough to leave the answer open") {
  const auto all_set = [](Facts facts) { return facts.bits() == 0b1111; };
  CHECK_FALSE(certain({Facts{0}, 0b1111}, every_bit, all_set));
  CHECK(certain({Facts{0}, 0b0111}, every_bit, all_set) == false);
}

}  // namespace
