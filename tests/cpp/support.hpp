#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cells.hpp"
#include "classify/read_for_table.hpp"
#include "moments.hpp"
#include "records/decode/json_reader.hpp"
#include "records/record_builder.hpp"
#include "table/status_table.hpp"
#include "table/table_builder.hpp"

namespace fleetstatus::testing {

inline constexpr StatusScheme newest = StatusScheme::docs_2024_11;

/// A healthy device as JSON. Members in `more` override earlier ones.
inline std::string device(std::string_view more = "") {
  std::string record = R"({"id":7,"uuid":"5a1c0de5","device_name":"quiet-river","is_active":true,)"
                       R"("is_connected_to_vpn":true,"api_heartbeat_state":"online",)"
                       R"("last_connectivity_event":"2026-10-20T08:00:00Z",)"
                       R"("changed_api_heartbeat_state_on__date":"2026-10-21T08:00:00Z",)"
                       R"("provisioning_state":null,"provisioning_progress":null,)"
                       R"("status":"Idle","download_progress":null,"image_install":[])";
  if (!more.empty()) record.append(",").append(more);
  return record + "}";
}

/// A device as JSON, with no known fields except those in `more`.
inline std::string bare(std::string_view more = "") {
  std::string record = R"({"is_frozen":null)";
  if (!more.empty()) record.append(",").append(more);
  return record + "}";
}

inline std::string joined(std::initializer_list<std::string> texts, std::string_view between) {
  std::string all;
  for (const std::string& text : texts) {
    if (&text != texts.begin()) all += between;
    all += text;
  }
  return all;
}

inline std::string list_of(std::initializer_list<std::string> records) {
  return "[" + joined(records, ",") + "]";
}

/// Options that require no field.
inline ReadOptions lenient(StatusScheme scheme = StatusScheme::docs_2024_11) {
  ReadOptions options;
  options.scheme = scheme;
  options.allow_missing = FieldSet::all();
  return options;
}

/// Options that require no field and keep bad records.
inline ReadOptions keeping(StatusScheme scheme = StatusScheme::docs_2024_11) {
  ReadOptions options = lenient(scheme);
  options.on_error = OnError::keep;
  return options;
}

/// Optional fields to carry as text.
inline std::vector<CarriedField> texts_to_carry(std::initializer_list<std::string> names) {
  std::vector<CarriedField> fields;
  for (const std::string& name : names) fields.push_back({name, CarriedType::text, true});
  return fields;
}

inline StatusTable read_table(std::string_view json, const ReadOptions& options = {}) {
  TableBuilder table{carried_entries(options.carry)};
  RecordBuilder builder{options, [&](const RecordColumns& batch) { table.append(batch); }};
  JsonReader{builder}.read(json, "");
  builder.finish();
  return table.finish({options.scheme, noon, {}, {}});
}

/// The error that `act` must throw.
template <class Error, class Act>
[[nodiscard]] Error error_of(Act act) {
  try {
    act();
  } catch (const Error& error) {
    return error;
  }
  throw std::logic_error("nothing was thrown");
}

}  // namespace fleetstatus::testing
