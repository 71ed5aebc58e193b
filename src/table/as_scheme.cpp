#include "table/as_scheme.hpp"

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "records/field_table.hpp"
#include "records/missing_fields.hpp"
#include "records/record_error.hpp"

namespace fleetstatus {
namespace {

bool is_library(StatusScheme scheme) { return scheme == StatusScheme::library_2020; }

/// All schemes but library-2020 need the same fields.
bool needs_other_fields(const StatusTable& table, StatusScheme scheme) {
  return is_library(table.info().scheme) != is_library(scheme);
}

void check_fields(const TableInfo& info, StatusScheme scheme) {
  const FieldSet seen = FieldSet::of_bits(info.fields_seen & FieldSet::all().bits());
  const auto missing = missing_fields({seen}, scheme, info.read_with.allow_missing);
  if (missing.empty()) return;
  std::vector<std::string> names;
  std::string list;
  for (const Field field : missing) {
    names.emplace_back(entry_of(field).name);
    list += (list.empty() ? "" : ", ") + names.back();
  }
  MissingFieldsError error{"no record has " + list, names, 0};
  error.scheme = static_cast<int>(scheme);
  for (const FieldEntry& entry : field_table) {
    if (seen.contains(entry.field)) error.seen.emplace_back(entry.name);
  }
  throw error;
}

struct Link {
  const Fact& fact;
  Field field;
  std::string_view expected;
};
constexpr std::array links{
    Link{fact::cloudlink, Field::is_connected_to_vpn, "true or false"},
    Link{fact::heartbeat, Field::api_heartbeat_state, "online, timeout, offline or unknown"}};

/// Whether a link is to be judged record by record: not if no record has it, which is one error.
bool is_judged(const Link& link, const TableInfo& info, StatusScheme scheme) {
  const FieldSet group = alternatives_to(link.field, scheme);
  const FieldSet seen = FieldSet::of_bits(info.fields_seen & FieldSet::all().bits());
  return need_of(link.field, scheme) == Need::in_every_record &&
         !group.contains_any(info.read_with.allow_missing) &&
         (info.read_with.is_of_parts || group.contains_any(seen));
}

/// A link is needed in each record.
void check_links(const StatusTable& table, StatusScheme scheme) {
  for (std::size_t row = 0; row < table.size(); ++row) {
    for (const Link& link : links) {
      if (!is_judged(link, table.info(), scheme) || table.facts(row).knows(link.fact)) continue;
      if (find_error(table.errors(), row) != nullptr) continue;
      const std::string name{entry_of(link.field).name};
      throw RecordError{row,
                        ": " + name + " is missing or null, expected " +
                            std::string{link.expected} + ", in the scheme " +
                            std::string{status_schemes[scheme]},
                        name, "/" + name, "null"};
    }
  }
}

/// What goes unknown without the same fields, in the words of the scheme.
std::shared_ptr<const Gaps> gaps_in(const std::shared_ptr<const Gaps>& gaps, StatusScheme scheme) {
  if (!gaps) return gaps;
  Gaps all = *gaps;
  for (Gap& gap : all) {
    for (const FieldEntry& entry : field_table) {
      if (entry.name == gap.field) gap.hides = hides(entry.field, scheme);
    }
  }
  return std::make_shared<const Gaps>(std::move(all));
}

}  // namespace

StatusTable as_scheme(const StatusTable& table, StatusScheme scheme) {
  TableInfo info = table.info();
  info.scheme = scheme;
  info.gaps = gaps_in(info.gaps, scheme);
  StatusTable made = table.with(std::move(info));
  if (table.size() == 0 || !needs_other_fields(table, scheme)) return made;
  const bool is_of_parts = table.info().read_with.is_of_parts;
  if (!is_of_parts && (table.info().fields_seen & std::uint64_t{1} << held_record_bit) == 0) {
    throw ArgumentError(
        "which fields the records had is not known, since the table was read back without its "
        "metadata; classify its source again in the other scheme");
  }
  check_links(table, scheme);
  if (!is_of_parts) check_fields(table.info(), scheme);
  return made;
}

}  // namespace fleetstatus
