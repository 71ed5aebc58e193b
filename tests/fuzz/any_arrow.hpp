#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arrow_support.hpp"
#include "choices.hpp"
#include "records/field_table.hpp"

namespace fleetstatus::testing {

/// Makes Arrow batches of device records, of fields as they should be and of anything else, and
/// breaks what they say of themselves. What a reader cannot see stays true: buffers are as large as
/// formats and lengths need them, to the byte.
class AnyArrow {
 public:
  explicit AnyArrow(Choices& choices) : choices_(choices) {}

  Made batch() {
    constexpr std::size_t more_than_a_block = 1100;
    const std::size_t n = choices_.one_in(32) ? more_than_a_block : choices_.below(40);
    std::vector<Made> columns;
    for (std::size_t i = choices_.below(8); i > 0; --i) columns.push_back(field(n));
    return finished(structs(n, std::move(columns)));
  }

 private:
  static constexpr int deepest = 4;
  static constexpr std::array<std::string_view, 6> carried_names{
      "note", "device_tag", "cpu_temp", "load", "is_undervolted", "modified_at"};

  Made field(std::size_t n) {
    const std::size_t place = choices_.below(n_fields + carried_names.size());
    if (place >= n_fields) {
      return named(std::string{carried_names[place - n_fields]}, any(n, 0));
    }
    const FieldEntry& entry = field_table[place];
    return named(std::string{entry.name}, choices_.one_in(4) ? any(n, 0) : of_kind(entry.kind, n));
  }

  Made of_kind(FieldKind kind, std::size_t n) {
    switch (kind) {
      case FieldKind::integer:
      case FieldKind::integer32: return numbers(n);
      case FieldKind::boolean: return choices_.one_in(2) ? numbers(n) : booleans(n);
      case FieldKind::text:
      case FieldKind::heartbeat:
      case FieldKind::update_status:
      case FieldKind::device_status:
      case FieldKind::supervisor: return choices_.one_in(3) ? coded(n, 0) : texts(n);
      case FieldKind::timestamp: return choices_.one_in(3) ? texts(n) : timestamps(n);
      case FieldKind::installs:
        return lists(n, [&](std::size_t m) { return members(install_keys, m); });
      case FieldKind::variables:
        return lists(n, [&](std::size_t m) { return members(variable_keys, m); });
      case FieldKind::fleet: return members(fleet_keys, n);
      case FieldKind::release: return choices_.one_in(3) ? numbers(n) : members(release_keys, n);
      case FieldKind::running:
        if (choices_.one_in(3)) return choices_.one_in(2) ? numbers(n) : texts(n);
        return members(running_keys, n);
      case FieldKind::services:
      case FieldKind::services_by_app: return members(install_keys, n);
    }
    return nulls(n);
  }

  Made any(std::size_t n, int level) {
    const auto below = [&](std::size_t m) { return any(m, level + 1); };
    switch (choices_.below(level < deepest ? 10 : 7)) {
      case 0: return nulls(n);
      case 1: return booleans(n);
      case 2: return numbers(n);
      case 3: return timestamps(n);
      case 4: return texts(n);
      case 5: return coded(n, level);
      case 6: return made(std::string{choices_.one_of(unread_formats)}, length(n), {validity(n)});
      case 7: return lists(n, below);
      case 8: return structs(n, {named("id", any(n, level + 1)), named("name", any(n, level + 1))});
      default: return choices_.one_in(2) ? maps(n, level) : fixed_lists(n, below);
    }
  }

  // Columns; each has rows before its first.

  Made nulls(std::size_t n) { return finished(made("n", length(n), {})); }

  Made booleans(std::size_t n) {
    return sliced(
        n, [&](std::size_t rows) { return made("b", length(rows), {validity(rows), bits(rows)}); });
  }

  Made numbers(std::size_t n) {
    return sliced(n, [&](std::size_t rows) {
      switch (choices_.below(10)) {
        case 0: return numbers_of<std::int8_t>("c", rows);
        case 1: return numbers_of<std::uint8_t>("C", rows);
        case 2: return numbers_of<std::int16_t>("s", rows);
        case 3: return numbers_of<std::uint16_t>("S", rows);
        case 4: return numbers_of<std::int32_t>("i", rows);
        case 5: return numbers_of<std::uint32_t>("I", rows);
        case 6: return numbers_of<std::uint64_t>("L", rows);
        case 7: return numbers_of<float>("f", rows);
        case 8: return numbers_of<double>("g", rows);
        default: return numbers_of<std::int64_t>("l", rows);
      }
    });
  }

