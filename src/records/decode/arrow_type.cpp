#include "records/decode/arrow_type.hpp"

#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "records/problem.hpp"

namespace fleetstatus {
namespace {

constexpr int deepest = 64;  // nesting levels; a record has five

/// The memory layout of the arrays of a format.
struct Layout {
  std::string_view format;  ///< or its prefix, if parameters follow
  ArrowKind kind;
  std::int64_t n_buffers;
  std::size_t value_size;
  bool has_offsets;
};

constexpr std::array<Layout, 23> layouts{
    {{"n", ArrowKind::null, 0, 0, false},         {"b", ArrowKind::boolean, 2, 0, false},
     {"c", ArrowKind::int8, 2, 1, false},         {"C", ArrowKind::uint8, 2, 1, false},
     {"s", ArrowKind::int16, 2, 2, false},        {"S", ArrowKind::uint16, 2, 2, false},
     {"i", ArrowKind::int32, 2, 4, false},        {"I", ArrowKind::uint32, 2, 4, false},
     {"l", ArrowKind::int64, 2, 8, false},        {"L", ArrowKind::uint64, 2, 8, false},
     {"f", ArrowKind::float32, 2, 4, false},      {"g", ArrowKind::float64, 2, 8, false},
     {"ts", ArrowKind::timestamp, 2, 8, false},   {"u", ArrowKind::utf8, 3, 4, true},
     {"U", ArrowKind::large_utf8, 3, 8, true},    {"vu", ArrowKind::utf8_view, 3, 16, false},
     {"+l", ArrowKind::list, 2, 4, true},         {"+L", ArrowKind::large_list, 2, 8, true},
     {"+vl", ArrowKind::list_view, 3, 4, false},  {"+vL", ArrowKind::large_list_view, 3, 8, false},
     {"+w:", ArrowKind::fixed_list, 1, 0, false}, {"+s", ArrowKind::structure, 1, 0, false},
     {"+m", ArrowKind::map, 2, 4, true}}};

/// Whether parameters follow in the format string.
constexpr bool has_parameters(ArrowKind kind) {
  return kind == ArrowKind::timestamp || kind == ArrowKind::fixed_list;
}

[[noreturn]] void fail(const ArrowType& type, const std::string& what) {
  throw ArgumentError("the Arrow schema" + of_column(type) + " is broken: " + what);
}

/// `tsu:Europe/Berlin`: unit, then zone.
void read_timestamp(ArrowType& type, std::string_view format) {
  constexpr std::string_view units = "smun";
  constexpr std::array<std::int64_t, 4> ticks{1, 1'000, 1'000'000, 1'000'000'000};
  const std::size_t unit = format.size() < 4 ? std::string_view::npos : units.find(format[2]);
  if (unit == std::string_view::npos || format[3] != ':') fail(type, "format " + type.format);
  type.ticks_per_second = ticks[unit];
  type.has_zone = format.size() > 4;
}

void read_fixed_list(ArrowType& type, std::string_view format) {
  const std::string_view number = format.substr(std::string_view{"+w:"}.size());
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), type.list_size);
  if (error != std::errc{} || end != number.data() + number.size()) {
    fail(type, "format " + type.format);
  }
}

void read_format(ArrowType& type) {
  const std::string_view format = type.format;
  for (const Layout& layout : layouts) {
    const bool is_same =
        has_parameters(layout.kind) ? format.starts_with(layout.format) : format == layout.format;
    if (!is_same) continue;
    type.kind = layout.kind;
    type.n_buffers = layout.n_buffers;
    type.value_size = layout.value_size;
    type.has_offsets = layout.has_offsets;
  }
  if (type.kind == ArrowKind::timestamp) read_timestamp(type, format);
  if (type.kind == ArrowKind::fixed_list) read_fixed_list(type, format);
}

bool is_integer(ArrowKind kind) { return ArrowKind::int8 <= kind && kind <= ArrowKind::uint64; }

void check(const ArrowType& type) {
  if ((type.is_list() || type.kind == ArrowKind::map) && type.children.size() != 1) {
    fail(type, "a list has one child");
  }
  if (type.kind == ArrowKind::map) {
    const ArrowType& pairs = type.children.front();
    if (pairs.kind != ArrowKind::structure || pairs.children.size() != 2) {
      fail(type, "a map has pairs");
    }
  }
  if (type.dictionary && !is_integer(type.kind)) fail(type, "dictionary codes are integers");
}

ArrowType type_at(const ArrowSchema& schema, int level) {
  ArrowType type;
  if (schema.name != nullptr) type.name = schema.name;
  if (level > deepest) fail(type, "it is nested too deep");
  if (schema.release == nullptr || schema.format == nullptr) fail(type, "it was released");
  type.format = schema.format;
  read_format(type);
  const bool has_children = schema.n_children > 0 && schema.children != nullptr;
  if (schema.n_children != 0 && !has_children) fail(type, "it has no children");
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    if (schema.children[i] == nullptr) fail(type, "a child is missing");
    type.children.push_back(type_at(*schema.children[i], level + 1));
  }
  if (schema.dictionary != nullptr) {
    type.dictionary = std::make_unique<ArrowType>(type_at(*schema.dictionary, level + 1));
  }
  check(type);
  return type;
}

}  // namespace

ArrowType arrow_type(const ArrowSchema& schema) { return type_at(schema, 0); }

std::string type_text(const ArrowType& type) {
  return "the Arrow type '" + short_form(type.format) + "'";
}

std::string of_column(const ArrowType& type) {
  return type.name.empty() ? "" : " of column '" + short_form(type.name) + "'";
}

}  // namespace fleetstatus
