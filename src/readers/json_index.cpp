#include "readers/json_index.hpp"

#include <simdjson.h>

#include <algorithm>
#include <limits>
#include <new>

#include "readers/bracket_stack.hpp"
#include "readers/json_scan.hpp"

namespace fleetstatus {

std::string simdjson_version() {
  return std::to_string(simdjson::SIMDJSON_VERSION_MAJOR) + "." +
         std::to_string(simdjson::SIMDJSON_VERSION_MINOR) + "." +
         std::to_string(simdjson::SIMDJSON_VERSION_REVISION);
}

std::string simdjson_implementation() { return simdjson::get_active_implementation()->name(); }

JsonTokens::Token JsonTokens::skip_brackets(Token token) const {
  BracketStack open;
  for (const Token first = token; token < end_; ++token) {
    const char c = text_[*token];
    if (c == '{' || c == '[') {
      if (token != first && !may_precede_value(text_[token[-1]])) return nullptr;
      open.push(c == '[');
    } else if (c == '}' || c == ']') {
      if (!open.pop(c == ']')) return nullptr;
      if (open.empty()) return token + 1;
    }
  }
  return nullptr;
}

/// The first of simdjson's two stages. It runs by the widest instructions of the processor at hand,
/// whatever this file is compiled for.
struct JsonIndex::Parser {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stages;
};

JsonIndex::JsonIndex() : parser_(std::make_unique<Parser>()) {}
JsonIndex::JsonIndex(JsonIndex&&) noexcept = default;
JsonIndex::~JsonIndex() = default;

bool JsonIndex::index(std::string_view text) {
  constexpr std::size_t least_capacity = 4096;
  tokens_ = {};
  if (text.empty() || text.size() > std::numeric_limits<std::uint32_t>::max() - 64) return false;
  auto& stages = parser_->stages;
  if (!stages || stages->capacity() < text.size()) {
    const std::size_t capacity = std::max(text.size(), least_capacity);
    if (simdjson::get_active_implementation()->create_dom_parser_implementation(
            capacity, 1, stages) != simdjson::SUCCESS) {
      stages.reset();
      throw std::bad_alloc{};  // nothing else can go wrong
    }
  }
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto mode = simdjson::stage1_mode::regular;
  if (stages->stage1(bytes, text.size(), mode) != simdjson::SUCCESS) return false;
  const JsonTokens::Token first = stages->structural_indexes.get();
  tokens_ = {text, first, first + stages->n_structural_indexes};
  return true;
}

}  // namespace fleetstatus
