#include "metrics/openmetrics.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

std::string text_in(const TextBuffer& text) { return {text.data(), text.size()}; }

std::string single(std::int64_t ms) {
  MetricsText text{MetricsFormat::prometheus};
  text.single(MetricFamily::snapshot_timestamp, Timestamp{Milliseconds{ms}});
  const std::string written = text_in(std::move(text).finish());
  const std::size_t last = written.rfind(' ') + 1;
  return written.substr(last, written.size() - last - 1);
}

std::string named(std::string_view uuid, std::string_view more) {
  std::string own = R"("uuid":")" + std::string{uuid} + '"';
  if (!more.empty()) own.append(",").append(more);
  return device(own);
}

constexpr std::string_view frozen = R"("is_frozen":true)";

std::string text_of(std::initializer_list<std::string> records,
                    const MetricsOptions& options = {}) {
  return text_in(openmetrics(read_table(list_of(records), keeping()), std::nullopt, options));
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("backslash, quote and line feed are escaped, nothing else") {
  CHECK(escaped("") == "");
  CHECK(escaped("a\r\t{}=,#") == "a\r\t{}=,#");
  CHECK(escaped("\\n\n\"") == "\\\\n\\n\\\"");
}

TEST_CASE("times are seconds with the digits that are needed") {
  CHECK(single(0) == "0");
  CHECK(single(1'500) == "1.5");
  CHECK(single(1'793'534'376'751) == "1793534376.751");
  CHECK(single(70) == "0.07");
  CHECK(single(-70) == "-0.07");
  CHECK(single(-61'001) == "-61.001");
  CHECK(single(-2'000) == "-2");
}

TEST_CASE("of several rows of one uuid the last is the device") {
  const std::string text = text_of({named("a", frozen), named("b", frozen), named("a", "")});
  CHECK(has_line(text, R"(fleetstatus_devices{fleet="",status="Frozen"} 1)"));
  CHECK(has_line(text, "fleetstatus_devices_omitted 0"));
  CHECK(text.find(R"(uuid="a")") == std::string::npos);
}

TEST_CASE("devices over the limit are counted") {
  MetricsOptions options;
  options.limit = 1;
  const std::string text = text_of({named("a", frozen), named("b", frozen)}, options);
  CHECK(has_line(text, "fleetstatus_devices_omitted 1"));
  options.detail = MetricsDetail::none;
  CHECK(text_of({named("a", frozen)}, options).find("omitted") == std::string::npos);
}

TEST_CASE("only OpenMetrics has units and an end") {
  MetricsOptions options;
  options.format = MetricsFormat::openmetrics;
  const std::string text = text_of({named("a", "")}, options);
  CHECK(has_line(text, "# UNIT fleetstatus_snapshot_timestamp_seconds seconds"));
  CHECK(text.ends_with("# EOF\n"));
  CHECK(text_of({named("a", "")}).find("# UNIT") == std::string::npos);
}

TEST_CASE("counters of equal labels are one series, and zeros are told") {
  const StatusTable table = read_table(list_of({named("a", "")}), keeping());
  const std::vector<ChangeCount> changes{{"x", ChangeKind::release, "", 2},
                                         {"x", ChangeKind::release, "", 3}};
  const std::string text = text_in(openmetrics(table, changes, {}));
  CHECK(has_line(text, R"(fleetstatus_changes_total{fleet="x",kind="release",after=""} 5)"));
  CHECK(has_line(text, R"(fleetstatus_changes_total{fleet="",kind="outage",after=""} 0)"));
}

TEST_CASE("names of metrics end in their units and differ") {
  std::set<std::string_view> names;
  for (const MetricFamilyEntry& entry : metric_family_table) {
    CHECK(entry.name.ends_with(entry.unit));
    CHECK(entry.name.starts_with("fleetstatus_"));
    CHECK(names.insert(entry.name).second);
  }
}
