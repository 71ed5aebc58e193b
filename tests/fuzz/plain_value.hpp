#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "plain_json.hpp"
#include "records/key_table.hpp"
#include "records/record_builder.hpp"
#include "records/scalar.hpp"
#include "records/value.hpp"

namespace fleetstatus::testing {

/// A value as the record builder reads it, without any haste.
class PlainValue {
 public:
  static constexpr bool text_is_stable = true;

  explicit PlainValue(const PlainJson& json) : json_(&json) {}

  [[nodiscard]] bool is_object() const { return json_->kind == PlainJson::Kind::object; }
  [[nodiscard]] bool is_list() const { return json_->kind == PlainJson::Kind::list; }

  [[nodiscard]] Scalar scalar() const {
    if (is_object() || is_list()) return Scalar::other();
    return json_->is_text ? Scalar::from(std::string_view{json_->text}) : json_->scalar;
  }
  template <class Visit>
  decltype(auto) visit_scalar(Visit visit) const {
    return scalar().visit_scalar(visit);
  }
  [[nodiscard]] std::optional<std::string> plain_text() const {
    if (is_object() || is_list()) return std::nullopt;
    return json_->text;
  }
  /// Nobody compares it.
  [[nodiscard]] static std::string short_form() { return "a value"; }

  template <class Visit>
  void for_each_listed(const KeyTable& keys, Visit visit) {
    for_each_member([&](std::string_view key, PlainValue& value) {
      const int key_index = keys.find(key);
      if (key_index != KeyTable::not_listed) visit(key_index, key, value);
    });
  }
  template <class Visit>
  void for_each_member(Visit visit) {
    for (const auto& [key, json] : json_->members) {
      PlainValue value{json};
      visit(std::string_view{key}, value);
    }
  }
  template <class Visit>
  void for_each_element(Visit visit) {
    std::size_t i = 0;
    for (const PlainJson& json : json_->elements) {
      PlainValue value{json};
      visit(i++, value);
    }
  }

 private:
  const PlainJson* json_;
};

static_assert(Value<PlainValue>);

/// The list of an envelope: `d`, if no field of a device stands before it.
inline const PlainJson* envelope_list(const PlainJson& text, const RecordBuilder& builder) {
  for (const auto& [key, value] : text.members) {
    if (builder.is_listed(key)) return nullptr;
    if (key == "d" && value.kind == PlainJson::Kind::list) return &value;
  }
  return nullptr;
}

inline void add_plain_list(const PlainJson& list, RecordBuilder& builder) {
  for (const PlainJson& element : list.elements) {
    PlainValue record{element};
    builder.add(record);
  }
}

/// Adds the records of texts in a row: lists, envelopes, and records themselves.
inline void add_plain_records(const std::vector<PlainJson>& texts, RecordBuilder& builder) {
  for (const PlainJson& text : texts) {
    if (text.kind == PlainJson::Kind::list) {
      add_plain_list(text, builder);
    } else if (const PlainJson* const list = envelope_list(text, builder)) {
      for (const auto& [key, value] : text.members) {
        if (&value == list) add_plain_list(*list, builder);
        if (says_error(key, value)) builder.refuse_partial("");
      }
    } else {
      PlainValue record{text};
      builder.add(record);
    }
  }
}

}  // namespace fleetstatus::testing
