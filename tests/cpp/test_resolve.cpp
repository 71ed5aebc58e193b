#include "records/resolve.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

/// One record that other tests fill as they need.
RecordColumns one_record() {
  RecordColumns records;
  records.make_room(1);
  records.n_records = 1;
  return records;
}

FieldSet set_of(Field field) {
  FieldSet fields;
  fields.insert(field);
  return fields;
}

TEST_CASE("the tunnel's flag is read and is_online where that is not set") {
  RecordColumns records = one_record();
  CHECK(cloudlink({records}).is_absent());
  records.at<Field::is_online>().set(0, true);
  CHECK(cloudlink({records}) == true);
  records.at<Field::is_connected_to_vpn>().set(0, false);
  CHECK(cloudlink({records}) == false);
}

TEST_CASE("an unreadable first field hides the second and not the other way round") {
  RecordColumns records = one_record();
  records.at<Field::is_online>().set(0, true);
  CHECK(cloudlink({records, 0, set_of(Field::is_connected_to_vpn)}).is_unreadable);
  CHECK(cloudlink({records, 0, set_of(Field::is_online)}).is_unreadable);
  records.at<Field::is_connected_to_vpn>().set(0, true);
  CHECK(cloudlink({records, 0, set_of(Field::is_online)}) == true);

  records.at<Field::last_connectivity_event>().set(0, noon);
  CHECK(cloudlink_since({records}) == noon);
  CHECK(cloudlink_since({records, 0, set_of(Field::last_vpn_event)}).is_unreadable);
  CHECK(cloudlink_since({records, 0, set_of(Field::last_connectivity_event)}).is_unreadable);
  records.at<Field::last_vpn_event>().set(0, noon);
  CHECK(cloudlink_since({records, 0, set_of(Field::last_connectivity_event)}) == noon);
}

/// The id of the target release; none if there is no target.
std::optional<std::int64_t> target_of(const RecordAt& at) {
  return target_release(at).get().value_or(Release{}).id;
}

TEST_CASE("the target release is pinned, else the device's own, else the fleet's") {
  RecordColumns records = one_record();
  CHECK(target_release({records}).is_absent());
  records.at<Field::belongs_to__application>().release.id.set(0, 3);
  CHECK(target_of({records}) == 3);
  records.at<Field::should_be_running__release>().id.set(0, 2);
  CHECK(target_of({records}) == 2);
  CHECK(target_of({records, 0, set_of(Field::belongs_to__application)}) == 2);
  CHECK(target_release({records, 0, set_of(Field::should_be_running__release)}).is_unreadable);
  records.at<Field::is_pinned_on__release>().id.set(0, 1);
  CHECK(target_of({records, 0, set_of(Field::should_be_running__release)}) == 1);
  CHECK(target_release({records, 0, set_of(Field::is_pinned_on__release)}).is_unreadable);
}

TEST_CASE("a link that names its release by commit alone is set") {
  RecordColumns records = one_record();
  records.at<Field::belongs_to__application>().release.id.set(0, 3);
  records.at<Field::should_be_running__release>().commit.set(0, "abc");
  CHECK(target_release({records}).value.commit == "abc");
  records.at<Field::should_be_running__release>().commit.set(0, "");  // empty text counts as absent
  CHECK(target_of({records}) == 3);
}

TEST_CASE("current services stand in for installs that are not there, not for an empty list") {
  RecordColumns records = one_record();
  records.at<Field::current_services>().begin().push_back({});
  records.at<Field::current_services>().end(0);
  CHECK(installs({records}).value.size() == 1);
  CHECK(installs({records, 0, set_of(Field::current_services)}).is_unreadable);
  records.at<Field::image_install>().begin();
  records.at<Field::image_install>().end(0);
  CHECK(installs({records}).value.empty());
  CHECK(installs({records, 0, set_of(Field::current_services)}).value.empty());
}

TEST_CASE("a record of nulls is active, not frozen and lacks its links") {
  const KnownFacts known = known_facts({one_record()});
  CHECK(known.facts.answer(fact::active) == 1);
  CHECK(known.facts.answer(fact::library_active) == 0);
  CHECK(known.facts.answer(fact::frozen) == 0);
  CHECK(known.facts.answer(fact::cloudlink_expected) == 1);
  CHECK(known.facts.answer(fact::link_missing) == 1);
  CHECK_FALSE(known.knows(fact::heartbeat));
  CHECK_FALSE(known.knows(fact::cloudlink));
  CHECK(known.knows(fact::provisioning));
}

TEST_CASE("an unreadable link is not a missing one") {
  RecordColumns records = one_record();
  records.at<Field::is_connected_to_vpn>().set(0, true);
  const KnownFacts known = known_facts({records, 0, set_of(Field::api_heartbeat_state)});
  CHECK(known.facts.answer(fact::link_missing) == 0);
  CHECK_FALSE(known.knows(fact::heartbeat));
}

