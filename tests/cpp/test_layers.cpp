// Includes go one way: core <- readers, table <- classify <- bindings.

#include <filesystem>
#include <fstream>
#include <set>
#include <vector>

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

struct Include {
  std::string file;  ///< that has it
  std::string name;
  bool is_quoted;
};

std::vector<Include> includes_of(const std::string& room) {
  std::vector<Include> includes;
  const std::filesystem::path root{FLEETSTATUS_SOURCES};
  for (const auto& entry : std::filesystem::recursive_directory_iterator{root / room}) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file{entry.path()};
    for (std::string line; std::getline(file, line);) {
      const std::size_t hash = line.find_first_not_of(" \t");
      if (hash == std::string::npos || line[hash] != '#') continue;
      if (line.find("include", hash) == std::string::npos) continue;
      const std::size_t open = line.find_first_of("<\"");
      const std::size_t close = line.find_first_of(">\"", open + 1);
      if (open == std::string::npos || close == std::string::npos) continue;
      includes.push_back({entry.path().filename().string(), line.substr(open + 1, close - open - 1),
                          line[open] == '"'});
    }
  }
  REQUIRE_FALSE(includes.empty());
  return includes;
}

/// Headers of the standard library have neither folder nor ending.
bool is_standard(const Include& include) {
  return !include.is_quoted && include.name.find_first_of("./") == std::string::npos;
}

void check_room(const std::string& room, const std::set<std::string>& rooms,
                const std::set<std::string>& libraries) {
  for (const Include& include : includes_of(room)) {
    CAPTURE(include.file);
    CAPTURE(include.name);
    const std::string root = include.name.substr(0, include.name.find('/'));
    const bool is_allowed = is_standard(include) ||
                            (include.is_quoted ? rooms.contains(root) : libraries.contains(root));
    CHECK(is_allowed);
  }
}

TEST_CASE("the core knows the standard library and itself") { check_room("core", {"core"}, {}); }

TEST_CASE("readers know the core and the two JSON parsers") {
  check_room("readers", {"core", "readers"}, {"simdjson.h", "nlohmann"});
}

TEST_CASE("tables know the core, write with nlohmann, and ask the system for memory") {
  check_room("table", {"core", "table"}, {"nlohmann", "sys", "unistd.h"});
}

TEST_CASE("what brings readers and tables together knows no library") {
  check_room("classify", {"core", "readers", "table", "classify"}, {});
}

TEST_CASE("the bindings alone know Python, and no JSON parser") {
  check_room("bindings", {"core", "readers", "table", "classify", "bindings"},
             {"pybind11", "Python.h", "datetime.h"});
}

TEST_CASE("there is no room beside these") {
  std::set<std::string> rooms;
  for (const auto& entry : std::filesystem::directory_iterator{FLEETSTATUS_SOURCES}) {
    rooms.insert(entry.path().filename().string());
  }
  CHECK(rooms == std::set<std::string>{"bindings", "classify", "core", "readers", "table"});
}

}  // namespace
