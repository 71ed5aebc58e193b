#include "rules/capability.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

constexpr CapabilitySet through_cloudlink = 0b0'0000'0000'1111;
constexpr CapabilitySet through_both = 0b0'0011'1111'0000;
constexpr CapabilitySet through_heartbeat = 0b1'1100'0000'0000;

Facts linked(bool cloudlink, HeartbeatState heartbeat) {
  Facts facts;
  facts.set(fact::active, 1);
  facts.set(fact::cloudlink, cloudlink);
  facts.set(fact::heartbeat, static_cast<unsigned>(heartbeat));
  facts.set(fact::web_access, static_cast<unsigned>(WebAccess::on));
  return facts;
}

constexpr CapabilitySet public_url = 0b100;
constexpr CapabilitySet os_update = 0b10'0000'0000;

TEST_CASE("capabilities have their bits in the order of their names") {
  CHECK(needs_cloudlink == through_cloudlink);
  CHECK(needs_cloudlink_and_supervisor == through_both);
  CHECK(needs_heartbeat == through_heartbeat);
  CHECK(capability_names[Capability::ssh] == "SSH");
  CHECK(capability_names[Capability::restart] == "RESTART");
  CHECK(capability_names[Capability::host_os_update] == "HOST_OS_UPDATE");
  CHECK(capability_names[Capability::new_release] == "NEW_RELEASE");
  CHECK(capability_names[Capability::local_mode] == "LOCAL_MODE");
}

TEST_CASE("with both links all of it works") {
  CHECK(capabilities(linked(true, HeartbeatState::online)) == Capabilities{0x1FFF, 0});
}

TEST_CASE("with cloudlink alone the supervisor's part is uncertain") {
  for (const auto state :
       {HeartbeatState::timeout, HeartbeatState::offline, HeartbeatState::unknown}) {
    CHECK(capabilities(linked(true, state)) == Capabilities{through_cloudlink, through_both});
  }
}

TEST_CASE("with the heartbeat alone the target state is fetched and no more") {
  CHECK(capabilities(linked(false, HeartbeatState::online)) == Capabilities{through_heartbeat, 0});
}

TEST_CASE("without a link nothing works, not even in the grace of the heartbeat") {
  for (const auto state :
       {HeartbeatState::timeout, HeartbeatState::offline, HeartbeatState::unknown}) {
    CHECK(capabilities(linked(false, state)) == Capabilities{});
  }
}

TEST_CASE("frozen, inactive and post-provisioning devices cannot be managed") {
  Facts frozen = linked(true, HeartbeatState::online);
  frozen.set(fact::frozen, 1);
  Facts inactive = linked(true, HeartbeatState::online);
  inactive.set(fact::active, 0);
  Facts provisioning = linked(true, HeartbeatState::online);
  provisioning.set(fact::post_provisioning, 1);
  for (const Facts facts : {frozen, inactive, provisioning}) {
    CHECK(capabilities(facts) == Capabilities{});
  }
}

TEST_CASE("a capability is never both certain and uncertain") {
  for (std::uint32_t bits = 0; bits <= modern_facts; ++bits) {
    for (unsigned access = 0; access < 3; ++access) {
      for (unsigned queues = 0; queues < 2; ++queues) {
        Facts facts{bits};
        facts.set(fact::web_access, access);
        facts.set(fact::queues_os_update, queues);
        const auto [certain, uncertain] = capabilities(facts);
        if ((certain & uncertain) != 0 || (certain | uncertain) > 0x1FFF) FAIL("facts " << bits);
      }
    }
  }
}

TEST_CASE("the public URL must be on, and is uncertain where the data does not say") {
  for (const auto state : {HeartbeatState::online, HeartbeatState::offline}) {
    Facts facts = linked(true, state);
    const Capabilities with = capabilities(facts);
    const auto without = static_cast<CapabilitySet>(with.certain & ~public_url);
    REQUIRE(with.certain != without);
    facts.set(fact::web_access, static_cast<unsigned>(WebAccess::off));
    CHECK(capabilities(facts) == Capabilities{without, with.uncertain});
    facts.set(fact::web_access, static_cast<unsigned>(WebAccess::unknown));
    CHECK(capabilities(facts) ==
          Capabilities{without, static_cast<CapabilitySet>(with.uncertain | public_url)});
  }
}

