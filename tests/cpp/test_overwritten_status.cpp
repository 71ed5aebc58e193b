// A status that balena-cli has written the overall status over.

#include "records/record_builder.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

/// The status of a device in which a tool may have written over it.
std::string reason_of(std::string_view status, std::string_view overall_status) {
  const auto table =
      read_table(device(joined({R"("status":")", std::string{status}, R"(","overall_status":")",
                                std::string{overall_status}, R"(","download_progress":5)"},
                               "")),
                 keeping());
  return cell(table, ColumnId::reason) + (cell(table, ColumnId::error) == "null" ? "" : " bad");
}

TEST_CASE("a status that is the overall status was written over and hides a download") {
  CHECK(reason_of("updating", "updating") == "null bad");
  CHECK(reason_of("reduced-functionality", "reduced-functionality") == "null bad");
  for (const char* other : {"configuring", "idle", "operational", "disconnected", "Updating"}) {
    CAPTURE(other);
    CHECK(reason_of(other, other) == "both-links");
  }
  CHECK(reason_of("updating", "reduced-functionality") == "both-links");
  CHECK(reason_of("updating", "") == "both-links");
  CHECK(reason_of("Downloading", "updating") == "downloading-release");
}

TEST_CASE("a status that was written over is named with the tool, in whichever order") {
  for (const char* more : {R"("status":"updating","overall_status":"updating")",
                           R"("overall_status":"updating","status":"updating")"}) {
    const auto error = error_of<RecordError>([&] { (void)read_table(bare(more), lenient()); });
    CHECK(error.field == "status");
    CHECK(error.pointer == "/status");
    CHECK(error.value == R"("updating")");
    CHECK(std::string{error.what()} ==
          "record 0: status is \"updating\", expected the device's own status, which `balena "
          "device UUID --json` overwrites with the overall status; ask the API for it");
  }
}

}  // namespace
