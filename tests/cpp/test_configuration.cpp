#include "rules/configuration.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

constexpr std::string_view balena_vpn = "BALENA_SUPERVISOR_VPN_CONTROL";
constexpr std::string_view resin_vpn = "RESIN_SUPERVISOR_VPN_CONTROL";
constexpr std::string_view balena_poll = "BALENA_SUPERVISOR_POLL_INTERVAL";
constexpr std::string_view resin_poll = "RESIN_SUPERVISOR_POLL_INTERVAL";

struct Variable {
  std::string_view name;
  std::string_view value;
};

Configuration configuration(std::initializer_list<Variable> variables) {
  Configuration result;
  for (const auto& [name, value] : variables) result.set(name, value);
  return result;
}

std::string variables(std::string_view name, std::string_view json_value) {
  return joined(
      {R"([{"name":")", std::string{name}, R"(","value":)", std::string{json_value}, "}]"}, "");
}

/// A device with variables of its own and of its fleet, each as JSON.
StatusTable configured(const std::string& of_device, const std::string& of_fleet) {
  return read_table(device(R"("device_config_variable":)" + of_device +
                           R"(,"belongs_to__application":{"application_config_variable":)" +
                           of_fleet + "}"));
}

TEST_CASE("four variables are read") {
  for (const std::string_view name : {balena_vpn, resin_vpn, balena_poll, resin_poll}) {
    CHECK(Configuration::reads(name));
  }
  CHECK_FALSE(Configuration::reads("SUPERVISOR_VPN_CONTROL"));
  CHECK_FALSE(Configuration::reads("balena_supervisor_vpn_control"));
  CHECK_FALSE(Configuration::reads(""));
}

TEST_CASE("nothing is configured by nothing") {
  CHECK_FALSE(Configuration{}.vpn_control());
  CHECK_FALSE(Configuration{}.poll_interval());
}

TEST_CASE("only the exact word false turns cloudlink off") {
  CHECK(configuration({{balena_vpn, "false"}}).vpn_control() == false);
  for (const std::string_view value : {"", "False", "FALSE", "0", "false ", " false", "true"}) {
    CAPTURE(value);
    CHECK(configuration({{balena_vpn, value}}).vpn_control() == true);
  }
}

