// Broken text by the thousand. What is no JSON must be told, wherever it is broken, and nothing may
// crash; built with sanitizers this test is worth most.

#include <chrono>
#include <nlohmann/json.hpp>
#include <vector>

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

/// Records of which every value is read, so that nothing malformed may pass.
const std::string nested =
    R"({"uuid":"a\u00e9\n","id":-12.0e1,"is_active":true,"status":null,)"
    R"("image_install":[{"id":1,"status":"Downloading","download_progress":5},{}],)"
    R"("current_services":{"main":[{"id":2,"is_provided_by__release":{"__id":3}}]},)"
    R"("application":[{"slug":"org/a","application_config_variable":)"
    R"([{"name":"RESIN_SUPERVISOR_VPN_CONTROL","value":"false"}]}]})";
const std::string list = "[" + nested + ",\t{\"is online\":false} ]";
const std::string envelope =
    R"({"fetched_at":"2026-01-01T00:00:00Z","d":[)" + nested + R"(],"n":1})";

enum class Outcome { read, no_json };

/// Anything but a `JsonError` ends the test.
Outcome outcome_of(std::string_view text) {
  try {
    (void)read_table(text, keeping());
    return Outcome::read;
  } catch (const NotDevicesError&) {
    return Outcome::read;
  } catch (const JsonError& error) {
    CHECK(error.offset <= text.size());
    return Outcome::no_json;
  }
}

/// Whether the reader and another parser agree on what is one JSON text.
bool agrees(const std::string& text) {
  const bool has_nul = text.find('\0') != std::string::npos;  // taken for the end by the other one
  const bool is_json = !has_nul && nlohmann::json::accept(text);
  const bool agree = (outcome_of(text) == Outcome::read) == is_json;
  if (!agree) MESSAGE(text);
  return agree;
}

using namespace std::string_view_literals;
constexpr std::string_view nasty_bytes = "\0\x01\t\n \"\\,:[]{}0-+.eEx\x7F\x80\xC3\xFF"sv;

TEST_CASE("text cut off at any byte is no JSON") {
  for (const std::string& text : {list, envelope}) {
    const std::size_t end = text.find_last_of("]}");
    for (std::size_t size = 1; size <= end; ++size) {
      if (outcome_of(text.substr(0, size)) != Outcome::no_json) FAIL(text.substr(0, size));
    }
  }
}

TEST_CASE("with any byte replaced the reader agrees with another parser") {
  std::size_t n_disagreements = 0;
  for (std::string text : {list, envelope}) {
    for (char& byte : text) {
      const char original = byte;
      for (const char nasty : nasty_bytes) {
        byte = nasty;
        n_disagreements += agrees(text) ? 0 : 1;
      }
      byte = original;
    }
  }
  CHECK(n_disagreements == 0);
}

TEST_CASE("with any byte left out or doubled the reader agrees with another parser") {
  std::size_t n_disagreements = 0;
  for (const std::string& text : {list, envelope}) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      std::string shorter = text;
      shorter.erase(at, 1);
      std::string longer = text;
      longer.insert(at, 1, text[at]);
      for (const std::string& other : {shorter, longer}) {
        n_disagreements += agrees(other) ? 0 : 1;
      }
    }
  }
  CHECK(n_disagreements == 0);
}

TEST_CASE("JSON lines survive any byte") {
  const auto line = [](std::string_view uuid) {
    return bare(joined({R"("uuid":")", std::string{uuid}, "\""}, "")) + "\n";
  };
  std::string text = line("a") + nested + "\n" + line("c") + line("d");
  // Not its first byte: a line that begins with a bracket begins a list.
  for (std::size_t at = line("a").size() + 1; at < line("a").size() + nested.size(); ++at) {
    const char original = text[at];
    for (const char nasty : nasty_bytes) {
      text[at] = nasty;
      const auto table = read_table(text, keeping());
      // A line feed parts the line in two; the rows around it stay.
      const bool has_all = table.size() >= 4 && cell(table, ColumnId::uuid, 0) == "a" &&
                           cell(table, ColumnId::uuid, table.size() - 1) == "d";
      if (!has_all) FAIL(text);
    }
    text[at] = original;
  }
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

/// Reads a megabyte or so of what once took minutes.
void check_time(const std::string& text) {
  const auto start = std::chrono::steady_clock::now();
  (void)outcome_of(text);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{60});
}

TEST_CASE("many texts on one line take no longer than many lines") {
  check_time(repeated("{}", 300'000));
  check_time(repeated("{} ", 300'000) + "x");
}

TEST_CASE("many lost lines take no longer than many records") {
  check_time("{}\n" + repeated("x\n", 100'000));
  check_time("{}\n" + repeated("{\"uuid\":[\n", 50'000));
  check_time("{}\n" + repeated("{\"uuid\":\"\n", 50'000));
}

TEST_CASE("one record with many of everything is read in time") {
  check_time(R"({"image_install":[)" + repeated("{},", 300'000) + "{}]}");
  check_time("{" + repeated(R"("uuid":"a",)", 300'000) + R"("id":1})");
  check_time(R"({"current_services":{"b":[)" + repeated("{},", 100'000) + "{}]" +
             repeated(R"(,"a":[])", 100'000) + "}}");
  std::string services;
  for (int i = 0; i < 200'000; ++i) services += "\"" + std::to_string(i) + "\":1,";
  check_time(R"({"current_services":{)" + services + R"("b":[]}})");
}

}  // namespace
