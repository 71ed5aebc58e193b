// How fast simdjson's On-Demand walks through device records if nothing is made of them: every key
// is read, every value is skipped.

#include <simdjson.h>

#include <cstddef>
#include <string_view>

namespace {

namespace ondemand = simdjson::ondemand;

std::size_t bytes_of_keys(simdjson::padded_string_view response) {
  static thread_local ondemand::parser parser;  // keeps its memory, as a reader of many files would
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

/// Bytes that simdjson wants to be readable behind a text.
extern "C" std::size_t fleetstatus_walk_padding() noexcept { return simdjson::SIMDJSON_PADDING; }

/// simdjson's version.
extern "C" const char* fleetstatus_walk_version() noexcept {
  return SIMDJSON_STRINGIFY(SIMDJSON_VERSION);
}

/// Walks over an API response.
/// @param text    followed by the padding
/// @param length  bytes of the text
/// @return        bytes of all keys; 0 if the text is no API response
extern "C" std::size_t fleetstatus_walk(const char* text, std::size_t length) noexcept {
  try {
    return bytes_of_keys(
        simdjson::padded_string_view{text, length, length + simdjson::SIMDJSON_PADDING});
  } catch (const simdjson::simdjson_error&) {
    return 0;
  }
}
