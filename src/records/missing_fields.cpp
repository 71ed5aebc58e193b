#include "records/missing_fields.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace fleetstatus {
namespace {

constexpr std::string_view before_links = "before-links";

bool has_rule(StatusScheme scheme, Reason reason) {
  return std::ranges::find(scheme_of(scheme).rules, reason, &Rule::reason) !=
         scheme_of(scheme).rules.end();
}

std::string label_of(StatusScheme scheme, Reason reason) {
  const auto rules = scheme_of(scheme).rules;
  const auto rule = std::ranges::find(rules, reason, &Rule::reason);
  return rule == rules.end() ? std::string{} : std::string{rule->label};
}

/// The labels of the rules before those that need a link: `Frozen, Inactive or Post Provisioning`.
std::string labels_before_links(StatusScheme scheme) {
  std::vector<std::string_view> labels;
  for (const Rule& rule : scheme_of(scheme).rules) {
    if (rule.reason == Reason::unknown) break;
    labels.push_back(rule.label);
  }
  std::string text;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (i > 0) text += i + 1 == labels.size() ? " or " : ", ";
    text += labels[i];
  }
  return text;
}

/// Replaces `{reason}` by the label that the reason has in a scheme.
std::string in_words_of(StatusScheme scheme, std::string_view text) {
  std::string words;
  while (true) {
    const std::size_t begin = text.find('{');
    words += text.substr(0, begin);
    if (begin == std::string_view::npos) return words;
    const std::size_t end = text.find('}', begin);
    const std::string_view name = text.substr(begin + 1, end - begin - 1);
    words += name == before_links ? labels_before_links(scheme)
                                  : label_of(scheme, reasons.find(name).value());
    text.remove_prefix(end + 1);
  }
}

bool is_alternative(Field field) {
  return std::ranges::any_of(alternatives,
                             [&](const FieldSet& group) { return group.contains(field); });
}

constexpr Need need_in(const FieldEntry& entry, bool in_library) {
  return in_library ? entry.need_in_library_2020 : entry.need;
}

/// `alternatives_to` of every field: first under the newer schemes, then under library-2020.
constexpr auto groups = [] {
  std::array<std::array<FieldSet, n_fields>, 2> result{};
  for (const bool in_library : {false, true}) {
    for (const FieldEntry& entry : field_table) {
      FieldSet& group = result[in_library ? 1 : 0][static_cast<std::size_t>(entry.field)];
      group.insert(entry.field);
      for (const FieldSet& others : alternatives) {
        if (!others.contains(entry.field)) continue;
        group.insert(fields_where([&](const FieldEntry& other) {
          return others.contains(other.field) && need_in(other, in_library) != Need::optional;
        }));
      }
    }
  }
  return result;
}();

void add_gaps_of_fleets(const SeenFields& seen, Gaps& gaps) {
  if (!seen.fields.contains(Field::belongs_to__application)) return;
  if (!seen.fleet_variables) {
    gaps.push_back({"belongs_to__application.application_config_variable",
                    "cloudlink counts as expected and the heartbeat window as the default, "
                    "unless the device says otherwise"});
  }
  if (!seen.fleet_release) {
    gaps.push_back({"belongs_to__application.should_be_running__release",
                    "the target release is the pinned one or the device's own"});
  }
}

}  // namespace

Need need_of(Field field, StatusScheme scheme) {
  return need_in(entry_of(field), scheme == StatusScheme::library_2020);
}

FieldSet alternatives_to(Field field, StatusScheme scheme) {
  const bool in_library = scheme == StatusScheme::library_2020;
  return groups[in_library ? 1 : 0][static_cast<std::size_t>(field)];
}

std::vector<Field> missing_fields(const SeenFields& seen, StatusScheme scheme,
                                  FieldSet allow_missing) {
  std::vector<Field> missing;
  FieldSet settled = seen.fields;
  settled.insert(allow_missing);
  for (const FieldEntry& entry : field_table) {
    const bool is_needed = need_of(entry.field, scheme) != Need::optional;
    if (!is_needed || settled.contains(entry.field)) continue;
    const FieldSet group = alternatives_to(entry.field, scheme);
    if (settled.contains_any(group)) continue;
    missing.push_back(entry.field);
    settled.insert(group);
  }
  return missing;
}

std::string hides(Field field, StatusScheme scheme) {
  const FieldEntry& entry = entry_of(field);
  if (field == Field::is_frozen && !has_rule(scheme, Reason::frozen)) {
    return "no device counts as frozen: capabilities and attention take it for one that can be "
           "reached";
  }
  const bool is_library = scheme == StatusScheme::library_2020;
  const bool has_own = is_library && !entry.hides_in_library_2020.empty();
  return in_words_of(scheme, has_own ? entry.hides_in_library_2020 : entry.hides);
}

Gaps gaps(const SeenFields& seen, StatusScheme scheme) {
  Gaps result;
  FieldSet settled = seen.fields;
  settled.insert(alias_fields);
  for (const FieldEntry& entry : field_table) {
    // Alternatives are reported once, as the first of them that the scheme needs.
    const bool is_spoken_for =
        is_alternative(entry.field) && need_of(entry.field, scheme) == Need::optional;
    const FieldSet group = alternatives_to(entry.field, scheme);
    if (is_spoken_for || settled.contains_any(group)) continue;
    result.push_back({std::string{entry.name}, hides(entry.field, scheme)});
    settled.insert(group);
  }
  add_gaps_of_fleets(seen, result);
  if (seen.install_without_release) {
    result.push_back({"image_install.is_provided_by__release",
                      "progress is null where installs do not say whose release they are"});
  }
  return result;
}

}  // namespace fleetstatus