  Made timestamps(std::size_t n) {
    constexpr std::array<std::string_view, 6> formats{"tss:UTC", "tsm:UTC", "tsu:+01:00",
                                                      "tsn:UTC", "tsm:",    "tsx:UTC"};
    return sliced(n, [&](std::size_t rows) {
      return numbers_of<std::int64_t>(std::string{choices_.one_of(formats)}, rows);
    });
  }

  Made texts(std::size_t n) {
    return sliced(n, [&](std::size_t rows) {
      switch (choices_.below(3)) {
        case 0: return texts_of<std::int32_t>("u", rows);
        case 1: return texts_of<std::int64_t>("U", rows);
        default: return views(rows);
      }
    });
  }

  Made coded(std::size_t n, int level) {
    Made codes = numbers(n);
    const std::size_t n_values = choices_.below(6);
    return testing::coded(codes, choices_.one_in(8) ? any(n_values, level + 1) : texts(n_values));
  }

  template <class MakeElements>
  Made lists(std::size_t n, MakeElements make_elements) {
    return sliced(n, [&](std::size_t rows) {
      Made elements = make_elements(choices_.below(20));
      switch (choices_.below(4)) {
        case 0: return lists_of<std::int32_t>("+l", rows, std::move(elements));
        case 1: return lists_of<std::int64_t>("+L", rows, std::move(elements));
        case 2: return list_views_of<std::int32_t>("+vl", rows, std::move(elements));
        default: return list_views_of<std::int64_t>("+vL", rows, std::move(elements));
      }
    });
  }

  template <class MakeElements>
  Made fixed_lists(std::size_t n, MakeElements make_elements) {
    const std::size_t size = choices_.below(4);
    return sliced(n, [&](std::size_t rows) {
      return made("+w:" + std::to_string(size), length(rows), {validity(rows)},
                  {make_elements(close_to(rows * size))});
    });
  }

  Made maps(std::size_t n, int level) {
    return sliced(n, [&](std::size_t rows) {
      const std::size_t pairs = choices_.below(20);
      return lists_of<std::int32_t>("+m", rows,
                                    structs(pairs, {texts(pairs), any(pairs, level + 1)}));
    });
  }

  template <std::size_t n_keys>
  Made members(const std::array<std::string_view, n_keys>& keys, std::size_t n) {
    return sliced(n, [&](std::size_t rows) {
      std::vector<Made> made;
      for (const std::string_view key : keys) {
        if (choices_.one_in(3)) continue;
        made.push_back(named(std::string{key}, member(key, close_to(rows))));
      }
      return structs(rows, std::move(made));
    });
  }

  Made member(std::string_view key, std::size_t n) {
    if (choices_.one_in(8)) return any(n, 2);
    if (key == "application_config_variable") {
      return lists(n, [&](std::size_t m) { return members(variable_keys, m); });
    }
    constexpr std::array<std::string_view, 7> keys_of_texts{
        "status", "name", "value", "slug", "app_name", "commit", "raw_version"};
    const bool is_text = std::ranges::find(keys_of_texts, key) != keys_of_texts.end();
    return is_text ? texts(n) : numbers(n);
  }

  Made structs(std::size_t n, std::vector<Made> members) {
    return made("+s", length(n), {validity(n)}, std::move(members));
  }

  // Buffers.

  Bytes validity(std::size_t n) { return choices_.one_in(2) ? bits(n) : nullptr; }

  Bytes bits(std::size_t n) {
    std::vector<std::uint8_t> bytes((n + 7) / 8);
    for (std::uint8_t& each : bytes) each = choices_.byte();
    return bytes_of(std::move(bytes));
  }

  template <class T>
  Made numbers_of(std::string format, std::size_t n) {
    std::vector<T> values(n);
    for (T& value : values) value = choices_.number<T>();
    return made(std::move(format), length(n), {validity(n), bytes_of(std::move(values))});
  }

  /// Offsets that mostly go on.
  template <class Offset>
  std::vector<Offset> offsets(std::size_t n, std::size_t longest) {
    std::vector<Offset> all{static_cast<Offset>(choices_.below(3))};
    for (std::size_t i = 0; i < n; ++i) {
      const bool goes_anywhere = choices_.one_in(64);
      const auto step = static_cast<Offset>(choices_.below(longest));
      all.push_back(goes_anywhere ? static_cast<Offset>(choices_.byte() - 100)
                                  : static_cast<Offset>(all.back() + step));
    }
    return all;
  }

  template <class Offset>
  Made texts_of(std::string format, std::size_t n) {
    std::vector<Offset> ends{0};
    std::string text;
    for (std::size_t i = 0; i < n; ++i) {
      text += word();
      ends.push_back(static_cast<Offset>(text.size()));
    }
    if (choices_.one_in(4)) {
      ends = offsets<Offset>(n, 20);
      text.resize(static_cast<std::size_t>(std::max<Offset>(0, std::ranges::max(ends))), 'x');
    }
    return made(std::move(format), length(n),
                {validity(n), bytes_of(std::move(ends)), bytes_of(text)});
  }