TEST_CASE("on one level BALENA beats RESIN for cloudlink and polling goes by RESIN alone") {
  CHECK(configuration({{resin_vpn, "false"}, {balena_vpn, ""}}).vpn_control() == true);
  CHECK(configuration({{resin_vpn, "true"}, {balena_vpn, "false"}}).vpn_control() == false);
  CHECK(configuration({{balena_poll, "900000"}, {resin_poll, "700000"}}).poll_interval() ==
        Milliseconds{700'000});
  CHECK(configuration({{resin_poll, ""}, {balena_poll, "900000"}}).poll_interval() ==
        Milliseconds{0});
  CHECK_FALSE(configuration({{balena_poll, "900000"}}).poll_interval());
  CHECK(configuration({{balena_poll, "5"}, {resin_poll, "6"}}).supervisor_poll_interval() ==
        Milliseconds{5});
  CHECK_FALSE(configuration({{resin_poll, "6"}}).supervisor_poll_interval());
}

TEST_CASE("of one name the first value counts") {
  CHECK(configuration({{resin_vpn, "false"}, {resin_vpn, "true"}}).vpn_control() == false);
  CHECK(configuration({{resin_poll, "5"}, {resin_poll, "6"}}).poll_interval() == Milliseconds{5});
}

TEST_CASE("the device beats its fleet, each setting for itself") {
  const auto both =
      configured(variables(resin_vpn, R"("true")"), variables(balena_vpn, R"("false")"));
  CHECK(cell(both, ColumnId::cloudlink_expected) == "true");
  // The device sets its poll interval alone, so that the fleet decides on cloudlink.
  const auto parted =
      configured(variables(resin_poll, R"("1200000")"), variables(balena_vpn, R"("false")"));
  CHECK(cell(parted, ColumnId::cloudlink_expected) == "false");
  CHECK(cell(parted, ColumnId::heartbeat_window_s) == "1800");  // 1.5 x 1200 s
}

TEST_CASE("a null value leaves the decision to the fleet") {
  const auto table = configured(variables(balena_vpn, "null"), variables(resin_vpn, R"("false")"));
  CHECK(cell(table, ColumnId::cloudlink_expected) == "false");
}

TEST_CASE("lists that are null or empty configure nothing") {
  for (const char* list : {"null", "[]"}) {
    CAPTURE(list);
    const auto table = configured(list, list);
    CHECK(cell(table, ColumnId::cloudlink_expected) == "true");
    CHECK(cell(table, ColumnId::heartbeat_window_s) == "1350");
  }
}

TEST_CASE("variables of other names are not read") {
  CHECK(cell(configured(variables("OTHER", "17"), variables("OTHER", "{}")),
             ColumnId::cloudlink_expected) == "true");
}

TEST_CASE("an unreadable variable leaves standing only what it cannot change") {
  const auto own = R"("device_config_variable":)" + variables(balena_vpn, "17");
  const auto of_device = read_table(device(own), keeping());
  CHECK(cell(of_device, ColumnId::cloudlink_expected) == "null");
  CHECK(cell(of_device, ColumnId::heartbeat_window_s) == "null");
  CHECK(cell(of_device, ColumnId::status) == "Operational");  // both links are up

  const auto fleet = R"("belongs_to__application":{"slug":5},"device_config_variable":)" +
                     variables(balena_vpn, R"("false")");
  const auto of_fleet = read_table(device(fleet), keeping());
  CHECK(cell(of_fleet, ColumnId::cloudlink_expected) == "false");  // the device has said so
  CHECK(cell(of_fleet, ColumnId::heartbeat_window_s) == "null");
}

/// Whether the supervisor polls so seldom that the device shows as offline in between.
bool polls_too_seldom(const std::string& of_device, const std::string& of_fleet,
                      const ReadOptions& options = {}) {
  const std::string record =
      device(R"("device_config_variable":)" + of_device +
             R"(,"belongs_to__application":{"application_config_variable":)" + of_fleet + "}");
  const KnownFacts known = read_table(record, options).facts(0);
  REQUIRE(known.knows(fact::polls_too_seldom));
  return known.facts.answer(fact::polls_too_seldom) == 1;
}

TEST_CASE("a supervisor that polls less often than the API's window allows is seen") {
  const auto balena = [](std::string_view ms) {
    return variables(balena_poll, joined({"\"", std::string{ms}, "\""}, ""));
  };
  CHECK_FALSE(polls_too_seldom(balena("1350000"), "[]"));  // the window is 1350 s
  CHECK(polls_too_seldom(balena("1350001"), "[]"));
  CHECK(polls_too_seldom("[]", balena("1350001")));
  CHECK_FALSE(polls_too_seldom(balena("900000"), balena("1350001")));
  const std::string long_window = variables(resin_poll, R"("3600000")");
  CHECK_FALSE(polls_too_seldom(balena("1350001"), long_window));
  CHECK_FALSE(polls_too_seldom(long_window, "[]"));
  ReadOptions open;
  open.settings.default_poll_interval = Milliseconds{600'000};
  CHECK(polls_too_seldom(balena("900001"), "[]", open));
}

TEST_CASE("the window goes by the default that the caller says") {
  ReadOptions options;
  options.settings.default_poll_interval = Milliseconds{600'000};
  const auto window = [&](std::string_view json) {
    return cell(read_table(json, options), ColumnId::heartbeat_window_s);
  };
  CHECK(window(device()) == "900");
  CHECK(window(device(R"("device_config_variable":)" + variables(resin_poll, R"("700000")"))) ==
        "1050");
  CHECK(window(list_of({device(), device(R"("device_config_variable":[])")})) == "900");
}

}  // namespace
