// How fast simdjson walks through device records if nothing is made of them: every key is read,
// every value is skipped. Usage: fleetstatus_walk FILE, an API response; prints the seconds that
// pass and those that the processor works.

#include <cstddef>
#include <cstdio>
#include <exception>

#include <simdjson.h>

#include "clock.hpp"

namespace {

namespace ondemand = simdjson::ondemand;

/// @return  the bytes of all keys, so that none is left unread
std::size_t walk(ondemand::parser& parser, const simdjson::padded_string& response) {
  std::size_t n_bytes = 0;
  auto document = parser.iterate(response);
  ondemand::array records = document.find_field("d");
  for (ondemand::object record : records) {
    for (ondemand::field field : record) {
      const std::string_view key = field.unescaped_key();
      n_bytes += key.size();
    }
  }
  return n_bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: fleetstatus_walk FILE\n");
    return 2;
  }
  try {
    const simdjson::padded_string response = simdjson::padded_string::load(argv[1]);
    ondemand::parser parser;
    std::size_t n_bytes = walk(parser, response);  // warms memory up
    double cpu_seconds = 0;
    const double seconds = fleetstatus::bench::seconds([&] {
      cpu_seconds = fleetstatus::bench::cpu_seconds([&] { n_bytes -= walk(parser, response); });
    });
    if (n_bytes != 0) return 1;
    std::printf("%.9f %.9f\n", seconds, cpu_seconds);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[1], error.what());
    return 1;
  }
  return 0;
}
