#include "rules/release.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

TEST_CASE("a release is named by an id, a commit, or both") {
  CHECK_FALSE(Release{}.is_set());
  CHECK_FALSE(Release{std::nullopt, ""}.is_set());
  CHECK(Release{0, {}}.is_set());
  CHECK(Release{std::nullopt, "a"}.is_set());
}

TEST_CASE("releases compare by id, or by commit where one has no id") {
  CHECK(is_same_release({1, {}}, {1, {}}) == true);
  CHECK(is_same_release({1, "a"}, {1, "b"}) == true);
  CHECK(is_same_release({1, "a"}, {2, "a"}) == false);
  CHECK(is_same_release({1, "a"}, {std::nullopt, "a"}) == true);
  CHECK(is_same_release({std::nullopt, "b"}, {1, "a"}) == false);
  CHECK_FALSE(is_same_release({1, {}}, {std::nullopt, "a"}));
  CHECK_FALSE(is_same_release({std::nullopt, "a"}, {1, {}}));
  CHECK_FALSE(is_same_release({}, {}));
}

std::string release_of(std::string_view running) {
  const auto record = device(R"("is_running__release":)" + std::string{running});
  return cell(read_table(record, keeping()), ColumnId::release);
}

TEST_CASE("a release shows its version, else the beginning of its commit, else its id") {
  CHECK(release_of(R"({"__id":5,"commit":"0123456789","raw_version":"1.2.3"})") == "1.2.3");
  CHECK(release_of(R"([{"id":5,"commit":"0123456789","raw_version":""}])") == "0123456");
  CHECK(release_of(R"({"__id":5,"commit":"","raw_version":null})") == "5");
  CHECK(release_of(R"({"__id":5,"id":6})") == "5");
  CHECK(release_of("5") == "5");
  CHECK(release_of("[]") == "null");
  CHECK(release_of("null") == "null");
  CHECK(release_of("{}") == "null");
}

TEST_CASE("a text in place of the running release is its version") {
  CHECK(release_of(R"("1.2.3")") == "1.2.3");
  CHECK(release_of(R"("17")") == "17");
  CHECK(release_of(R"("")") == "null");
}

TEST_CASE("a commit is cut between letters") {
  CHECK(release_of(R"({"commit":"abc"})") == "abc");
  CHECK(release_of(R"({"commit":"\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4"})") ==
        "\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4");
  CHECK(release_of(R"({"commit":"\ud83d\ude001234567"})") == "\U0001f600123456");
}

TEST_CASE("what is no release is unreadable") {
  for (const char* running : {"true", "1.5", R"([{},{}])", R"(["a"])", R"({"commit":5})",
                              R"({"raw_version":5})", R"({"__id":"x"})"}) {
    CAPTURE(running);
    const auto record = device(R"("is_running__release":)" + std::string{running});
    const auto table = read_table(record, keeping());
    CHECK(cell(table, ColumnId::error) != "null");
    CHECK(cell(table, ColumnId::release) == "null");
    CHECK(cell(table, ColumnId::on_target) == "null");
    CHECK(cell(table, ColumnId::status) == "Operational");
  }
  const auto act = [] { (void)read_table(device(R"("is_running__release":true)")); };
  CHECK(std::string{error_of<RecordError>(act).what()} ==
        "record 0: is_running__release is true, expected a version or a link: an id, an object, "
        "or a list of at most one");
}

/// Whether a device that runs one release is on target.
std::string on_target_with(std::string_view running, std::string_view target) {
  const auto record =
      device(R"("is_running__release":)" + std::string{running} + "," + std::string{target});
  return cell(read_table(record, keeping()), ColumnId::on_target);
}

TEST_CASE("a device is on target if it runs the release that it should") {
  CHECK(on_target_with(R"({"__id":5})", R"("is_pinned_on__release":{"__id":5})") == "true");
  CHECK(on_target_with(R"({"__id":5})", R"("is_pinned_on__release":{"__id":6})") == "false");
  CHECK(on_target_with(R"({"__id":5})", R"("should_be_running__release":[{"id":5}])") == "true");
  CHECK(on_target_with(R"({"__id":5})",
                       R"("belongs_to__application":{"should_be_running__release":{"__id":5}})") ==
        "true");
}

TEST_CASE("whether a device is on target is open if there is nothing to compare") {
  CHECK(on_target_with("null", R"("is_pinned_on__release":{"__id":5})") == "null");
  CHECK(on_target_with(R"({"__id":5})", R"("is_pinned_on__release":null)") == "null");
  CHECK(on_target_with(R"({"commit":"a"})", R"("is_pinned_on__release":{"__id":5})") == "null");
  CHECK(on_target_with(R"("1.2.3")", R"("is_pinned_on__release":{"__id":5})") == "null");
  CHECK(on_target_with(R"({"__id":5})", R"("is_pinned_on__release":true)") == "null");
}

TEST_CASE("commits are compared where one link has no id") {
  CHECK(on_target_with(R"({"commit":"a"})", R"("is_pinned_on__release":{"commit":"a"})") == "true");
  CHECK(on_target_with(R"({"__id":5,"commit":"a"})", R"("is_pinned_on__release":{"commit":"b"})") ==
        "false");
  CHECK(on_target_with(R"({"commit":"a"})", R"("belongs_to__application":{
      "should_be_running__release":{"__id":5,"commit":"a"}})") == "true");
}

TEST_CASE("an unreadable link beside it leaves the target open only where it would count") {
  const std::string fleet = R"("belongs_to__application":{"should_be_running__release":true})";
  CHECK(on_target_with("5", R"("is_pinned_on__release":5,)" + fleet) == "true");
  CHECK(on_target_with("5", R"("is_pinned_on__release":null,)" + fleet) == "null");
}

}  // namespace
