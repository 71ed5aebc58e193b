#include "rules/schemes.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

using Texts = std::vector<std::string_view>;

const std::vector<Reason> common_reasons{Reason::inactive,         Reason::post_provisioning,
                                         Reason::unknown,          Reason::never_connected,
                                         Reason::no_link,          Reason::downloading_release,
                                         Reason::os_configuration, Reason::downloading_service,
                                         Reason::heartbeat_late,   Reason::cloudlink_only,
                                         Reason::heartbeat_only,   Reason::cloudlink_disabled,
                                         Reason::both_links};

std::vector<StatusScheme> all_schemes() {
  std::vector<StatusScheme> schemes;
  for (const std::string_view name : status_schemes.names) {
    schemes.push_back(*status_schemes.find(name));
  }
  return schemes;
}

Texts labels_of(StatusScheme scheme) {
  const auto labels = scheme_of(scheme).labels;
  return {labels.begin(), labels.end()};
}

/// Calls `visit` with every combination of all facts that the rules read.
template <class Visit>
void for_all_facts(Visit visit) {
  constexpr std::uint32_t n_of_rules = 1U << 18U;
  for (std::uint32_t bits = 0; bits < n_of_rules; ++bits) visit(Facts{bits});
}

/// The slow way: the first rule whose condition holds.
std::size_t walk(const Scheme& scheme, Facts facts) {
  const auto match =
      std::ranges::find_if(scheme.rules, [&](const Rule& rule) { return rule.when->holds(facts); });
  return static_cast<std::size_t>(match - scheme.rules.begin());
}

std::string_view label_for(StatusScheme scheme, Facts facts) {
  const std::int8_t status = VerdictTable{scheme}[facts].status;
  return status < 0 ? std::string_view{}
                    : scheme_of(scheme).labels[static_cast<std::size_t>(status)];
}

TEST_CASE("labels stand in their order") {
  const Texts docs_2024{"Operational", "Reduced Functionality", "Disconnected", "Configuring",
                        "Updating",    "Post Provisioning",     "Inactive",     "Frozen"};
  CHECK(labels_of(StatusScheme::docs_2024_11) == docs_2024);
  CHECK(labels_of(StatusScheme::docs_2024_10) == docs_2024);
  CHECK(labels_of(StatusScheme::docs_2022) ==
        Texts{"Online", "Online (VPN Only)", "Online (Heartbeat Only)", "Offline", "Configuring",
              "Updating", "Post Provisioning", "Inactive", "Frozen"});
  CHECK(labels_of(StatusScheme::docs_2021) == Texts{"Online", "Offline", "Configuring", "Updating",
                                                    "Post Provisioning", "Inactive", "Frozen"});
  CHECK(labels_of(StatusScheme::api_v7) == Texts{"operational", "reduced-functionality",
                                                 "disconnected", "configuring", "updating",
                                                 "post-provisioning", "inactive"});
  const Texts api_v6{"idle", "offline", "configuring", "updating", "post-provisioning", "inactive"};
  CHECK(labels_of(StatusScheme::api_v6) == api_v6);
  Texts library = api_v6;
  library.insert(library.end(), {"ordered", "preparing", "shipped"});
  CHECK(labels_of(StatusScheme::library_2020) == library);
}

TEST_CASE("rules stand in their order") {
  const auto order_of = [](StatusScheme scheme) {
    std::vector<Reason> order;
    for (const Rule& rule : scheme_of(scheme).rules) order.push_back(rule.reason);
    return order;
  };
  std::vector<Reason> docs = common_reasons;
  docs.insert(docs.begin(), Reason::frozen);
  CHECK(order_of(StatusScheme::docs_2024_11) == docs);
  CHECK(order_of(StatusScheme::docs_2024_10) == docs);
  // With one link late the docs of 2022 name the other.
  docs.insert(std::ranges::find(docs, Reason::heartbeat_late), Reason::heartbeat_late);
  CHECK(order_of(StatusScheme::docs_2022) == docs);
  CHECK(order_of(StatusScheme::docs_2021) == docs);
  CHECK(order_of(StatusScheme::api_v7) == common_reasons);
  CHECK(order_of(StatusScheme::api_v6) == common_reasons);
  CHECK(order_of(StatusScheme::library_2020) ==
        std::vector<Reason>{Reason::ordered, Reason::preparing, Reason::shipped, Reason::inactive,
                            Reason::post_provisioning, Reason::never_connected, Reason::no_link,
                            Reason::downloading_release, Reason::os_configuration,
                            Reason::downloading_service, Reason::online});
}

TEST_CASE("a scheme is found by its own name") {
  for (const StatusScheme scheme : all_schemes()) {
    CHECK(scheme_of(scheme).id == scheme);
    CHECK_FALSE(scheme_of(scheme).source.empty());
  }
}

TEST_CASE("every entry of a table is what a walk of the list gives") {
  for (const StatusScheme id : all_schemes()) {
    CAPTURE(status_schemes[id]);
    const Scheme& scheme = scheme_of(id);
    const VerdictTable table{id};
    std::size_t n_wrong = 0;
    for_all_facts([&](Facts facts) {
      const Verdict verdict = table[facts];
      const std::size_t rule = walk(scheme, facts);
      const bool same = rule < scheme.rules.size() && verdict.rule == rule &&
                        verdict.reason == scheme.rules[rule].reason &&
                        label_for(id, facts) == scheme.rules[rule].label;
      n_wrong += same ? 0 : 1;
    });
    CHECK(n_wrong == 0);
  }
}

