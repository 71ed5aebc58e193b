#include <array>

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

void check_unreadable(std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) {
    CAPTURE(text);
    CHECK_FALSE(parse_timestamp(text));
  }
}

void check_noon(std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) {
    CAPTURE(text);
    CHECK(parse_timestamp(text) == noon);
  }
}

TEST_CASE("date and time may be parted in three ways") {
  check_noon({"2026-11-01T12:00:00Z", "2026-11-01t12:00:00Z", "2026-11-01 12:00:00Z"});
  check_unreadable({"2026-11-01_12:00:00Z", "2026-11-0112:00:00Z", "2026-11-01  12:00:00Z"});
}

TEST_CASE("UTC has many spellings") {
  check_noon({"2026-11-01T12:00:00z", "2026-11-01T12:00:00+00", "2026-11-01T12:00:00+0000",
              "2026-11-01T12:00:00+00:00", "2026-11-01T12:00:00-00:00"});
}

TEST_CASE("the zone's offset is taken off") {
  check_noon({"2026-11-01T14:30:00+02:30", "2026-11-01T14:30:00+0230", "2026-11-01T14:00:00+02",
              "2026-11-01T03:00:00-09", "2026-10-31T12:01:00-23:59"});
}

TEST_CASE("a zone is needed and nothing may follow it") {
  check_unreadable({"2026-11-01T12:00:00", "2026-11-01T12:00:00Z ", "2026-11-01T12:00:00ZZ",
                    "2026-11-01T12:00:00+", "2026-11-01T12:00:00+1", "2026-11-01T12:00:00+01:",
                    "2026-11-01T12:00:00+01:3", "2026-11-01T12:00:00+013",
                    "2026-11-01T12:00:00+01:300", "2026-11-01T12:00:00+24",
                    "2026-11-01T12:00:00+00:60", "2026-11-01T12:00:00 Z"});
}

TEST_CASE("every digit is one") {
  const std::string text = "2026-11-01T12:00:00.123+01:00";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') continue;
    for (const char other : {'/', ':', ' ', 'a', '\0', '\x7F', '\xFF'}) {
      std::string changed = text;
      changed[i] = other;
      CAPTURE(changed);
      CHECK_FALSE(parse_timestamp(changed));
    }
  }
}

TEST_CASE("every character of the API's own form is needed") {
  const std::string text = "2026-11-01T12:00:00.123Z";
  REQUIRE(moment(text) == noon + Milliseconds{123});
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char other : {'/', ':', ' ', 'a', '\0', '\x7F', '\xFF', '-', 'T', '.', 'Z', '+'}) {
      if (other == text[i] || (text[i] == 'T' && other == ' ')) continue;
      std::string changed = text;
      changed[i] = other;
      CAPTURE(changed);
      CHECK_FALSE(parse_timestamp(changed));
    }
  }
}

TEST_CASE("fractions are cut to milliseconds") {
  struct Fraction {
    std::string_view digits;
    int milliseconds;
  };
  constexpr std::array<Fraction, 8> fractions{{{"0", 0},
                                               {"1", 100},
                                               {"12", 120},
                                               {"123", 123},
                                               {"1239", 123},
                                               {"000999", 0},
                                               {"999999999", 999},
                                               {"001000000", 1}}};
  for (const auto& [digits, milliseconds] : fractions) {
    CAPTURE(digits);
    CHECK(moment("2026-11-01T12:00:00." + std::string{digits} + "Z") ==
          noon + Milliseconds{milliseconds});
  }
  check_unreadable({"2026-11-01T12:00:00.Z", "2026-11-01T12:00:00.+01",
                    "2026-11-01T12:00:00.0000000000Z", "2026-11-01T12:00:00,5Z"});
}

TEST_CASE("fractions before 1970 are cut towards the past as well") {
  // One second before 1970, and 0.9999 s, of which 0.999 s count: -1000 + 999 = -1.
  CHECK(moment("1969-12-31T23:59:59.9999Z").time_since_epoch() == Milliseconds{-1});
}

TEST_CASE("the calendar is kept") {
  CHECK(moment("2024-02-29T00:00:00Z") == moment("2024-03-01T00:00:00Z") - hours{24});
  CHECK(moment("2000-02-29T00:00:00Z") == moment("2000-02-28T00:00:00Z") + hours{24});
  check_unreadable({"2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
                    "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-00T00:00:00Z",
                    "2026-11-32T00:00:00Z"});
}

TEST_CASE("the clock is kept and has no second 60") {
  CHECK(moment("2026-11-01T23:59:59Z") == noon + hours{12} - Seconds{1});
  check_unreadable({"2026-11-01T24:00:00Z", "2026-11-01T12:60:00Z", "2026-12-31T23:59:60Z"});
}

