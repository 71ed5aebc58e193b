#include "bindings/reading.hpp"

#include <utility>

#include "core/error.hpp"

namespace fleetstatus {
namespace {

FieldSet fields_named(const std::vector<std::string>& names) {
  FieldSet fields;
  for (const FieldEntry& entry : field_table) {
    for (const std::string& name : names) {
      if (name == entry.name || name == "all") fields.insert(entry.field);
    }
  }
  return fields;
}

}  // namespace

ReadOptions read_options(int scheme, const std::vector<std::string>& allow_missing, bool keep,
                         std::vector<std::string> carry) {
  ReadOptions options;
  options.scheme = static_cast<StatusScheme>(scheme);
  options.allow_missing = fields_named(allow_missing);
  options.on_error = keep ? OnError::keep : OnError::raise;
  options.carry = std::move(carry);
  return options;
}

std::optional<std::int64_t> fetched_at_ms(const Envelopes& envelopes) {
  if (!envelopes.unreadable_fetched_at.empty()) {
    throw ArgumentError("fetched_at is " + envelopes.unreadable_fetched_at +
                        ", expected an RFC 3339 time with a zone; pass now=");
  }
  return to_ms(envelopes.fetched_at);
}

}  // namespace fleetstatus
