#include "rules/schemes.hpp"

#include <algorithm>
#include <array>

namespace fleetstatus {
namespace {

template <std::size_t N>
using Labels = std::array<std::string_view, N>;

constexpr Labels<8> labels_2024{
    "Operational", "Reduced Functionality", "Disconnected", "Configuring",
    "Updating",    "Post Provisioning",     "Inactive",     "Frozen"};
constexpr Labels<9> labels_2022{
    "Online",      "Online (VPN Only)", "Online (Heartbeat Only)", "Offline",
    "Configuring", "Updating",          "Post Provisioning",       "Inactive",
    "Frozen"};
constexpr Labels<7> labels_2021{
    "Online", "Offline", "Configuring", "Updating", "Post Provisioning", "Inactive", "Frozen"};
constexpr Labels<7> labels_v7{"operational", "reduced-functionality", "disconnected", "configuring",
                              "updating",    "post-provisioning",     "inactive"};
constexpr Labels<6> labels_v6{"idle",     "offline",           "configuring",
                              "updating", "post-provisioning", "inactive"};
constexpr Labels<9> labels_2020{"idle",     "offline",           "configuring",
                                "updating", "post-provisioning", "inactive",
                                "ordered",  "preparing",         "shipped"};

constexpr std::array docs_2024_11{
    // Frozen comes first by our choice: such a device keeps running, but nobody can manage it.
    Rule{Reason::frozen, "Frozen", &when::frozen},
    Rule{Reason::inactive, "Inactive", &when::inactive},
    Rule{Reason::post_provisioning, "Post Provisioning", &when::post_provisioning},
    Rule{Reason::unknown, {}, &when::link_missing},
    Rule{Reason::never_connected, "Configuring", &when::never_connected},
    Rule{Reason::no_link, "Disconnected", &when::no_link},
    Rule{Reason::downloading_release, "Updating", &when::downloading_release},
    Rule{Reason::os_configuration, "Configuring", &when::os_configuration},
    Rule{Reason::downloading_service, "Updating", &when::downloading_service},
    Rule{Reason::heartbeat_late, "Reduced Functionality", &when::heartbeat_late},
    Rule{Reason::cloudlink_only, "Reduced Functionality", &when::cloudlink_only},
    Rule{Reason::heartbeat_only, "Reduced Functionality", &when::heartbeat_only},
    Rule{Reason::cloudlink_disabled, "Operational", &when::cloudlink_disabled},
    Rule{Reason::both_links, "Operational", &when::both_links},
};

// A draft: Operational requires both links, so cloudlink turned off gives Reduced Functionality.
constexpr auto docs_2024_10 = [] {
  auto rules = docs_2024_11;
  for (Rule& rule : rules) {
    if (rule.reason == Reason::cloudlink_disabled) rule.label = "Reduced Functionality";
  }
  return rules;
}();

// The docs of 2022 name the working link; in the grace period that is cloudlink, if it is up.
constexpr std::array docs_2022{
    Rule{Reason::frozen, "Frozen", &when::frozen},
    Rule{Reason::inactive, "Inactive", &when::inactive},
    Rule{Reason::post_provisioning, "Post Provisioning", &when::post_provisioning},
    Rule{Reason::unknown, {}, &when::link_missing},
    Rule{Reason::never_connected, "Configuring", &when::never_connected},
    Rule{Reason::no_link, "Offline", &when::no_link},
    Rule{Reason::downloading_release, "Updating", &when::downloading_release_by_any_link},
    Rule{Reason::os_configuration, "Configuring", &when::os_configuration},
    Rule{Reason::downloading_service, "Updating", &when::downloading_service_by_any_link},
    Rule{Reason::heartbeat_late, "Online (VPN Only)", &when::heartbeat_late_with_cloudlink},
    Rule{Reason::heartbeat_late, "Online (Heartbeat Only)", &when::heartbeat_late},
    Rule{Reason::cloudlink_only, "Online (VPN Only)", &when::cloudlink_only},
    Rule{Reason::heartbeat_only, "Online (Heartbeat Only)", &when::heartbeat_only},
    Rule{Reason::cloudlink_disabled, "Online (Heartbeat Only)", &when::cloudlink_disabled},
    Rule{Reason::both_links, "Online", &when::both_links},
};

// The docs of 2021 list the link as an indicator beside the status.
constexpr auto docs_2021 = [] {
  auto rules = docs_2022;
  for (Rule& rule : rules) {
    if (rule.label == "Online (VPN Only)") rule.indicator = "VPN Only";
    if (rule.label == "Online (Heartbeat Only)") rule.indicator = "Heartbeat Only";
    if (rule.label.starts_with("Online")) rule.label = "Online";
  }
  return rules;
}();

constexpr std::array api_v7{
    Rule{Reason::inactive, "inactive", &when::inactive},
    Rule{Reason::post_provisioning, "post-provisioning", &when::post_provisioning},
    Rule{Reason::unknown, {}, &when::link_missing},
    Rule{Reason::never_connected, "configuring", &when::never_connected},
    Rule{Reason::no_link, "disconnected", &when::no_link},
    Rule{Reason::downloading_release, "updating", &when::downloading_release},
    Rule{Reason::os_configuration, "configuring", &when::os_configuration},
    Rule{Reason::downloading_service, "updating", &when::downloading_service},
    Rule{Reason::heartbeat_late, "reduced-functionality", &when::heartbeat_late},
    Rule{Reason::cloudlink_only, "reduced-functionality", &when::cloudlink_only},
    Rule{Reason::heartbeat_only, "reduced-functionality", &when::heartbeat_only},
    Rule{Reason::cloudlink_disabled, "operational", &when::cloudlink_disabled},
    Rule{Reason::both_links, "operational", &when::both_links},
};

constexpr std::array api_v6{
    Rule{Reason::inactive, "inactive", &when::inactive},
    Rule{Reason::post_provisioning, "post-provisioning", &when::post_provisioning},
    Rule{Reason::unknown, {}, &when::link_missing},
    Rule{Reason::never_connected, "configuring", &when::never_connected},
    Rule{Reason::no_link, "offline", &when::no_link},
    Rule{Reason::downloading_release, "updating", &when::downloading_release_by_any_link},
    Rule{Reason::os_configuration, "configuring", &when::os_configuration},
    Rule{Reason::downloading_service, "updating", &when::downloading_service_by_any_link},
    Rule{Reason::heartbeat_late, "idle", &when::heartbeat_late},
    Rule{Reason::cloudlink_only, "idle", &when::cloudlink_only},
    Rule{Reason::heartbeat_only, "idle", &when::heartbeat_only},
    Rule{Reason::cloudlink_disabled, "idle", &when::cloudlink_disabled},
    Rule{Reason::both_links, "idle", &when::both_links},
};

constexpr std::array library_2020{
    Rule{Reason::ordered, "ordered", &when::ordered},
    Rule{Reason::preparing, "preparing", &when::preparing},
    Rule{Reason::shipped, "shipped", &when::shipped},
    Rule{Reason::inactive, "inactive", &when::library_inactive},
    Rule{Reason::post_provisioning, "post-provisioning", &when::post_provisioning},
    Rule{Reason::never_connected, "configuring", &when::library_never_connected},
    Rule{Reason::no_link, "offline", &when::library_offline},
    Rule{Reason::downloading_release, "updating", &when::downloading_release_by_any_link},
    Rule{Reason::os_configuration, "configuring", &when::os_configuration},
    Rule{Reason::downloading_service, "updating", &when::library_downloading},
    Rule{Reason::online, "idle", &when::library_online},
};

constexpr std::array<Scheme, status_schemes.names.size()> schemes{{
    {StatusScheme::docs_2024_11, "docs page of November 2024", labels_2024, docs_2024_11},
    {StatusScheme::docs_2024_10, "docs page of October 2024, a draft", labels_2024, docs_2024_10},
    {StatusScheme::docs_2022, "docs page of 2022", labels_2022, docs_2022},
    {StatusScheme::docs_2021, "docs page of 2021", labels_2021, docs_2021},
    {StatusScheme::api_v7, "overall_status of the API, version 7", labels_v7, api_v7},
    {StatusScheme::api_v6, "overall_status of the API, version 6", labels_v6, api_v6},
    {StatusScheme::library_2020, "balena-device-status 3.2.1", labels_2020, library_2020},
}};

constexpr const Scheme& scheme_at(StatusScheme id) { return schemes[static_cast<std::size_t>(id)]; }

/// The range of fact bits that a scheme's rules read.
struct Window {
  unsigned shift;
  unsigned width;
};

consteval Window window_of(std::span<const Rule> rules) {
  unsigned begin = n_fact_bits;
  unsigned end = 0;
  for (const Rule& rule : rules) {
    for (const Condition& condition : *rule.when) {
      begin = std::min<unsigned>(begin, condition.fact->shift);
      end = std::max<unsigned>(end, condition.fact->shift + condition.fact->width);
    }
  }
  return {begin, end - begin};
}

/// Lookup tables of a scheme: the rule that matches each combination of facts, and each rule's
/// verdict.
template <StatusScheme id>
struct Answers {
  static constexpr std::span rules = scheme_at(id).rules;
  static constexpr Window window = window_of(rules);

