#include "table/write.hpp"

#include <nlohmann/json.hpp>

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t place_of_name = 2;

StatusTable with_names(std::initializer_list<std::string> json_names) {
  std::string records;
  for (const std::string& name : json_names) {
    records += R"({"device_name":)" + name + "}\n";
  }
  return read_table(records, lenient());
}

std::string whole(const StatusTable& table, TextFormat format) {
  return write(table.columns(), format, 0, table.size());
}

/// The one field of a row of CSV that is not the same for all such rows.
std::string csv_name(const std::string& json_name) {
  const auto table = with_names({json_name});
  std::string row = write(table.columns(), TextFormat::csv, 0, 1);
  row = row.substr(row.find("\r\n") + 2);
  const std::string after = write(with_names({R"("mark")"}).columns(), TextFormat::csv, 0, 1);
  const std::string tail = after.substr(after.find("mark") + 4);
  REQUIRE(row.ends_with(tail));
  return row.substr(place_of_name, row.size() - tail.size() - place_of_name);
}

TEST_CASE("a row of JSON has every column in its order and the carried ones behind") {
  ReadOptions options = lenient();
  options.carry = texts_to_carry({"os_version"});
  const auto table = read_table(device(R"("os_version":"2.0")"), options);
  const Json row = Json::parse(whole(table, TextFormat::ndjson));
  std::size_t i = 0;
  for (const auto& [name, value] : row.items()) {
    CHECK(name == (i < column_names.size() ? column_names[i] : "os_version"));
    ++i;
  }
  CHECK(i == column_names.size() + 1);
  CHECK(row["os_version"] == "2.0");
}

TEST_CASE("values are written in their kinds") {
  const auto table = read_table(device(R"("update_status":"done")"));
  const Json row = Json::parse(whole(table, TextFormat::ndjson));
  CHECK(row["id"] == 7);
  CHECK(row["status"] == "Operational");
  CHECK(row["detail"].is_null());
  CHECK(row["heartbeat"] == true);
  CHECK(row["heartbeat_since"] == "2026-10-21T08:00:00Z");
  CHECK(row["capabilities"] == (0x1FFF & ~0b100));
  CHECK(row["heartbeat_window_s"] == 1350);
  CHECK(row["update_status"] == "Done");
}

TEST_CASE("runs put together are the whole file in each format") {
  const auto table = with_names({R"("a")", R"("b")", R"("c")"});
  for (const TextFormat format : {TextFormat::json, TextFormat::ndjson, TextFormat::csv}) {
    const std::string parts = write(table.columns(), format, 0, 1) +
                              write(table.columns(), format, 1, 1) +
                              write(table.columns(), format, 1, 3);
    CHECK(parts == whole(table, format));
  }
  CHECK(Json::parse(whole(table, TextFormat::json)).size() == 3);
}

TEST_CASE("a table without rows is an empty list, nothing, or a header") {
  const auto table = read_table("[]");
  CHECK(Json::parse(whole(table, TextFormat::json)) == Json::array());
  CHECK(whole(table, TextFormat::ndjson).empty());
  const std::string csv = whole(table, TextFormat::csv);
  CHECK(csv.starts_with("id,uuid,device_name,fleet,status,detail,reason,"));
  CHECK(csv.ends_with(",api_overall_status,error\r\n"));
}

TEST_CASE("any text comes back from JSON as it was") {
  const std::string name = R"("a\"\\\n\u0000\u001f\u2028\ud83d\ude00</script>")";
  const Json row = Json::parse(whole(with_names({name}), TextFormat::ndjson));
  CHECK(row["device_name"] == Json::parse(name));
}

TEST_CASE("text of CSV is quoted only where it must be") {
  CHECK(csv_name(R"("plain text")") == "plain text");
  CHECK(csv_name(R"(" spaces ")") == " spaces ");
  CHECK(csv_name(R"("a,b")") == R"("a,b")");
  CHECK(csv_name(R"("a\"b")") == R"("a""b")");
  CHECK(csv_name(R"("\"")") == R"("""")");
  CHECK(csv_name(R"("a\nb")") == "\"a\nb\"");
  CHECK(csv_name(R"("a\rb")") == "\"a\rb\"");
  CHECK(csv_name(R"("a;b\tc'd")") == "a;b\tc'd");
}

TEST_CASE("null is nothing in CSV and empty text is told from it") {
  CHECK(csv_name("null").empty());
  CHECK(csv_name(R"("")") == R"("")");
}

TEST_CASE("lines of CSV end as RFC 4180 wants") {
  const std::string csv = whole(with_names({R"("a")", R"("b")"}), TextFormat::csv);
  std::size_t n_lines = 0;
  for (std::size_t at = 0; (at = csv.find("\r\n", at)) != std::string::npos; at += 2) ++n_lines;
  CHECK(n_lines == 3);
  CHECK(csv.ends_with("\r\n"));
}

TEST_CASE("flags, times and numbers are bare in CSV") {
  const std::string csv = whole(read_table(device()), TextFormat::csv);
  CHECK(
      csv.find(",Operational,,both-links,2026-10-21T08:00:00Z,964800,,,,true,true,true,online,") !=
      std::string::npos);  // 11 x 86400 + 4 x 3600 = 964800
}

TEST_CASE("a carried name of any form is quoted in the header") {
  ReadOptions options = lenient();
  options.carry = texts_to_carry({"a,b"});
  const std::string csv = whole(read_table(bare(R"("a,b":1)"), options), TextFormat::csv);
  CHECK(csv.find(",error,\"a,b\"\r\n") != std::string::npos);
}

TEST_CASE("every kept row can be written whatever its error shows") {
  for (const std::string& source :
       {bare() + "\n{\"uuid\":\"\xFF\"}", bare(R"("current_services":{"\ud800":5})"),
        bare(R"("uuid":"\ud800")")}) {
    CAPTURE(source);
    CHECK_NOTHROW((void)whole(read_table(source, keeping()), TextFormat::json));
  }
}

}  // namespace