TEST_CASE("other forms of time are refused") {
  check_unreadable({"", "infinity", "-infinity", "2026-11-01", "2026-11-01T12:00Z", "12:00:00Z",
                    "20261101T120000Z", "2026-W44-7T12:00:00Z", "+2026-11-01T12:00:00Z",
                    "02026-11-01T12:00:00Z", "226-11-01T12:00:00Z", " 2026-11-01T12:00:00Z",
                    "2026-1-01T12:00:00Z", "1793534400", "2026-11-01T12:00:00Z\n"});
}

TEST_CASE("an instant lies in the years 0001 to 9999 of UTC") {
  CHECK(parse_timestamp("0001-01-01T00:00:00Z") == earliest_timestamp);
  CHECK(parse_timestamp("0001-01-01T01:00:00+01") == earliest_timestamp);
  CHECK(parse_timestamp("9999-12-31T23:59:59.999999999Z") == latest_timestamp);
  check_unreadable({"0000-12-31T23:59:59Z", "0000-12-31T23:00:00-01", "0001-01-01T00:00:00+00:01",
                    "9999-12-31T23:59:59-00:01", "10000-01-01T00:00:00Z"});
  CHECK_FALSE(is_representable(latest_timestamp + Milliseconds{1}));
  CHECK_FALSE(is_representable(earliest_timestamp - Milliseconds{1}));
}

TEST_CASE("a time is written with as many digits as it needs") {
  CHECK(format_timestamp(noon) == "2026-11-01T12:00:00Z");
  CHECK(format_timestamp(noon + Milliseconds{7}) == "2026-11-01T12:00:00.007Z");
  CHECK(format_timestamp(noon + Milliseconds{70}) == "2026-11-01T12:00:00.070Z");
  CHECK(format_timestamp(earliest_timestamp) == "0001-01-01T00:00:00Z");
  CHECK(format_timestamp(latest_timestamp) == "9999-12-31T23:59:59.999Z");
  CHECK(format_timestamp(Timestamp{Milliseconds{-1}}) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("what was written is read back as it was") {
  // 9999 years in steps of 999 h 59 min 59.877 s: all times of day, months and fractions.
  constexpr Milliseconds step = hours{1000} - Milliseconds{123};
  for (Timestamp time = earliest_timestamp; is_representable(time); time += step) {
    if (parse_timestamp(format_timestamp(time)) != time) FAIL(format_timestamp(time));
  }
}

TEST_CASE("a time without a zone is one in UTC where that is assumed, and no time elsewhere") {
  const Timestamp time = moment("2026-10-20T08:00:00.123Z");
  for (const std::string_view text :
       {"2026-10-20T08:00:00.123", "2026-10-20 08:00:00.123456", "2026-10-20t08:00:00.123999999"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_timestamp(text));
    CHECK(parse_timestamp_assuming_utc(text) == time);
  }
  CHECK(parse_timestamp_assuming_utc("2026-10-20 08:00:00") == moment("2026-10-20T08:00:00Z"));
}

TEST_CASE("a zone counts also where UTC is assumed") {
  CHECK(parse_timestamp_assuming_utc("2026-10-20T08:00:00+01") == moment("2026-10-20T07:00:00Z"));
  CHECK(parse_timestamp_assuming_utc("2026-10-20T08:00:00Z") == moment("2026-10-20T08:00:00Z"));
  for (const std::string_view text :
       {"", "2026-10-20", "2026-10-20T08:00", "2026-10-20T08:00:00.", "2026-10-20T08:00:60",
        "2026-10-20T08:00:00+", "2026-10-20T08:00:00 ", "2026-10-20T08:00:00x", "infinity",
        "2026-02-30T08:00:00", "0000-01-01T00:00:00"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_timestamp_assuming_utc(text));
  }
}

TEST_CASE("every field that is a time says what to do about a lacking zone") {
  for (const FieldEntry& entry : field_table) {
    if (entry.kind != FieldKind::timestamp || entry.alias_of) continue;
    CAPTURE(entry.name);
    const std::string record =
        bare(joined({"\"", std::string{entry.name}, R"(":"2026-10-20 08:00:00")"}, ""));
    const auto act = [&] { (void)read_table(record, lenient()); };
    CHECK(std::string{error_of<RecordError>(act).what()}.ends_with(
        "is \"2026-10-20 08:00:00\", expected an RFC 3339 time with a zone; if they are UTC, "
        "pass assume_utc=True"));
    ReadOptions assuming = lenient();
    assuming.settings.assume_utc = true;
    CHECK(read_table(record, assuming).size() == 1);
    const auto bad = [&] {
      (void)read_table(bare(joined({"\"", std::string{entry.name}, R"(":"soon")"}, "")), assuming);
    };
    CHECK(std::string{error_of<RecordError>(bad).what()}.ends_with("an RFC 3339 time with a zone"));
  }
}

}  // namespace
