#pragma once

#include <simdjson.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "readers/json_scan.hpp"
#include "readers/json_value.hpp"
#include "readers/scalar_value.hpp"
#include "readers/text_arena.hpp"

namespace fleetstatus {

/// Parses one JSON text at a time.
class JsonDocument {
 public:
  /// Calls `visit` with an object or list, as a JsonValue.
  /// @param readable  how many bytes may be read from its start on
  /// @param arena     keeps a copy, if those are too few, and texts with escapes
  /// @throws JsonSyntaxError
  template <class Visit>
  void read(std::string_view text, std::size_t readable, TextArena& arena, Visit visit) {
    if (readable < text.size() + simdjson::SIMDJSON_PADDING) {
      char* const copy = arena.allocate(text.size() + simdjson::SIMDJSON_PADDING);
      std::memset(std::ranges::copy(text, copy).out, 0, simdjson::SIMDJSON_PADDING);
      text = {copy, text.size()};
    }
    const simdjson::padded_string_view padded{text.data(), text.size(),
                                              text.size() + simdjson::SIMDJSON_PADDING};
    simdjson::ondemand::document document;
    simdjson::ondemand::value root;
    simdjson::error_code error = parser_.iterate(padded).get(document);
    if (error == simdjson::SUCCESS) error = document.get_value().get(root);
    if (error != simdjson::SUCCESS) throw JsonSyntaxError{simdjson::error_message(error)};
    JsonValue value{root, arena};
    visit(value);
  }

  /// Calls `visit` with the value of any kind that is all of a text.
  template <class Visit>
  void read_value(std::string_view text, TextArena& arena, Visit visit) {
    const std::size_t begin = skip_space(text, 0);
    const ValueEnd end = value_end(text, begin);
    if (!end.is_closed() || end.at == begin || skip_space(text, end.at) != text.size()) {
      throw JsonSyntaxError{"no JSON value"};
    }
    const std::string_view token = text.substr(begin, end.at - begin);
    if (token.front() == '{' || token.front() == '[') return read(token, 0, arena, visit);
    ScalarValue value{json_scalar(token, arena), token};
    visit(value);
  }

 private:
  simdjson::ondemand::parser parser_;
};

}  // namespace fleetstatus