  static constexpr auto rule_at = [] {
    std::array<std::uint8_t, 1U << window.width> first_match{};
    for (std::uint32_t bits = 0; bits < first_match.size(); ++bits) {
      const Facts facts{bits << window.shift};
      const auto match =
          std::ranges::find_if(rules, [&](const Rule& rule) { return rule.when->holds(facts); });
      if (match == rules.end()) throw "no rule for this combination of facts";
      first_match[bits] = static_cast<std::uint8_t>(match - rules.begin());
    }
    return first_match;
  }();

  static constexpr auto verdicts = [] {
    std::array<Verdict, rules.size()> answers{};
    const std::span labels = scheme_at(id).labels;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const auto label = std::ranges::find(labels, rules[i].label);
      if (label == labels.end() && !rules[i].label.empty()) throw "label is not in the list";
      const auto code = label == labels.end() ? -1 : label - labels.begin();
      answers[i] = {static_cast<std::int8_t>(code), rules[i].reason, static_cast<std::uint8_t>(i)};
    }
    return answers;
  }();
};

struct TableParts {
  const std::uint8_t* rule_at;
  const Verdict* verdicts;
  Window window;
};

template <StatusScheme id>
constexpr TableParts parts{Answers<id>::rule_at.data(), Answers<id>::verdicts.data(),
                           Answers<id>::window};

constexpr std::array<TableParts, schemes.size()> tables{
    parts<StatusScheme::docs_2024_11>, parts<StatusScheme::docs_2024_10>,
    parts<StatusScheme::docs_2022>,    parts<StatusScheme::docs_2021>,
    parts<StatusScheme::api_v7>,       parts<StatusScheme::api_v6>,
    parts<StatusScheme::library_2020>};

}  // namespace

const Scheme& scheme_of(StatusScheme id) noexcept { return scheme_at(id); }

VerdictTable::VerdictTable(StatusScheme id) noexcept {
  const TableParts& table = tables[static_cast<std::size_t>(id)];
  rule_at_ = table.rule_at;
  verdicts_ = table.verdicts;
  shift_ = table.window.shift;
  mask_ = (1U << table.window.width) - 1U;
}

}  // namespace fleetstatus
