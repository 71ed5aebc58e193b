// What it costs to go without a field.

#include "records/missing_fields.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

TEST_CASE("what it costs to go without a needed field is said in the words of each scheme") {
  for (std::size_t i = 0; i < status_schemes.names.size(); ++i) {
    const auto scheme = static_cast<StatusScheme>(i);
    CAPTURE(status_schemes[scheme]);
    for (const FieldEntry& entry : field_table) {
      if (need_of(entry.field, scheme) == Need::optional) continue;
      CAPTURE(entry.name);
      const std::string text = hides(entry.field, scheme);
      CHECK(text.size() > 10);
      CHECK(text.find_first_of("{}") == std::string::npos);
      CHECK(text.find("  ") == std::string::npos);
      CHECK(text.find(" ,") == std::string::npos);
      CHECK(text.back() != '.');
    }
  }
}

TEST_CASE("labels are those of the scheme") {
  CHECK(hides(Field::is_active, newest) == "no device can show as Inactive");
  CHECK(hides(Field::is_active, StatusScheme::api_v7) == "no device can show as inactive");
  CHECK(hides(Field::is_active, StatusScheme::library_2020) ==
        "every device shows as inactive unless it is ordered, preparing or shipped");
  CHECK(hides(Field::is_connected_to_vpn, newest) ==
        "whether cloudlink is up is not known, so no device has a status unless it is Frozen, "
        "Inactive or Post Provisioning");
  CHECK(hides(Field::api_heartbeat_state, StatusScheme::api_v6) ==
        "the heartbeat is not known, so no device has a status unless it is inactive or "
        "post-provisioning");
  CHECK(hides(Field::last_connectivity_event, StatusScheme::docs_2022) ==
        "a device whose cloudlink is down and that has no heartbeat yet shows as Configuring, "
        "never as Offline");
}

TEST_CASE("where no rule of a scheme reads is_frozen it does not speak of a label") {
  CHECK(hides(Field::is_frozen, newest) == "no device can show as Frozen");
  for (const auto scheme : {StatusScheme::api_v7, StatusScheme::library_2020}) {
    CHECK(hides(Field::is_frozen, scheme).starts_with("no device counts as frozen: "));
  }
}

}  // namespace
