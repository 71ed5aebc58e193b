#include "rules/attention.hpp"

#include <optional>

#include "support.hpp"
#include "table/selection.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

std::optional<Attention> class_of(std::optional<Reason> reason,
                                  std::optional<UpdateStatus> status = std::nullopt,
                                  std::optional<Milliseconds> duration = std::nullopt) {
  DeviceCondition device;
  device.reason = reason;
  device.update_status = status;
  device.update_duration = duration;
  return attention(device, {});
}

std::optional<Attention> class_after(Reason reason, std::optional<Milliseconds> status_duration,
                                     const AttentionThresholds& thresholds = {}) {
  DeviceCondition device;
  device.reason = reason;
  device.status_duration = status_duration;
  return attention(device, thresholds);
}

bool is_stuck_after(std::optional<UpdateStatus> status, std::optional<Milliseconds> duration,
                    const AttentionThresholds& thresholds = {}) {
  DeviceCondition device;
  device.update_status = status;
  device.update_duration = duration;
  return is_stuck(device, thresholds);
}

TEST_CASE("a device without a link is disconnected before anything else") {
  CHECK(class_of(Reason::no_link) == Attention::disconnected);
  CHECK(class_of(Reason::no_link, UpdateStatus::rejected) == Attention::disconnected);
}

TEST_CASE("a failed update goes before one link down and that before a stuck update") {
  for (const Reason reason : {Reason::cloudlink_only, Reason::heartbeat_only}) {
    CHECK(class_of(reason) == Attention::reduced);
    CHECK(class_of(reason, UpdateStatus::rejected) == Attention::update_failed);
    CHECK(class_of(reason, UpdateStatus::aborted) == Attention::update_failed);
    CHECK(class_of(reason, UpdateStatus::downloading, hours{3}) == Attention::reduced);
  }
}

TEST_CASE("one link down for moments wants nothing") {
  for (const Reason reason : {Reason::cloudlink_only, Reason::heartbeat_only}) {
    CHECK(class_after(reason, minutes{5}) == Attention::reduced);
    CHECK_FALSE(class_after(reason, minutes{5} - Milliseconds{1}));
    CHECK(class_after(reason, std::nullopt) == Attention::reduced);
    CHECK(class_after(reason, Milliseconds::zero(), {.reduced = Milliseconds::zero()}) ==
          Attention::reduced);
  }
}

TEST_CASE("no link wants someone at once unless the caller says otherwise") {
  CHECK(class_after(Reason::no_link, Milliseconds::zero()) == Attention::disconnected);
  const AttentionThresholds patient{.disconnected = hours{1}};
  CHECK_FALSE(class_after(Reason::no_link, hours{1} - Milliseconds{1}, patient));
  CHECK(class_after(Reason::no_link, hours{1}, patient) == Attention::disconnected);
  CHECK(class_after(Reason::no_link, std::nullopt, patient) == Attention::disconnected);
}

TEST_CASE("a device that never connected wants someone a day after its registration") {
  CHECK(class_after(Reason::never_connected, hours{24}) == Attention::never_connected);
  CHECK_FALSE(class_after(Reason::never_connected, hours{24} - Milliseconds{1}));
  CHECK_FALSE(class_after(Reason::never_connected, std::nullopt));
  CHECK(class_after(Reason::never_connected, hours{1}, {.never_connected = hours{1}}) ==
        Attention::never_connected);
}

TEST_CASE("an update that failed or is stuck goes before never-connected") {
  DeviceCondition device;
  device.reason = Reason::never_connected;
  device.status_duration = hours{99};
  device.update_duration = hours{99};
  device.update_status = UpdateStatus::rejected;
  CHECK(attention(device, {}) == Attention::update_failed);
  device.update_status = UpdateStatus::downloading;
  CHECK(attention(device, {}) == Attention::update_stuck);
}

TEST_CASE("an OS update that failed is one of devices in OS configuration alone") {
  DeviceCondition device;
  device.os_update_failed = true;
  device.reason = Reason::os_configuration;
  CHECK(attention(device, {}) == Attention::update_failed);
  device.reason = Reason::both_links;
  CHECK_FALSE(attention(device, {}));
}

TEST_CASE("a late heartbeat wants nothing since it is gone in seconds") {
  CHECK_FALSE(class_of(Reason::heartbeat_late));
  CHECK_FALSE(class_after(Reason::heartbeat_late, hours{99}));
  CHECK(class_of(Reason::heartbeat_late, UpdateStatus::downloading, hours{2}) ==
        Attention::update_stuck);
}

TEST_CASE("frozen devices have their own class and no other") {
  CHECK(class_of(Reason::frozen) == Attention::frozen);
  CHECK(class_of(Reason::frozen, UpdateStatus::rejected) == Attention::frozen);
}

TEST_CASE("inactive and post-provisioning devices want nothing") {
  CHECK_FALSE(class_of(Reason::inactive, UpdateStatus::rejected));
  CHECK_FALSE(class_of(Reason::post_provisioning, UpdateStatus::downloading, hours{99}));
}

TEST_CASE("devices at work want nothing unless their update has failed or is stuck") {
  for (const Reason reason : {Reason::never_connected, Reason::downloading_release,
                              Reason::os_configuration, Reason::downloading_service,
                              Reason::cloudlink_disabled, Reason::both_links, Reason::unknown}) {
    CHECK_FALSE(class_of(reason));
    CHECK_FALSE(class_of(reason, UpdateStatus::done, hours{999}));
    CHECK(class_of(reason, UpdateStatus::aborted) == Attention::update_failed);
    CHECK(class_of(reason, UpdateStatus::downloaded, hours{24}) == Attention::update_stuck);
  }
}

