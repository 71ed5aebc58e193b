#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/arrow_abi.hpp"
#include "base/text_chunk.hpp"
#include "records/decode/arrow_column.hpp"
#include "records/decode/arrow_type.hpp"

namespace fleetstatus::testing {

/// A buffer of exactly the size of its values, so that a sanitizer reports any read past its end.
using Bytes = std::shared_ptr<const void>;

/// Whether buffers begin one byte after an aligned address.
inline bool buffers_are_unaligned = false;

template <class T>
Bytes bytes_of(std::vector<T> values) {
  if (buffers_are_unaligned) {
    const std::size_t n_bytes = values.size() * sizeof(T);
    const auto shifted = std::make_shared<std::vector<std::byte>>(1 + n_bytes);
    if (n_bytes > 0) std::memcpy(shifted->data() + 1, values.data(), n_bytes);
    return {shifted, shifted->data() + 1};
  }
  const auto held = std::make_shared<const std::vector<T>>(std::move(values));
  return {held, held->data()};
}

template <class T>
Bytes bytes_of(std::initializer_list<T> values) {
  return bytes_of(std::vector<T>(values));
}

inline Bytes bytes_of(std::string_view text) {
  return bytes_of(std::vector<char>(text.begin(), text.end()));
}

/// A hand-made Arrow array, which tests can make invalid. Counts its releases.
struct HandMade {
  ArrowSchema schema{};
  ArrowArray array{};
  int n_released = 0;

  std::string format;
  std::string name;
  std::vector<Bytes> held;
  std::vector<const void*> buffers;
  std::vector<std::shared_ptr<HandMade>> children;
  std::vector<ArrowSchema*> child_schemas;
  std::vector<ArrowArray*> child_arrays;
  std::shared_ptr<HandMade> dictionary;
  std::shared_ptr<HandMade> given;  ///< itself, while a reader owns the array
};

using Made = std::shared_ptr<HandMade>;

template <class T>
void release(T* structure) {
  auto* const array = static_cast<HandMade*>(structure->private_data);
  structure->release = nullptr;
  ++array->n_released;
  if constexpr (std::is_same_v<T, ArrowArray>) const Made last = std::move(array->given);
}

/// Hands out the array, and keeps it alive until it is released.
inline ArrowArray give(const Made& array) {
  array->given = array;
  return array->array;
}

inline Made made(std::string format, std::int64_t length, std::vector<Bytes> buffers,
                 std::vector<Made> children = {}) {
  auto array = std::make_shared<HandMade>();
  array->format = std::move(format);
  array->held = std::move(buffers);
  array->children = std::move(children);
  for (const Bytes& buffer : array->held) array->buffers.push_back(buffer.get());
  for (const Made& child : array->children) {
    array->child_schemas.push_back(&child->schema);
    array->child_arrays.push_back(&child->array);
  }
  const auto n_buffers = static_cast<std::int64_t>(array->buffers.size());
  const auto n_children = static_cast<std::int64_t>(array->children.size());
  array->schema = {array->format.c_str(),
                   array->name.c_str(),
                   nullptr,
                   2,
                   n_children,
                   array->child_schemas.data(),
                   nullptr,
                   &release<ArrowSchema>,
                   array.get()};
  array->array = {length,
                  -1,
                  0,
                  n_buffers,
                  n_children,
                  array->buffers.data(),
                  array->child_arrays.data(),
                  nullptr,
                  &release<ArrowArray>,
                  array.get()};
  return array;
}

inline Made named(std::string name, Made array) {
  array->name = std::move(name);
  array->schema.name = array->name.c_str();
  return array;
}

/// Adds the dictionary of a column of codes.
inline Made coded(Made codes, Made values) {
  codes->dictionary = std::move(values);
  codes->schema.dictionary = &codes->dictionary->schema;
  codes->array.dictionary = &codes->dictionary->array;
  return codes;
}

inline Made slice(Made array, std::int64_t offset, std::int64_t length) {
  array->array.offset = offset;
  array->array.length = length;
  return array;
}

/// Numbers without nulls, as in `numbers<std::int64_t>("l", {1, 2})`.
template <class T>
Made numbers(std::string format, std::initializer_list<T> values) {
  return made(std::move(format), static_cast<std::int64_t>(values.size()),
              {nullptr, bytes_of(values)});
}

inline Made integers(std::initializer_list<std::int64_t> values) { return numbers("l", values); }

inline Made texts(std::initializer_list<std::int32_t> offsets, std::string_view text) {
  return made("u", static_cast<std::int64_t>(offsets.size()) - 1,
              {nullptr, bytes_of(offsets), bytes_of(text)});
}

/// The view of a text, which is appended to `text` if it is too long to be inline.
inline TextChunk::View view_of(std::string_view each, std::string& text) {
  TextChunk::View view{static_cast<std::int32_t>(each.size()), 0, 0, 0};
  if (each.size() > 12) {
    view.offset = static_cast<std::int32_t>(text.size());
    text += each;
  } else {
    std::copy(each.begin(), each.end(), reinterpret_cast<char*>(&view.prefix));
  }
  return view;
}

/// A column of views into one buffer of text.
inline Made views(std::vector<TextChunk::View> views, std::string_view text,
                  Bytes validity = nullptr) {
  const auto n = static_cast<std::int64_t>(views.size());
  return made("vu", n,
              {std::move(validity), bytes_of(std::move(views)), bytes_of(text),
               bytes_of({static_cast<std::int64_t>(text.size())})});
}

/// A struct column: records, or objects inside of records.
inline Made structs(std::int64_t length, std::vector<Made> members, Bytes validity = nullptr) {
  return made("+s", length, {std::move(validity)}, std::move(members));
}

/// A column together with the type that it refers to.
struct Looked {
  Made array;
  ArrowType type;
  ArrowColumn column;

  explicit Looked(Made looked_at)
      : array(std::move(looked_at)),
        type(arrow_type(array->schema)),
        column(type, array->array, array) {}
  Looked(const Looked&) = delete;
  Looked& operator=(const Looked&) = delete;
};

}  // namespace fleetstatus::testing
