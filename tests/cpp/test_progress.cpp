#include "rules/progress.hpp"

#include <array>
#include <vector>

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

using Installs = std::vector<Install>;

Install install(InstallStatus status, std::optional<std::int32_t> progress,
                std::optional<std::int64_t> release = std::nullopt) {
  Install one;
  one.status = status;
  one.progress = progress;
  one.release = {release, {}};
  one.tells_release = true;
  return one;
}

std::optional<Release> of(std::int64_t id) { return Release{id, {}}; }

Install downloading(std::optional<std::int32_t> progress,
                    std::optional<std::int64_t> release = std::nullopt) {
  return install(InstallStatus::downloading, progress, release);
}

Install of_service(std::uint32_t service, std::int64_t id, std::optional<std::int32_t> progress) {
  Install one = downloading(progress);
  one.service = service;
  one.id = id;
  return one;
}

TEST_CASE("an install downloads if it says so and has a progress") {
  CHECK(downloading(0).is_downloading());
  CHECK_FALSE(downloading(std::nullopt).is_downloading());
  CHECK_FALSE(install(InstallStatus::other, 50).is_downloading());
  CHECK_FALSE(install(InstallStatus::deleted, 50).is_downloading());
  CHECK(any_downloading(Installs{install(InstallStatus::other, 50), downloading(7)}));
  CHECK_FALSE(any_downloading(Installs{}));
}

TEST_CASE("without a target release the downloading installs alone count") {
  CHECK(mean_progress(Installs{downloading(20), downloading(50), install(InstallStatus::other, 90)},
                      std::nullopt) == 35);  // (20 + 50) / 2
}

TEST_CASE("installs of the target release count unless deleted") {
  const Installs installs{downloading(10, 1), install(InstallStatus::other, std::nullopt, 2),
                          install(InstallStatus::other, 40, 2),
                          install(InstallStatus::deleted, 0, 2),
                          install(InstallStatus::other, 0, 3)};
  CHECK(mean_progress(installs, of(2)) == 50);  // (10 + 100 + 40) / 3; null counts as 100
  CHECK(mean_progress(installs, of(4)) == 10);
  CHECK(mean_progress(installs, std::nullopt) == 10);
}

TEST_CASE("an install whose link is empty belongs to no target") {
  CHECK(mean_progress(Installs{downloading(10), install(InstallStatus::other, 90)}, of(2)) == 10);
}

/// An install that does not tell whose image it is.
Install silent(InstallStatus status, std::optional<std::int32_t> progress) {
  Install one;
  one.status = status;
  one.progress = progress;
  return one;
}

TEST_CASE(
    "an install that does not tell its release leaves the mean open where there is a target") {
  const Installs installs{downloading(10, 2), silent(InstallStatus::other, 90)};
  CHECK_FALSE(mean_progress(installs, of(2)));
  CHECK(mean_progress(installs, std::nullopt) == 10);
  CHECK(mean_progress(Installs{silent(InstallStatus::downloading, 10), downloading(20, 2)},
                      of(2)) == 15);
  CHECK(mean_progress(Installs{downloading(10, 2), silent(InstallStatus::deleted, 90)}, of(2)) ==
        10);
}

TEST_CASE("releases compare by id, or by commit where one has no id") {
  const auto with_release = [](Release release) {
    Install one = silent(InstallStatus::other, 50);
    one.release = release;
    one.tells_release = true;
    return Installs{downloading(10), one};
  };
  const Release target{2, "abc"};
  CHECK(mean_progress(with_release({2, "xyz"}), target) == 30);  // ids go first
  CHECK(mean_progress(with_release({3, "abc"}), target) == 10);
  CHECK(mean_progress(with_release({std::nullopt, "abc"}), target) == 30);
  CHECK(mean_progress(with_release({std::nullopt, "xyz"}), target) == 10);
  CHECK_FALSE(mean_progress(with_release({std::nullopt, "abc"}), of(2)));  // nothing to compare
  CHECK_FALSE(mean_progress(with_release({2, {}}), Release{std::nullopt, "abc"}));
}

