#include "core/attention.hpp"

#include <optional>
#include <vector>

#include "support.hpp"
#include "table/attention_answerer.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

std::optional<Attention> class_of(std::optional<Reason> reason,
                                  std::optional<UpdateStatus> status = std::nullopt,
                                  std::optional<Milliseconds> duration = std::nullopt) {
  return attention(reason, status, duration, {});
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

TEST_CASE("a late heartbeat wants nothing since it is gone in seconds") {
  CHECK_FALSE(class_of(Reason::heartbeat_late));
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

TEST_CASE("an update is stuck from the very threshold on") {
  struct Limit {
    UpdateStatus status;
    Milliseconds duration;
  };
  for (const auto& [status, duration] :
       {Limit{UpdateStatus::downloading, hours{2}}, Limit{UpdateStatus::downloaded, hours{24}},
        Limit{UpdateStatus::applying_changes, minutes{30}}}) {
    CHECK(is_stuck(status, duration, {}));
    CHECK_FALSE(is_stuck(status, duration - Milliseconds{1}, {}));
  }
}

TEST_CASE("thresholds can be given") {
  StuckThresholds thresholds;
  thresholds.applying_changes = Milliseconds::zero();
  CHECK(is_stuck(UpdateStatus::applying_changes, Milliseconds::zero(), thresholds));
  CHECK_FALSE(is_stuck(UpdateStatus::downloading, hours{1}, thresholds));
}

TEST_CASE("without status or event nothing is stuck") {
  CHECK_FALSE(is_stuck(UpdateStatus::downloading, std::nullopt, {}));
  CHECK_FALSE(is_stuck(std::nullopt, hours{999}, {}));
  for (const auto status : {UpdateStatus::done, UpdateStatus::rejected, UpdateStatus::aborted}) {
    CHECK_FALSE(is_stuck(status, hours{999}, {}));
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

TEST_CASE("a table can be asked again with other thresholds") {
  const std::string loading =
      device(R"("update_status":"downloading","last_update_status_event":"2026-11-01T11:00:00Z")");
  const StatusTable table =
      read_table(list_of({loading, device(), device(R"("is_online":"x")")}), keeping());
  using Classes = std::vector<std::optional<Attention>>;
  CHECK(attention_of(table, {.downloading = hours{1}}) ==
        Classes{Attention::update_stuck, std::nullopt, Attention::unreadable});
  CHECK(attention_of(table, {.downloading = hours{1} + Milliseconds{1}}) ==
        Classes{std::nullopt, std::nullopt, Attention::unreadable});
}

}  // namespace
