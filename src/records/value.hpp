#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "records/key_table.hpp"
#include "records/scalar.hpp"

namespace fleetstatus {

/// The interface of a record's value, implemented for each form of source. `text_is_stable`: views
/// of its text are valid until the batch ends.
template <class V>
concept Value = requires(V value, const KeyTable& keys) {
  { V::text_is_stable } -> std::convertible_to<bool>;
  { value.is_object() } -> std::same_as<bool>;
  { value.is_list() } -> std::same_as<bool>;
  { value.scalar() } -> std::same_as<Scalar>;  // `other` for lists and objects
  value.visit_scalar([](auto) {});             // called with the value of a scalar
  { value.short_form() } -> std::same_as<std::string>;
  { value.plain_text() } -> std::same_as<std::optional<std::string>>;  // none unless it is a scalar
  value.for_each_listed(keys, [](int, std::string_view, V&) {});
  value.for_each_member([](std::string_view, V&) {});
  value.for_each_element([](std::size_t, V&) {});
};

}  // namespace fleetstatus
