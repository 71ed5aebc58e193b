#pragma once

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plain_json.hpp"
#include "records/field_table.hpp"

namespace fleetstatus::testing {

/// Writes a value down again.
inline std::string json_text(const PlainJson& json) {
  std::string text;
  switch (json.kind) {
    case PlainJson::Kind::scalar:
      return json.is_text ? nlohmann::json(json.text).dump() : json.text;
    case PlainJson::Kind::list:
      for (const PlainJson& element : json.elements) {
        text.append(text.empty() ? "" : ",").append(json_text(element));
      }
      return "[" + text + "]";
    case PlainJson::Kind::object:
      for (const auto& [key, value] : json.members) {
        text.append(text.empty() ? "" : ",").append(nlohmann::json(key).dump());
        text.append(":").append(json_text(value));
      }
      return "{" + text + "}";
  }
  return text;
}

/// Lists the items of a source without what holds them.
class Flattener {
 public:
  /// @return none if it holds fleets with devices, or so many levels that not all of it is read
  std::optional<std::string> flat(const std::vector<PlainJson>& texts) {
    for (const PlainJson& text : texts) add(text, 0);
    return holds_for_flat_ ? std::optional{"[" + items_ + "]"} : std::nullopt;
  }

 private:
  static constexpr int deepest = 6;

  void add(const PlainJson& json, int level) {
    if (level > deepest) holds_for_flat_ = false;
    if (!holds_for_flat_) return;
    if (json.kind == PlainJson::Kind::list) return add_all(json, level);
    if (json.kind == PlainJson::Kind::scalar) return add_item(json);
    if (const PlainJson* const list = list_of_envelope(json)) return add_all(*list, level);
    add_item(json);
  }

  void add_all(const PlainJson& list, int level) {
    for (const PlainJson& element : list.elements) add(element, level + 1);
  }

  void add_item(const PlainJson& json) {
    items_.append(items_.empty() ? "" : ",").append(json_text(json));
  }

  /// What stands under the only `d`, if no field stands before it.
  const PlainJson* list_of_envelope(const PlainJson& json) {
    const PlainJson* list = nullptr;
    bool has_field = false;
    bool has_error = false;
    for (const auto& [key, value] : json.members) {
      if (key == "owns__device" || key == "owns-device") holds_for_flat_ = false;
      if (list != nullptr && key == "d") holds_for_flat_ = false;
      if (says_error(key, value)) has_error = true;
      const bool is_list = key == "d" && value.kind == PlainJson::Kind::list;
      if (is_list && !has_field) list = &value;
      has_field = has_field || is_field(key);
    }
    if (list != nullptr && has_error) holds_for_flat_ = false;
    return list;
  }

  static bool is_field(std::string_view key) {
    return std::ranges::any_of(field_table, [&](const FieldEntry& entry) {
      return key == entry.name || key == database_spelling(entry.name);
    });
  }

  std::string items_;
  bool holds_for_flat_ = true;
};

}  // namespace fleetstatus::testing
