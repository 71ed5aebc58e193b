#include "records/decode/json_parts.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "records/decode/json_scan.hpp"

namespace fleetstatus {
namespace {

/// The first object at the lowest nesting depth of a text; none if the text seems to begin inside a
/// string.
std::optional<std::size_t> first_outermost_object(std::string_view text) {
  std::optional<std::size_t> found;
  int least_depth = std::numeric_limits<int>::max();
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      const ValueEnd end = string_end(text, at);
      if (!end.is_closed()) return std::nullopt;
      at = end.at - 1;
    }
    if (c == '{' && depth < least_depth) {
      least_depth = depth;
      found = at;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
  }
  return found;
}

/// Reads a part of a source, without a copy if the source is in memory.
std::string_view look_at(const TextSource& source, std::size_t offset, std::size_t n_bytes,
                         std::vector<char>& memory) {
  if (const auto text = source.in_memory()) return text->substr(offset, n_bytes);
  memory.resize(n_bytes);
  return {memory.data(), source.read(offset, memory)};
}

/// Guesses where a record begins in a text that may begin anywhere.
std::optional<std::size_t> guess_record(std::string_view text) {
  const std::size_t start = text.find('}');  // most likely not inside a string
  if (start == std::string_view::npos) return std::nullopt;
  const auto object =
      first_outermost_object(text.substr(start, text.find_last_of("}]") + 1 - start));
  return object ? std::optional{start + *object} : std::nullopt;
}

}  // namespace

std::vector<RecordSplitter::Position> guess_parts(const TextSource& source,
                                                  const RecordSplitter::Position& first,
                                                  std::size_t part_size, std::size_t n_look) {
  std::vector<RecordSplitter::Position> parts;
  std::vector<char> memory;
  for (std::size_t at = first.at + part_size; at < source.size(); at += part_size) {
    const auto record = guess_record(look_at(source, at, n_look, memory));
    if (!record) continue;
    RecordSplitter::Position part = first;
    part.at = at + *record;
    part.is_first_of_list = true;
    if (parts.empty() || parts.back().at < part.at) parts.push_back(part);
  }
  return parts;
}

}  // namespace fleetstatus
