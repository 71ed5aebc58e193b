#include "bindings/reading.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "bindings/gil.hpp"

namespace fleetstatus {

void check_signals() {
  if (python_ends()) return;  // nobody is left to interrupt this
  const WithGil gil;
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

FieldSet fields_named(const std::vector<std::string>& names) {
  FieldSet fields;
  for (const FieldEntry& entry : field_table) {
    for (const std::string& name : names) {
      if (name == entry.name || name == "all") fields.insert(entry.field);
    }
  }
  return fields;
}

ReadOptions read_options(const PythonOptions& from) {
  ReadOptions options;
  options.scheme = static_cast<StatusScheme>(from.scheme);
  options.allow_missing = fields_named(from.allow_missing);
  options.on_error = from.keep ? OnError::keep : OnError::raise;
  for (const auto& [name, type] : from.carry) {
    const bool may_be_missing = std::ranges::any_of(from.allow_missing, [&](const auto& allowed) {
      return allowed == name || allowed == "all";
    });
    const auto known = carried_type_names.find(type);
    options.carry.push_back({name, known.value_or(CarriedType::text), may_be_missing});
  }
  options.settings = {from.assume_utc, Milliseconds{from.default_poll_interval_ms}};
  options.missing = from.parts ? Missing::of_parts : Missing::of_source;
  return options;
}

NowSource now_source_of(int now_source) {
  if (now_source < 0 || now_source >= static_cast<int>(now_sources.names.size())) {
    throw ArgumentError("no such source of a moment");
  }
  return static_cast<NowSource>(now_source);
}

std::optional<std::int64_t> fetched_at_ms(const Envelopes& envelopes) {
  if (!envelopes.unreadable_fetched_at.empty()) {
    throw ArgumentError("fetched_at is " + envelopes.unreadable_fetched_at +
                        ", expected an RFC 3339 time with a zone; pass now=");
  }
  return to_ms(envelopes.fetched_at);
}

}  // namespace fleetstatus