  Made views(std::size_t n) {
    std::vector<TextChunk::View> views;
    std::string text;
    for (std::size_t i = 0; i < n; ++i) {
      TextChunk::View view = view_of(word(), text);
      if (choices_.one_in(64)) view.size = choices_.number<std::int32_t>();
      if (choices_.one_in(64)) view.offset = choices_.number<std::int32_t>();
      if (choices_.one_in(64)) view.buffer = choices_.number<std::int32_t>();
      views.push_back(view);
    }
    return testing::views(std::move(views), text, validity(n));
  }

  template <class Offset>
  Made lists_of(std::string format, std::size_t n, Made elements) {
    return made(std::move(format), length(n), {validity(n), bytes_of(offsets<Offset>(n, 3))},
                {std::move(elements)});
  }

  template <class Offset>
  Made list_views_of(std::string format, std::size_t n, Made elements) {
    std::vector<Offset> begins(n);
    std::vector<Offset> sizes(n);
    for (Offset& begin : begins) begin = choices_.number<Offset>();
    for (Offset& size : sizes) size = static_cast<Offset>(choices_.below(3));
    return made(std::move(format), length(n),
                {validity(n), bytes_of(std::move(begins)), bytes_of(std::move(sizes))},
                {std::move(elements)});
  }

  /// A word that some field takes, or any text.
  std::string word() {
    constexpr std::array<std::string_view, 24> words{"",
                                                     "online",
                                                     "timeout",
                                                     "offline",
                                                     "unknown",
                                                     "done",
                                                     "aborted",
                                                     "Downloading",
                                                     "Post-Provisioning",
                                                     "2026-10-20T08:00:00Z",
                                                     "Idle",
                                                     "deleted",
                                                     "v16.7.0",
                                                     "16.6.9-rc1",
                                                     "downloading",
                                                     "[]",
                                                     "false",
                                                     "900000",
                                                     R"([{"id":1}])",
                                                     R"({"slug":"a/b"})",
                                                     "1.2.3",
                                                     "updating",
                                                     "2026-10-20 08:00:00",
                                                     R"([{"tag_key":"site","value":"a"}])"};
    if (!choices_.one_in(8)) return std::string{choices_.one_of(words)};
    std::string any(choices_.below(24), ' ');
    for (char& c : any) c = static_cast<char>(choices_.byte());
    if (choices_.one_in(4)) any = "BALENA_SUPERVISOR_VPN_CONTROL";
    return any;
  }

  // What is said of them.

  static std::int64_t length(std::size_t n) { return static_cast<std::int64_t>(n); }

  std::size_t close_to(std::size_t n) { return choices_.one_in(32) ? choices_.below(n + 2) : n; }

  template <class Make>
  Made sliced(std::size_t n, Make make) {
    const std::size_t offset = choices_.one_in(4) ? choices_.below(9) : 0;
    return finished(slice(make(offset + n), length(offset), length(n)));
  }

  /// The column, once in a while broken.
  Made finished(Made column) {
    if (choices_.one_in(4)) column->array.null_count = choices_.number<std::int64_t>();
    if (!choices_.one_in(64)) return column;
    ArrowArray& array = column->array;
    ArrowSchema& schema = column->schema;
    switch (choices_.below(16)) {
      case 0: array.length = -1; break;
      case 1: array.length = std::numeric_limits<std::int64_t>::min(); break;
      case 2: array.offset = -1; break;
      case 3: array.offset = std::numeric_limits<std::int64_t>::max(); break;
      case 4: array.length /= 2; break;
      case 5: array.n_buffers = choices_.one_in(2) ? -1 : 0; break;
      case 6: array.buffers = nullptr; break;
      case 7: break_buffer(*column); break;
      case 8: array.n_children = static_cast<std::int64_t>(choices_.below(3)) - 1; break;
      case 9: array.children = nullptr; break;
      case 10: array.dictionary = nullptr; break;
      case 11: schema.format = nullptr; break;
      case 12: schema.name = nullptr; break;
      case 13: schema.n_children = -1; break;
      case 14: schema.dictionary = nullptr; break;
      default: schema.children = nullptr; break;
    }
    return column;
  }

  void break_buffer(HandMade& column) {
    if (column.buffers.empty()) return;
    column.buffers[choices_.below(column.buffers.size())] = nullptr;
  }

  static constexpr std::array<std::string_view, 8> unread_formats{
      "z", "d:10,2", "tdD", "w:4", "+us:0,1", "+r", "", "tsm"};

  Choices& choices_;
};

}  // namespace fleetstatus::testing
