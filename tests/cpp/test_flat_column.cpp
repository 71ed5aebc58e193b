#include "table/flat_column.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "columns.hpp"
#include "support.hpp"
#include "table/rule_bits.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

std::vector<std::optional<std::string_view>> texts_in(const Column& column) {
  std::vector<std::optional<std::string_view>> all;
  for (std::size_t row = 0; row < column.size(); ++row) all.push_back(column.text(row));
  return all;
}

TEST_CASE("labels and texts of any layout become large texts") {
  static constexpr std::array<std::string_view, 2> answers{"yes", "no"};
  const Column closed =
      column_of<std::int8_t>(ColumnType::code8, {1, std::nullopt, 0}, as_labels(answers));
  CHECK(flat(closed).type() == ColumnType::large_utf8);
  CHECK(texts_in(flat(closed)) == Texts{"no", std::nullopt, "yes"});
  const Texts values{"acme/pumps", std::nullopt, "a text of more than twelve bytes", ""};
  for (const Column& column :
       {labels(values), texts(TextLayout::utf8, values), texts(TextLayout::utf8_view, values),
        texts(TextLayout::large_utf8, values)}) {
    CHECK(flat(column).type() == ColumnType::large_utf8);
    CHECK(texts_in(flat(column)) == values);
  }
}

TEST_CASE("texts in several chunks become one column") {
  const TextChunk chunk = texts(TextLayout::utf8, {"a", std::nullopt}).texts()->chunks().front();
  const TextChunk other = texts(TextLayout::utf8, {"b"}).texts()->chunks().front();
  CHECK(texts_in(flat(Column{{chunk, other}})) == Texts{"a", std::nullopt, "b"});
}

TEST_CASE("times become microseconds, and null where these do not exist") {
  const Column times = column_of<Timestamp>(
      ColumnType::timestamp, {Timestamp{Milliseconds{-1}}, std::nullopt, latest_timestamp});
  const Column flat_times = flat(times);
  CHECK(flat_times.type() == ColumnType::timestamp_us);
  CHECK(flat_times.value<std::int64_t>(0) == -1'000);
  CHECK_FALSE(flat_times.is_valid(1));
  CHECK(flat_times.value<std::int64_t>(2) == 253'402'300'799'999'000);
  const auto beyond = std::numeric_limits<std::int64_t>::max();
  CHECK_FALSE(flat(column_of<Timestamp>(ColumnType::timestamp, {Timestamp{Milliseconds{beyond}}}))
                  .is_valid(0));
}

TEST_CASE("small numbers become int32, all other types stay") {
  const Column bits = column_of<std::uint16_t>(ColumnType::uint16, {65'535, std::nullopt});
  CHECK(flat(bits).type() == ColumnType::int32);
  CHECK(flat(bits).value<std::int32_t>(0) == 65'535);
  CHECK_FALSE(flat(bits).is_valid(1));
  const Column numbers = column_of<std::int64_t>(ColumnType::int64, {7});
  CHECK(flat(numbers).values().data == numbers.values().data);
  CHECK(flat(flags({true})).type() == ColumnType::boolean);
}

TEST_CASE("the type of an empty column is that of any") {
  CHECK(flat(labels({})).type() == ColumnType::large_utf8);
  CHECK(flat(Column::nulls(ColumnType::timestamp, 0)).type() == ColumnType::timestamp_us);
}

TEST_CASE("facts are the same after a way through their bits") {
  KnownFacts known;
  known.set(fact::heartbeat, 3);
  known.forget(fact::update_support);
  const auto back = facts_of(rule_bits(known));
  REQUIRE(back);
  CHECK(back->facts.bits() == known.facts.bits());
  CHECK(back->unknown == known.unknown);
  CHECK(facts_of(rule_bits({Facts{}, all_facts}))->unknown == all_facts);
}

TEST_CASE("numbers that are no bits of facts are told") {
  CHECK_FALSE(facts_of(-1));
  CHECK_FALSE(facts_of(std::int64_t{1} << n_fact_bits));
  CHECK_FALSE(facts_of(std::int64_t{1} << (unknown_shift + n_fact_bits)));
  CHECK_FALSE(facts_of(1 | std::int64_t{1} << unknown_shift));  // known and unknown
}

}  // namespace
