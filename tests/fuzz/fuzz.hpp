#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "cells.hpp"
#include "classify/read_for_table.hpp"
#include "moments.hpp"
#include "records/record_builder.hpp"
#include "records/record_error.hpp"
#include "rules/schemes.hpp"
#include "rules/timestamp.hpp"
#include "table/status_table.hpp"

/// What libFuzzer calls with each input, and `replay.cpp` with those that are kept.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fleetstatus::testing {

/// An input: its first byte chooses how to read the rest.
struct FuzzInput {
  unsigned choice;
  std::string_view text;

  FuzzInput(const std::uint8_t* data, std::size_t size)
      : choice(size == 0 ? 0 : data[0]),
        text(reinterpret_cast<const char*>(data) + (size == 0 ? 0 : 1), size == 0 ? 0 : size - 1) {}

  /// Takes a part of the choice: a number below `n`.
  unsigned choose(unsigned n) {
    const unsigned chosen = choice % n;
    choice /= n;
    return chosen;
  }

  ReadOptions choose_options() {
    ReadOptions options;
    options.on_error = choose(2) == 0 ? OnError::keep : OnError::raise;
    if (choose(2) == 0) options.allow_missing = FieldSet::all();
    options.scheme =
        static_cast<StatusScheme>(choose(static_cast<unsigned>(status_schemes.names.size())));
    options.settings.assume_utc = text.size() % 2 == 1;
    const bool may_be_missing = text.size() / 2 % 4 != 0;
    options.carry = {{"note", CarriedType::text, may_be_missing},
                     {"belongs_to__application.slug", CarriedType::text, true},
                     {"tag:site", CarriedType::text, may_be_missing},
                     {"name", CarriedType::text, true},
                     {"cpu_temp", CarriedType::integer, true},
                     {"load", CarriedType::real, true},
                     {"is_undervolted", CarriedType::boolean, true},
                     {"modified_at", CarriedType::timestamp, true}};
    return options;
  }
};

/// Ends the program where two ways to the same answer differ.
inline void expect_same(std::string_view one, std::string_view other, const char* ways) {
  if (one == other) return;
  std::fprintf(stderr, "%s differ:\n--- one\n%.*s\n--- other\n%.*s\n", ways,
               static_cast<int>(one.size()), one.data(), static_cast<int>(other.size()),
               other.data());
  std::abort();
}

inline void expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

/// Whether the messages of errors are compared, which depend on how a value is written, or only
/// whether there is an error.
enum class Words : bool { left_out, compared };

/// All answers of a table.
inline std::string text_of(const StatusTable& table, Words words) {
  std::string all = std::to_string(table.size()) + " records\n";
  for (const auto& [name, column] : table.columns()) {
    const bool is_message = name == column_names[static_cast<std::size_t>(ColumnId::error)];
    const bool in_short = is_message && words == Words::left_out;
    all.append(name).append(": ");
    for (std::size_t row = 0; row < column.size(); ++row) {
      all += in_short ? (column.is_valid(row) ? "bad" : "good") : cell(column, row);
      all += '|';
    }
    all += '\n';
  }
  const auto newest = table.info().newest_event;
  return all + "newest event " + (newest ? format_timestamp(*newest) : "none");
}

/// What reading comes to: a table, or an error and its place.
template <class Read>
std::string outcome_of(Read read, Words words) {
  const auto message = [&](const Error& error) {
    return words == Words::compared ? "\n" + std::string{error.what()} : "";
  };
  const auto listed = [](const std::vector<std::string>& names) {
    std::string all;
    for (const std::string& name : names) all += " " + name;
    return all;
  };
  try {
    return text_of(read(), words);
  } catch (const RecordError& error) {
    return "bad record " + std::to_string(error.index) + " " + error.pointer + message(error);
  } catch (const MissingFieldsError& error) {
    return "missing" + listed(error.fields) + " from record " + std::to_string(error.index) +
           ", has" + listed(error.seen);
  } catch (const MissingCarriedError& error) {
    return "not carried" + listed(error.names) + " from record " + std::to_string(error.index) +
           ", has" + listed(error.keys) + ", tags" + listed(error.tags);
  } catch (const NotDevicesError& error) {
    const std::string value = words == Words::compared ? error.value : "";
    return "no devices " + std::to_string(static_cast<int>(error.kind)) + " at record " +
           std::to_string(error.index) + ":" + listed(error.keys) + " " + value;
  } catch (const JsonError& error) {
    return "no JSON at " + std::to_string(error.offset) + ", line " + std::to_string(error.line) +
           message(error);
  } catch (const Error& error) {
    return "error" + message(error);
  }
}

}  // namespace fleetstatus::testing
