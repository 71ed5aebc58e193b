#include "core/capability.hpp"

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
  return facts;
}

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
    const auto [certain, uncertain] = capabilities(Facts{bits});
    if ((certain & uncertain) != 0 || (certain | uncertain) > 0x1FFF) FAIL("facts " << bits);
  }
}

TEST_CASE("capabilities are null where an unreadable link would decide") {
  const auto cut = read_table(device(R"("is_connected_to_vpn":"yes")"), keeping());
  CHECK(cell(cut, ColumnId::capabilities) == "null");
  const auto frozen = read_table(device(R"("is_connected_to_vpn":"yes","is_frozen":1)"), keeping());
  CHECK(cell(frozen, ColumnId::capabilities) == "0");
}

}  // namespace