TEST_CASE("where the reason is not known the update alone decides") {
  CHECK_FALSE(class_of(std::nullopt));
  CHECK(class_of(std::nullopt, UpdateStatus::rejected) == Attention::update_failed);
  CHECK(class_of(std::nullopt, UpdateStatus::downloading, hours{2}) == Attention::update_stuck);
}

TEST_CASE("an update is stuck from the very threshold on") {
  struct Limit {
    UpdateStatus status;
    Milliseconds duration;
  };
  for (const auto& [status, duration] :
       {Limit{UpdateStatus::downloading, hours{2}}, Limit{UpdateStatus::downloaded, hours{24}},
        Limit{UpdateStatus::applying_changes, minutes{30}}}) {
    CHECK(is_stuck_after(status, duration));
    CHECK_FALSE(is_stuck_after(status, duration - Milliseconds{1}));
  }
}

TEST_CASE("thresholds can be given") {
  AttentionThresholds thresholds;
  thresholds.applying_changes = Milliseconds::zero();
  CHECK(is_stuck_after(UpdateStatus::applying_changes, Milliseconds::zero(), thresholds));
  CHECK_FALSE(is_stuck_after(UpdateStatus::downloading, hours{1}, thresholds));
}

TEST_CASE("without status or event nothing is stuck") {
  CHECK_FALSE(is_stuck_after(UpdateStatus::downloading, std::nullopt));
  CHECK_FALSE(is_stuck_after(std::nullopt, hours{999}));
  for (const auto status : {UpdateStatus::done, UpdateStatus::rejected, UpdateStatus::aborted}) {
    CHECK_FALSE(is_stuck_after(status, hours{999}));
  }
}

TEST_CASE("attention follows the docs of November 2024 under every scheme") {
  const std::string reduced = device(R"("is_connected_to_vpn":false,"last_vpn_event":null)");
  for (const std::string_view name : status_schemes.names) {
    CAPTURE(name);
    const auto options = lenient(*status_schemes.find(name));
    CHECK(cell(read_table(reduced, options), ColumnId::attention) == "reduced");
  }
}

TEST_CASE("a bad record is unreadable whatever else is known of it") {
  const auto table = read_table(device(R"("id":"x","is_frozen":true)"), keeping());
  CHECK(cell(table, ColumnId::attention) == "unreadable");
  CHECK(cell(table, ColumnId::status) == "Frozen");
}

/// The attention that one device needs at noon.
std::string attention_of_device(std::string_view more) {
  return cell(read_table(device(more)), ColumnId::attention);
}

TEST_CASE("a link is down since its last event or the heartbeat's, whichever is later") {
  const std::string down = R"("is_connected_to_vpn":false,)";
  CHECK(attention_of_device(down + R"("last_vpn_event":"2026-11-01T11:55:00Z")") == "reduced");
  CHECK(attention_of_device(down + R"("last_vpn_event":"2026-11-01T11:55:00.001Z")") == "null");
  CHECK(attention_of_device(
            down + R"("changed_api_heartbeat_state_on__date":"2026-11-01T11:56:00Z")") == "null");
  CHECK(attention_of_device(down + R"("changed_api_heartbeat_state_on__date":null)") == "reduced");
}

TEST_CASE("how long a device has waited for its first connection is told by its registration") {
  const std::string never = R"("is_connected_to_vpn":false,"api_heartbeat_state":"unknown",)"
                            R"("last_connectivity_event":null,)";
  CHECK(attention_of_device(never + R"("created_at":"2026-10-31T12:00:00Z")") == "never-connected");
  CHECK(attention_of_device(never + R"("created_at":"2026-10-31T12:00:00.001Z")") == "null");
  CHECK(attention_of_device(never + R"("created_at":null)") == "null");
  CHECK(attention_of_device(never + R"("created_at":"1970-01-01T00:00:00Z")") == "null");
}

TEST_CASE("the word fail in the provisioning state tells that an OS update failed") {
  const auto with_state = [](std::string_view state) {
    return attention_of_device(R"("provisioning_progress":90,"provisioning_state":")" +
                               std::string{state} + '"');
  };
  for (const char* state : {"fail", "OS update failed", "FAILURE", "Update FaIled"}) {
    CAPTURE(state);
    CHECK(with_state(state) == "update-failed");
  }
  for (const char* state : {"", "fai", "Update successful, rebooting", "f ail"}) {
    CAPTURE(state);
    CHECK(with_state(state) == "null");
  }
  CHECK(attention_of_device(R"("provisioning_state":"failed")") == "null");  // both links are up
}

TEST_CASE("a table can be asked again with other thresholds") {
  const std::string loading =
      device(R"("update_status":"downloading","last_update_status_event":"2026-11-01T11:00:00Z")");
  const StatusTable table =
      read_table(list_of({loading, device(), device(R"("is_online":"x")")}), keeping());
  const auto classes = [&](const AttentionThresholds& thresholds) {
    return cells(with_attention(table, thresholds), ColumnId::attention);
  };
  CHECK(classes({.downloading = hours{1}}) == "update-stuck|null|unreadable");
  CHECK(classes({.downloading = hours{1} + Milliseconds{1}}) == "null|null|unreadable");
}

}  // namespace
