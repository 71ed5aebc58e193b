#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/facts.hpp"

namespace fleetstatus {

/// The fields that decide a fact, in the API's spelling.
[[nodiscard]] inline std::vector<std::string> fields_of(const Fact& fact) {
  std::vector<std::string> names;
  for (const std::string_view field : fact.fields) {
    if (!field.empty()) names.emplace_back(field);
  }
  return names;
}

}  // namespace fleetstatus