TEST_CASE("a verdict rests on the relevant bits alone") {
  for (const StatusScheme id : all_schemes()) {
    CAPTURE(status_schemes[id]);
    const VerdictTable table{id};
    std::size_t n_wrong = 0;
    for_all_facts([&](Facts facts) {
      n_wrong += table[facts] == table[Facts{facts.bits() & table.relevant()}] ? 0 : 1;
    });
    CHECK(n_wrong == 0);
  }
}

TEST_CASE("all schemes but the library's read the modern facts and nothing else") {
  std::uint32_t read = 0;
  for (const StatusScheme id : all_schemes()) {
    if (id != StatusScheme::library_2020) read |= VerdictTable{id}.relevant();
  }
  CHECK(read == modern_facts);
}

TEST_CASE("every rule of a scheme is reached by some facts") {
  for (const StatusScheme id : all_schemes()) {
    CAPTURE(status_schemes[id]);
    std::set<std::size_t> reached;
    for_all_facts([&](Facts facts) { reached.insert(VerdictTable{id}[facts].rule); });
    CHECK(reached.size() == scheme_of(id).rules.size());
  }
}

TEST_CASE("every reason is reached in the schemes that have it and in no other") {
  const std::set<Reason> api(common_reasons.begin(), common_reasons.end());
  std::set<Reason> docs = api;
  docs.insert(Reason::frozen);
  const std::set<Reason> library{Reason::ordered,
                                 Reason::preparing,
                                 Reason::shipped,
                                 Reason::inactive,
                                 Reason::post_provisioning,
                                 Reason::never_connected,
                                 Reason::no_link,
                                 Reason::downloading_release,
                                 Reason::os_configuration,
                                 Reason::downloading_service,
                                 Reason::online};
  const std::map<StatusScheme, std::set<Reason>> expected{
      {StatusScheme::docs_2024_11, docs},   {StatusScheme::docs_2024_10, docs},
      {StatusScheme::docs_2022, docs},      {StatusScheme::docs_2021, docs},
      {StatusScheme::api_v7, api},          {StatusScheme::api_v6, api},
      {StatusScheme::library_2020, library}};
  for (const auto& [id, reasons_of_scheme] : expected) {
    CAPTURE(status_schemes[id]);
    std::set<Reason> reached;
    for_all_facts([&](Facts facts) { reached.insert(VerdictTable{id}[facts].reason); });
    CHECK(reached == reasons_of_scheme);
  }
}

TEST_CASE("only an unknown reason has no label") {
  for (const StatusScheme id : all_schemes()) {
    for (const Rule& rule : scheme_of(id).rules) {
      CHECK(rule.label.empty() == (rule.reason == Reason::unknown));
      CHECK_FALSE(rule.when->source.empty());
    }
  }
}

TEST_CASE("every label of a scheme is given by some rule") {
  for (const StatusScheme id : all_schemes()) {
    for (const std::string_view label : scheme_of(id).labels) {
      CAPTURE(label);
      CHECK(std::ranges::find(scheme_of(id).rules, label, &Rule::label) !=
            scheme_of(id).rules.end());
    }
  }
}

TEST_CASE("the two drafts of 2024 differ only where cloudlink is turned off") {
  const VerdictTable november{StatusScheme::docs_2024_11};
  const VerdictTable october{StatusScheme::docs_2024_10};
  std::set<Reason> differing;
  for_all_facts([&](Facts facts) {
    if (november[facts] == october[facts]) return;
    differing.insert(november[facts].reason);
    if (october[facts].reason != Reason::cloudlink_disabled) FAIL("facts " << facts.bits());
    if (label_for(StatusScheme::docs_2024_10, facts) != "Reduced Functionality") FAIL("label");
  });
  CHECK(differing == std::set{Reason::cloudlink_disabled});
}

TEST_CASE("the API's seventh version is the docs without frozen, in its own spelling") {
  for_all_facts([](Facts facts) {
    if (facts.answer(fact::frozen)) return;
    std::string label{label_for(StatusScheme::docs_2024_11, facts)};
    for (char& c : label) c = c == ' ' ? '-' : static_cast<char>(std::tolower(c));
    if (label != label_for(StatusScheme::api_v7, facts)) FAIL("facts " << facts.bits());
  });
}

TEST_CASE("a download over cloudlink alone updates in v6 and is reduced in v7") {
  Facts facts;
  facts.set(fact::active, 1);
  facts.set(fact::cloudlink, 1);
  facts.set(fact::heartbeat, static_cast<unsigned>(HeartbeatState::offline));
  facts.set(fact::downloading_release, 1);
  CHECK(label_for(StatusScheme::api_v6, facts) == "updating");
  CHECK(label_for(StatusScheme::api_v7, facts) == "reduced-functionality");
}

TEST_CASE("the docs of 2021 name the link beside the status") {
  const auto detail = [](std::string_view more) {
    return cell(read_table(device(more), lenient(StatusScheme::docs_2021)), ColumnId::detail);
  };
  CHECK(detail("") == "null");
  CHECK(detail(R"("api_heartbeat_state":"offline")") == "VPN Only");
  CHECK(detail(R"("api_heartbeat_state":"timeout")") == "VPN Only");
  CHECK(detail(R"("is_connected_to_vpn":false)") == "Heartbeat Only");
  CHECK(detail(R"("is_connected_to_vpn":false,"api_heartbeat_state":"timeout")") ==
        "Heartbeat Only");
}

TEST_CASE("reasons and schemes are named once each") {
  for (const std::string_view name : reasons.names) {
    CHECK(reasons[*reasons.find(name)] == name);
  }
  CHECK_FALSE(reasons.find("no_link"));
  CHECK_FALSE(status_schemes.find("docs_2024_11"));
}

}  // namespace
