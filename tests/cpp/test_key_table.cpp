#include "records/key_table.hpp"

#include <array>
#include <vector>

#include "records/field_table.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

TEST_CASE("an underscore is a space in the database and two are a hyphen") {
  CHECK(database_spelling("is_online") == "is online");
  CHECK(database_spelling("changed_api_heartbeat_state_on__date") ==
        "changed api heartbeat state on-date");
  CHECK(database_spelling("belongs_to__application") == "belongs to-application");
  CHECK(database_spelling("status") == "status");
  CHECK(database_spelling("__id") == "__id");
  CHECK(database_spelling("") == "");
}

TEST_CASE("every field is found by both of its spellings") {
  std::vector<std::string_view> names;
  for (const FieldEntry& entry : field_table) names.push_back(entry.name);
  const KeyTable keys{names};
  for (std::size_t i = 0; i < names.size(); ++i) {
    CAPTURE(names[i]);
    CHECK(keys.find(names[i]) == static_cast<int>(i));
    CHECK(keys.find(database_spelling(names[i])) == static_cast<int>(i));
  }
}

TEST_CASE("what is no field is not found") {
  std::vector<std::string_view> names;
  for (const FieldEntry& entry : field_table) names.push_back(entry.name);
  const KeyTable keys{names};
  for (const std::string_view name : names) {
    // Near misses: one letter less, one more, another case, half of each spelling.
    for (std::string other : {std::string{name.substr(1)}, std::string{name.substr(0, 1)},
                              std::string{name} + "s", "I" + std::string{name}}) {
      CAPTURE(other);
      CHECK((keys.find(other) == KeyTable::not_listed || other == "id"));
    }
  }
  CHECK(keys.find("is_connected to vpn") == KeyTable::not_listed);
  CHECK(keys.find("") == KeyTable::not_listed);
}

TEST_CASE("an empty table lists nothing and can grow") {
  KeyTable keys{{}};
  CHECK(keys.find("a") == KeyTable::not_listed);
  CHECK(keys.n_keys() == 0);
  keys.add("a", 5);
  CHECK(keys.find("a") == 5);
}

TEST_CASE("a spelling that is listed keeps its index") {
  constexpr std::array<std::string_view, 2> names{"a", "b"};
  KeyTable keys{names};
  keys.add("a", 7);
  CHECK(keys.find("a") == 0);
  keys.add("c", 1);
  CHECK(keys.find("c") == 1);
}

TEST_CASE("the empty key can be listed") {
  KeyTable keys{{}};
  keys.add("", 3);
  CHECK(keys.find("") == 3);
}

TEST_CASE("keys that collide are all found") {
  // Same length, same first, middle and last letter: the same hash.
  std::vector<std::string> names;
  for (char c = 'a'; c <= 'z'; ++c) names.push_back(std::string{"x"} + c + "xxx");
  KeyTable keys{{}};
  for (std::size_t i = 0; i < names.size(); ++i) keys.add(names[i], static_cast<int>(i));
  for (std::size_t i = 0; i < names.size(); ++i) {
    CHECK(keys.find(names[i]) == static_cast<int>(i));
  }
  CHECK(keys.find("x-xxx") == KeyTable::not_listed);
}

TEST_CASE("key indexes are counted up to the highest") {
  constexpr std::array<std::string_view, 2> names{"app_name", "slug"};
  KeyTable keys{names};
  CHECK(keys.n_keys() == 2);
  keys.add("name", 0);
  CHECK(keys.n_keys() == 2);
  keys.add("other", 6);
  CHECK(keys.n_keys() == 7);
}

TEST_CASE("a table that moves keeps its keys") {
  KeyTable keys{{}};
  keys.add("a_long_key_that_is_on_the_heap_and_not_within_the_string", 1);
  keys.add("b", 2);
  const KeyTable moved = std::move(keys);
  CHECK(moved.find("a_long_key_that_is_on_the_heap_and_not_within_the_string") == 1);
  CHECK(moved.find("b") == 2);
}

TEST_CASE("the table of fields holds one entry for each, with what it hides") {
  for (std::size_t i = 0; i < n_fields; ++i) {
    const FieldEntry& entry = entry_of(static_cast<Field>(i));
    CAPTURE(entry.name);
    CHECK(entry.field == static_cast<Field>(i));
    CHECK(entry.hides.empty() == entry.alias_of.has_value());
    CHECK(static_cast<std::size_t>(entry.kind) < field_kind_names.names.size());
  }
}

}  // namespace