TEST_CASE("a field that cannot be read leaves open what rests on it and nothing else") {
  RecordColumns records = one_record();
  records.at<Field::is_connected_to_vpn>().set(0, true);
  records.at<Field::api_heartbeat_state>().set(0, HeartbeatState::online);
  records.at<Field::last_connectivity_event>().set(0, noon);
  records.at<Field::last_vpn_event>().set(0, noon);
  records.at<Field::status>().set(0, ReportedStatus::downloading);
  records.at<Field::download_progress>().set(0, 5);
  const auto left_open_by = [&](Field field) {
    return known_facts({records, 0, set_of(field)}).unknown;
  };
  const auto all_of = [](std::initializer_list<Fact> facts) {
    std::uint32_t bits = 0;
    for (const Fact& fact : facts) bits |= fact.mask();
    return bits;
  };
  CHECK(known_facts({records}).unknown == 0);
  CHECK(left_open_by(Field::is_active) == all_of({fact::active, fact::library_active}));
  CHECK(left_open_by(Field::is_frozen) == all_of({fact::frozen}));
  CHECK(left_open_by(Field::is_connected_to_vpn) == all_of({fact::cloudlink}));
  CHECK(left_open_by(Field::is_online) == all_of({fact::library_online, fact::says_online}));
  CHECK(left_open_by(Field::api_heartbeat_state) == all_of({fact::heartbeat}));
  CHECK(left_open_by(Field::last_connectivity_event) ==
        all_of({fact::ever_connected, fact::library_connected}));
  CHECK(left_open_by(Field::last_vpn_event) == all_of({fact::cloudlink_never_up}));
  CHECK(left_open_by(Field::status) == all_of({fact::downloading_release, fact::lifecycle}));
  CHECK(left_open_by(Field::download_progress) == all_of({fact::downloading_release}));
  CHECK(left_open_by(Field::provisioning_state) ==
        all_of({fact::post_provisioning, fact::os_update_failed}));
  CHECK(left_open_by(Field::supervisor_version) ==
        all_of({fact::queues_os_update, fact::supervisor_flickers, fact::update_support}));
  CHECK(left_open_by(Field::is_web_accessible) == all_of({fact::web_access}));
  CHECK(left_open_by(Field::provisioning_progress) == all_of({fact::provisioning}));
  CHECK(left_open_by(Field::image_install) == all_of({fact::downloading_service}));
  CHECK(left_open_by(Field::current_services) ==
        all_of({fact::downloading_service, fact::library_downloading}));
  CHECK(left_open_by(Field::current_services_by_app) ==
        all_of({fact::downloading_service, fact::library_downloading}));
  CHECK(left_open_by(Field::device_config_variable) ==
        all_of({fact::cloudlink_expected, fact::polls_too_seldom}));
  CHECK(left_open_by(Field::belongs_to__application) ==
        all_of({fact::cloudlink_expected, fact::polls_too_seldom}));
  CHECK(left_open_by(Field::update_status) == 0);
}

TEST_CASE("the target release is not known where a link before it cannot be read") {
  RecordColumns records = one_record();
  const auto unreadable = [&](Field field) {
    return target_release({records, 0, set_of(field)}).is_unreadable;
  };
  CHECK(unreadable(Field::is_pinned_on__release));
  CHECK(unreadable(Field::belongs_to__application));
  CHECK(unreadable(Field::should_be_running__release));
  records.at<Field::should_be_running__release>().id.set(0, 3);
  CHECK_FALSE(unreadable(Field::belongs_to__application));
  CHECK(unreadable(Field::is_pinned_on__release));
}

TEST_CASE("the library counts connections from 2013 on in UTC") {
  RecordColumns records = one_record();
  const auto connected = [&](std::string_view time) {
    records.at<Field::last_connectivity_event>().set(0, moment(time));
    const Facts facts = known_facts({records}).facts;
    CHECK(facts.answer(fact::ever_connected) == 1);
    return facts.answer(fact::library_connected) == 1;
  };
  CHECK(connected("2013-01-01T00:00:00Z"));
  CHECK_FALSE(connected("2012-12-31T23:59:59.999Z"));
  CHECK_FALSE(connected("2013-01-01T00:30:00+01"));
}

TEST_CASE("a download is known not to run if either of its two fields says so") {
  RecordColumns records = one_record();
  const auto known_with = [&](FieldSet unreadable) {
    return known_facts({records, 0, unreadable}).knows(fact::downloading_release);
  };
  // Neither field is set: whichever cannot be read, the other rules a download out.
  CHECK(known_with(set_of(Field::status)));
  CHECK(known_with(set_of(Field::download_progress)));
  records.at<Field::download_progress>().set(0, 5);
  CHECK_FALSE(known_with(set_of(Field::status)));
  records.at<Field::status>().set(0, ReportedStatus::downloading);
  CHECK_FALSE(known_with(set_of(Field::download_progress)));
  CHECK(known_facts({records}).facts.answer(fact::downloading_release) == 1);
}

TEST_CASE("progress stands where no unreadable field could change it") {
  const auto progress = [](std::string_view more) {
    return cell(read_table(device(more), keeping()), ColumnId::progress);
  };
  const std::string loading =
      R"("image_install":[{"status":"Downloading","download_progress":40}])";
  CHECK(progress(loading) == "40");
  CHECK(progress(loading + R"(,"is_pinned_on__release":"x")") == "40");
  CHECK(progress(loading + R"(,"provisioning_progress":"x")") == "null");
  CHECK(progress(loading + R"(,"is_active":false,"download_progress":"x")") == "null");
  CHECK(progress(R"("download_progress":5,"status":"Downloading","is_frozen":"x")") == "5");
}

TEST_CASE("a list is gone with its batch, and when its record is abandoned") {
  RecordColumns records = one_record();
  const auto add_list = [&] {
    records.at<Field::image_install>().begin().emplace_back();
    records.at<Field::image_install>().end(0);
  };
  add_list();
  CHECK(records.at<Field::image_install>().stored(0).size() == 1);
  records.clear();
  CHECK(records.at<Field::image_install>().stored(0).empty());
  add_list();
  records.clear_record(0);
  CHECK(records.at<Field::image_install>().stored(0).empty());
  CHECK_FALSE(records.at<Field::image_install>().has(0));
}

}  // namespace