TEST_CASE("halves are rounded away from zero") {
  CHECK(mean_progress(Installs{downloading(0), downloading(1)}, {}) == 1);    //  0.5
  CHECK(mean_progress(Installs{downloading(0), downloading(-1)}, {}) == -1);  // -0.5
  // 1/3 and 2/3, either side of zero
  CHECK(mean_progress(Installs{downloading(0), downloading(0), downloading(1)}, {}) == 0);
  CHECK(mean_progress(Installs{downloading(0), downloading(1), downloading(1)}, {}) == 1);
  CHECK(mean_progress(Installs{downloading(0), downloading(0), downloading(-1)}, {}) == 0);
  CHECK(mean_progress(Installs{downloading(0), downloading(-1), downloading(-1)}, {}) == -1);
}

TEST_CASE("the largest progress does not overflow") {
  constexpr std::int32_t most = std::numeric_limits<std::int32_t>::max();
  constexpr std::int32_t least = std::numeric_limits<std::int32_t>::min();
  CHECK(mean_progress(Installs(1000, downloading(most)), {}) == most);
  CHECK(mean_progress(Installs(1000, downloading(least)), {}) == least);
  CHECK(mean_progress(Installs{downloading(most), downloading(least)}, {}) == -1);  // -0.5
}

TEST_CASE("no install that counts means no progress") {
  CHECK_FALSE(mean_progress(Installs{}, {}));
  CHECK_FALSE(mean_progress(Installs{install(InstallStatus::deleted, 10, 2)}, of(2)));
}

TEST_CASE("an install whose status is not told is not downloading") {
  const StatusTable table =
      read_table(list_of({device(R"("image_install":[{"id":1,"download_progress":50}])")}));
  CHECK(cell(table, ColumnId::status) == "Operational");
  CHECK(cell(table, ColumnId::progress) == "null");
}

/// An install of a release that is named in both ways.
Install running(std::int32_t progress, std::int64_t release) {
  Install one = install(InstallStatus::other, progress, release);
  constexpr std::array<std::string_view, 3> commits{"aaa", "bbb", "ccc"};
  one.release.commit = commits.at(static_cast<std::size_t>(release));
  return one;
}

TEST_CASE("a mean stands if no target release could change it") {
  CHECK(mean_progress_for_any_target(Installs{downloading(50), running(50, 1)}) == 50);
  CHECK(mean_progress_for_any_target(Installs{downloading(50), running(50, 1), running(50, 2)}) ==
        50);
  CHECK_FALSE(mean_progress_for_any_target(Installs{downloading(50), running(80, 1)}));
  CHECK_FALSE(
      mean_progress_for_any_target(Installs{downloading(50), running(50, 1), running(80, 2)}));
  CHECK(mean_progress_for_any_target(
            Installs{downloading(50), install(InstallStatus::deleted, 80, 3)}) == 50);
  CHECK(mean_progress_for_any_target(Installs{downloading(50)}) == 50);
  CHECK_FALSE(mean_progress_for_any_target(Installs{}));
}

TEST_CASE("a target that is named in another way could leave the mean open") {
  const Install by_id = install(InstallStatus::other, 50, 2);
  Install by_commit = silent(InstallStatus::other, 50);
  by_commit.release.commit = "abc";
  by_commit.tells_release = true;
  for (const Install& other : {by_id, by_commit, silent(InstallStatus::other, 50)}) {
    CHECK_FALSE(mean_progress_for_any_target(Installs{downloading(50), other}));
  }
}

TEST_CASE("nothing is claimed of more releases than any fleet has") {
  constexpr std::string_view commits =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-*/";
  Installs installs{downloading(50)};
  const auto add = [&](std::size_t i) {
    installs.push_back(install(InstallStatus::other, 50, static_cast<std::int64_t>(i)));
    installs.back().release.commit = commits.substr(i, commits.size() - i);
  };
  // Each can be the target by its id and by its commit; two more are of none of them.
  for (std::size_t i = 0; i < 127; ++i) add(i);
  CHECK(mean_progress_for_any_target(installs) == 50);
  add(127);
  CHECK_FALSE(mean_progress_for_any_target(installs));
}

/// Progress of a device whose target is release 2, with the installs of a list in JSON.
std::string progress_of_installs(std::string_view installs) {
  return cell(read_table(device(R"("is_pinned_on__release":{"__id":2,"commit":"abc"},)"
                                R"("image_install":)" +
                                std::string{installs})),
              ColumnId::progress);
}