TEST_CASE("without cloudlink the public URL is not even uncertain") {
  for (const auto access : {WebAccess::off, WebAccess::on, WebAccess::unknown}) {
    Facts facts = linked(false, HeartbeatState::online);
    facts.set(fact::web_access, static_cast<unsigned>(access));
    CHECK(capabilities(facts) == Capabilities{through_heartbeat, 0});
  }
}

TEST_CASE("OS updates wait for cloudlink where the supervisor queues them") {
  const auto queueing = [](bool cloudlink, HeartbeatState heartbeat) {
    Facts facts = linked(cloudlink, heartbeat);
    facts.set(fact::queues_os_update, 1);
    return capabilities(facts);
  };
  CHECK(queueing(false, HeartbeatState::online) == Capabilities{through_heartbeat, os_update});
  CHECK(queueing(true, HeartbeatState::online) == Capabilities{0x1FFF, 0});
  CHECK(queueing(true, HeartbeatState::offline) == Capabilities{through_cloudlink, through_both});
  for (const auto state :
       {HeartbeatState::timeout, HeartbeatState::offline, HeartbeatState::unknown}) {
    CHECK(queueing(false, state) == Capabilities{});
  }
  Facts frozen = linked(false, HeartbeatState::online);
  frozen.set(fact::queues_os_update, 1);
  frozen.set(fact::frozen, 1);
  CHECK(capabilities(frozen) == Capabilities{});
}

/// The certain capabilities of a device with both links.
std::string certain_of(std::string_view more) {
  return cell(read_table(device(more), keeping()), ColumnId::capabilities);
}

TEST_CASE("a table has the certain capabilities alone") {
  CHECK(certain_of(R"("is_web_accessible":true)") == std::to_string(0x1FFF));
  for (const char* other : {"false", "null", "0"}) {
    CHECK(certain_of(R"("is_web_accessible":)" + std::string{other}) ==
          std::to_string(0x1FFF & ~public_url));
  }
  CHECK(certain_of(R"("is_web_accessible":"yes")") == "null");  // it would decide
  const std::string down = R"("is_connected_to_vpn":false,)";
  CHECK(certain_of(down + R"("is_web_accessible":"yes")") == std::to_string(through_heartbeat));
  CHECK(certain_of(down + R"("supervisor_version":"19.0.0")") == std::to_string(through_heartbeat));
}

TEST_CASE("what a supervisor can do is known by its version") {
  const auto answer = [](const Fact& fact, std::string_view version) {
    const auto table = read_table(device(R"("supervisor_version":")" + std::string{version} + '"'));
    return table.facts(0).facts.answer(fact);
  };
  CHECK(answer(fact::queues_os_update, "19.0.0") == 1);
  CHECK(answer(fact::queues_os_update, "18.99.99") == 0);
  CHECK(answer(fact::queues_os_update, "no version") == 0);
  CHECK(answer(fact::supervisor_flickers, "16.6.9") == 0);
  CHECK(answer(fact::supervisor_flickers, "16.7.0") == 1);
  CHECK(answer(fact::supervisor_flickers, "17.6.99") == 1);
  CHECK(answer(fact::supervisor_flickers, "17.7.0") == 0);
  CHECK(answer(fact::supervisor_flickers, "19.0.0") == 0);
}

TEST_CASE("capabilities are null where an unreadable link would decide") {
  const auto cut = read_table(device(R"("is_connected_to_vpn":"yes")"), keeping());
  CHECK(cell(cut, ColumnId::capabilities) == "null");
  const auto frozen = read_table(device(R"("is_connected_to_vpn":"yes","is_frozen":1)"), keeping());
  CHECK(cell(frozen, ColumnId::capabilities) == "0");
}

}  // namespace
