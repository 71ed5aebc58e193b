#include "readers/json_index.hpp"

#include <string>
#include <vector>

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

/// The first characters of the tokens of a text; `no index` if there is none.
std::string tokens_of(std::string_view text) {
  JsonIndex index;
  if (!index.index(text)) return "no index";
  std::string firsts;
  for (auto token = index.tokens().begin(); token != index.tokens().end(); ++token) {
    firsts += index.tokens().at(token);
  }
  return firsts;
}

/// Whether the value that a text begins with ends with the text.
bool is_whole(std::string_view text) {
  JsonIndex index;
  REQUIRE(index.index(text));
  const JsonTokens& tokens = index.tokens();
  return tokens.skip(tokens.begin()) == tokens.end();
}

std::string record(std::size_t id, std::size_t n_letters, std::string_view ending) {
  return R"({"is_frozen":null,"id":)" + std::to_string(id) + R"(,"note":")" +
         std::string(n_letters, 'x') + std::string{ending} +
         R"(","image_install":[{"id":1}],"uuid":")" + std::to_string(id) + R"("})";
}

/// Records of many sizes, as one list or as lines.
std::string source_of(const std::vector<std::size_t>& sizes, std::string_view ending,
                      bool is_list) {
  std::string source = is_list ? "[" : "";
  for (std::size_t id = 0; id < sizes.size(); ++id) {
    if (id > 0) source += is_list ? "," : "\n";
    source += record(id, sizes[id], ending);
  }
  return source + (is_list ? "]" : "\n");
}

std::vector<std::int64_t> ids_of(const StatusTable& table) {
  std::vector<std::int64_t> ids;
  for (std::size_t row = 0; row < table.size(); ++row) {
    ids.push_back(table.column(ColumnId::id).is_valid(row)
                      ? table.column(ColumnId::id).value<std::int64_t>(row)
                      : -1);
  }
  return ids;
}

std::vector<std::int64_t> up_to(std::size_t n) {
  std::vector<std::int64_t> ids;
  for (std::size_t id = 0; id < n; ++id) ids.push_back(static_cast<std::int64_t>(id));
  return ids;
}

TEST_CASE("tokens are brackets, colons, commas, and the starts of what stands between") {
  CHECK(tokens_of(R"({"a" : [1, true ,null],"b{":"}"})") == R"({":[1,t,n],":"})");
}

TEST_CASE("text that is not UTF-8, or whose strings are not whole, has no tokens") {
  for (const std::string_view text :
       {"", "\"a", "{\"a\":\"", "\"\xFF\"", "\"a\nb\"", "\"\xED\xA0\x80\"", "{\"a\\\""}) {
    CAPTURE(text);
    CHECK(tokens_of(text) == "no index");
  }
}

TEST_CASE("a value ends where its brackets do") {
  for (const std::string_view text : {"1", "\"]\"", "[]", "[[],{}]", R"({"a":[{"b":[]}]})"}) {
    CAPTURE(text);
    CHECK(is_whole(text));
  }
  for (const std::string_view text : {"[", "[}", "{]", "[[]", "[]]", R"({"a":[})", R"({"a" {}})",
                                      R"([{} {}])", ",", "}", "1 2"}) {
    CAPTURE(text);
    CHECK_FALSE(is_whole(text));
  }
}

TEST_CASE("brackets match at any depth") {
  for (const std::size_t depth : {1U, 63U, 64U, 65U, 128U, 1000U, 100'000U}) {
    CAPTURE(depth);
    const std::string open(depth, '[');
    const std::string closed(depth, ']');
    CHECK(is_whole(open + closed));
    CHECK_FALSE(is_whole(open + closed.substr(1)));
    CHECK_FALSE(is_whole(open + "}" + closed.substr(1)));
  }
}

TEST_CASE("records are the same wherever the index happens to end") {
  constexpr std::size_t kilobyte = 1024;
  const std::vector<std::size_t> sizes{
      1, 10 * kilobyte,  50 * kilobyte,   3, 64 * kilobyte, 63 * kilobyte, 200 * kilobyte,
      5, 900 * kilobyte, 2000 * kilobyte, 7, 60 * kilobyte};
  // Brackets in strings, where the index may be made to end.
  for (const std::string_view ending : {"", "}", "]}", R"(\"}, {\"id\": 9)", R"(\\)"}) {
    for (const bool is_list : {true, false}) {
      CAPTURE(ending);
      CAPTURE(is_list);
      const std::string source = source_of(sizes, ending, is_list);
      CHECK(ids_of(read_table(source, lenient())) == up_to(sizes.size()));
    }
  }
}

TEST_CASE("many small records are the same wherever the index happens to end") {
  for (const std::size_t size : {0U, 1U, 7U, 61U, 500U}) {
    for (const bool is_list : {true, false}) {
      CAPTURE(size);
      CAPTURE(is_list);
      const std::vector<std::size_t> sizes(3000, size);
      CHECK(ids_of(read_table(source_of(sizes, "}", is_list), lenient())) == up_to(3000));
    }
  }
}

TEST_CASE("text that is not UTF-8 costs its own line alone") {
  const std::size_t n_records = 3000;
  for (const std::size_t bad : {0U, 1U, 150U, 2999U}) {
    CAPTURE(bad);
    std::string source;
    for (std::size_t id = 0; id < n_records; ++id) {
      source += record(id, 20, id == bad ? "\xFF" : "") + "\n";
    }
    std::vector<std::int64_t> expected = up_to(n_records);
    expected[bad] = -1;
    CHECK(ids_of(read_table(source, keeping())) == expected);
  }
}

TEST_CASE("the instruction set in use has a name") {
  CHECK_FALSE(simdjson_version().empty());
  CHECK_FALSE(simdjson_implementation().empty());
}

}  // namespace
