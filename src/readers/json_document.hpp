#pragma once

#include <string_view>

#include "readers/json_index.hpp"
#include "readers/json_value.hpp"
#include "readers/text_arena.hpp"

namespace fleetstatus {

/// Reads one JSON text at a time.
class JsonDocument {
 public:
  /// Calls `visit` with the value that is all of a text.
  /// @param arena  keeps texts with escapes
  /// @throws JsonSyntaxError
  template <class Visit>
  void read(std::string_view text, TextArena& arena, Visit visit) {
    if (!index_.index(text)) throw JsonSyntaxError{"no JSON"};
    const JsonTokens& tokens = index_.tokens();
    if (tokens.skip(tokens.begin()) != tokens.end()) throw JsonSyntaxError{"no JSON value"};
    JsonValue value{tokens, tokens.begin(), arena};
    visit(value);
  }

 private:
  JsonIndex index_;
};

}  // namespace fleetstatus
