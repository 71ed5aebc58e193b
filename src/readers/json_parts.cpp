#include "readers/json_parts.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "readers/json_index.hpp"

namespace fleetstatus {
namespace {

/// The first of those objects of a text that lie within the fewest others.
std::optional<std::size_t> first_outermost_object(const JsonTokens& tokens) {
  std::optional<std::size_t> found;
  int least_depth = std::numeric_limits<int>::max();
  int depth = 0;
  for (auto token = tokens.begin(); token != tokens.end(); ++token) {
    const char c = tokens.at(token);
    if (c == '{' && depth < least_depth) {
      least_depth = depth;
      found = *token;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
  }
  return found;
}

}  // namespace

std::vector<RecordSplitter::Position> guess_parts(std::string_view source,
                                                  const RecordSplitter::Position& first,
                                                  std::size_t part_size) {
  constexpr std::size_t least_look = std::size_t{64} << 10U;
  const std::size_t look = std::max(least_look, 4 * first.at);  // several records
  std::vector<RecordSplitter::Position> parts;
  JsonIndex index;
  for (std::size_t at = first.at + part_size; at < source.size(); at += part_size) {
    const std::size_t start = source.find('}', at);  // most likely not in a string
    if (start == std::string_view::npos) break;
    std::string_view text = source.substr(start, look);
    text = text.substr(0, text.find_last_of("}]") + 1);
    if (!index.index(text)) continue;
    const auto object = first_outermost_object(index.tokens());
    if (!object) continue;
    RecordSplitter::Position part = first;
    part.at = start + *object;
    part.is_first_of_list = true;
    if (parts.empty() || parts.back().at < part.at) parts.push_back(part);
  }
  return parts;
}

}  // namespace fleetstatus