TEST_CASE("an install tells its release by link, id or commit, and of these the link counts") {
  const auto beside = [](std::string_view more) {
    return progress_of_installs(
        R"([{"status":"Downloading","download_progress":10},{"status":"Running",)"
        R"("download_progress":50)" +
        std::string{more} + "}]");
  };
  CHECK(beside("") == "null");
  CHECK(beside(R"(,"is_provided_by__release":{"__id":2})") == "30");
  CHECK(beside(R"(,"is_provided_by__release":{"__id":3})") == "10");
  CHECK(beside(R"(,"is_provided_by__release":[])") == "10");
  CHECK(beside(R"(,"is_provided_by__release":null)") == "10");
  CHECK(beside(R"(,"is_provided_by__release":[{"commit":"abc"}])") == "30");
  CHECK(beside(R"(,"release_id":2)") == "30");
  CHECK(beside(R"(,"commit":"abc")") == "30");
  CHECK(beside(R"(,"commit":"")") == "null");
  CHECK(beside(R"(,"release_id":null,"commit":null)") == "null");
  CHECK(beside(R"(,"release_id":2,"is_provided_by__release":null)") == "10");
  CHECK(beside(R"(,"commit":"abc","is_provided_by__release":{"__id":3})") == "10");
}

TEST_CASE("the newest install of a service has the highest id and of equals the first counts") {
  CHECK(any_newest_downloading(Installs{of_service(1, 5, 10)}));
  CHECK_FALSE(any_newest_downloading(Installs{of_service(1, 5, 10), of_service(1, 6, {})}));
  CHECK(any_newest_downloading(Installs{of_service(1, 6, 10), of_service(1, 5, {})}));
  CHECK(any_newest_downloading(Installs{of_service(1, 0, 10), of_service(1, 0, {})}));
  CHECK_FALSE(any_newest_downloading(Installs{of_service(1, 0, {}), of_service(1, 0, 10)}));
  CHECK_FALSE(any_newest_downloading(Installs{}));
}

TEST_CASE("any service will do, first or last") {
  const Installs first{of_service(1, 5, 10), of_service(2, 9, {})};
  const Installs last{of_service(1, 5, {}), of_service(2, 9, 10)};
  CHECK(any_newest_downloading(first));
  CHECK(any_newest_downloading(last));
}

struct Answer {
  const Fact* fact;
  unsigned answer;
};

ProgressSource source_of(std::initializer_list<Answer> answers) {
  Facts facts;
  facts.set(fact::active, 1);
  facts.set(fact::provisioning, 1);
  facts.set(fact::downloading_service, 1);
  for (const auto& [fact, answer] : answers) facts.set(*fact, answer);
  return progress_source(facts);
}

TEST_CASE("inactive devices and those without a link have no progress") {
  CHECK(source_of({{&fact::active, 0}, {&fact::post_provisioning, 1}}) == ProgressSource::none);
  CHECK(source_of({{&fact::heartbeat, 2}, {&fact::ever_connected, 1}}) == ProgressSource::none);
}

TEST_CASE("before the first connection it is the provisioning") {
  constexpr Answer never_seen{&fact::heartbeat, 3};
  CHECK(source_of({never_seen, {&fact::downloading_release, 1}}) == ProgressSource::provisioning);
  CHECK(source_of({never_seen, {&fact::provisioning, 0}}) == ProgressSource::none);
  CHECK(source_of({{&fact::post_provisioning, 1}, {&fact::downloading_release, 1}}) ==
        ProgressSource::provisioning);
}

TEST_CASE("a release goes before provisioning and that before services") {
  CHECK(source_of({{&fact::downloading_release, 1}}) == ProgressSource::release);
  CHECK(source_of({}) == ProgressSource::provisioning);
  CHECK(source_of({{&fact::provisioning, 0}}) == ProgressSource::services);
  CHECK(source_of({{&fact::provisioning, 0}, {&fact::downloading_service, 0}}) ==
        ProgressSource::none);
}

TEST_CASE("frozen plays no part in progress and neither does a heartbeat that stopped") {
  CHECK(source_of({{&fact::frozen, 1}, {&fact::downloading_release, 1}}) ==
        ProgressSource::release);
  CHECK(source_of({{&fact::cloudlink, 1}, {&fact::heartbeat, 2}, {&fact::provisioning, 0}}) ==
        ProgressSource::services);
}

}  // namespace
