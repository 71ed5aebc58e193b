#include "rules/heartbeat.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;
using std::chrono::days;

namespace {

Seconds window_of(std::int64_t poll_interval_ms) {
  return heartbeat_window(Milliseconds{poll_interval_ms});
}

TEST_CASE("without a poll interval the window goes by the server's default") {
  CHECK(heartbeat_window(std::nullopt) == Seconds{1350});  // 1.5 x 900 s
  CHECK(heartbeat_window(std::nullopt, Milliseconds{600'000}) == Seconds{900});
  CHECK(heartbeat_grace == Seconds{15});
}

TEST_CASE("a poll interval below the server's default counts as that") {
  CHECK(window_of(899'999) == Seconds{1350});
  CHECK(window_of(0) == Seconds{1350});
  CHECK(window_of(-3'600'000) == Seconds{1350});
  CHECK(heartbeat_window(Milliseconds{599'999}, Milliseconds{600'000}) == Seconds{900});
  CHECK(heartbeat_window(Milliseconds{600'667}, Milliseconds{600'000}) == Seconds{902});
}

TEST_CASE("the window is half as long again as the interval and rounded up to seconds") {
  CHECK(window_of(900'000) == Seconds{1350});
  CHECK(window_of(900'001) == Seconds{1351});    // 1350.0015 s
  CHECK(window_of(999'999) == Seconds{1500});    // 1499.9985 s
  CHECK(window_of(1'000'000) == Seconds{1500});  // 1500 s
  CHECK(window_of(1'000'001) == Seconds{1501});  // 1500.0015 s
  CHECK(window_of(3'600'000) == Seconds{5400});
}

TEST_CASE("a poll interval above ten years counts as ten") {
  constexpr Seconds longest = days{3650} + days{1825};
  CHECK(heartbeat_window(longest_poll_interval) == longest);
  CHECK(heartbeat_window(longest_poll_interval + Milliseconds{1}) == longest);
  CHECK(heartbeat_window(Milliseconds::max()) == longest);
  CHECK(heartbeat_window(longest_poll_interval - Milliseconds{1'000}) == longest - Seconds{1});
}

TEST_CASE("leading digits of a poll interval count and the rest is ignored") {
  CHECK(parse_poll_interval("900000") == Milliseconds{900'000});
  CHECK(parse_poll_interval("900000ms") == Milliseconds{900'000});
  CHECK(parse_poll_interval("900000.9") == Milliseconds{900'000});
  CHECK(parse_poll_interval("9e5") == Milliseconds{9});
  CHECK(parse_poll_interval("0x10") == Milliseconds{0});
  CHECK(parse_poll_interval("007") == Milliseconds{7});
}

TEST_CASE("white space and a sign may stand before the digits") {
  CHECK(parse_poll_interval(" \t\n\v\f\r900000 ") == Milliseconds{900'000});
  CHECK(parse_poll_interval("+12") == Milliseconds{12});
  CHECK(parse_poll_interval(" -12") == Milliseconds{-12});
  CHECK(parse_poll_interval("- 12") == Milliseconds{0});
  CHECK(parse_poll_interval("+-12") == Milliseconds{0});
}

TEST_CASE("a poll interval without digits is zero") {
  for (const std::string_view text : {"", " ", "-", "+", "abc", "ms900000",
                                      "\xC2\xA0"
                                      "12"}) {
    CAPTURE(text);
    CHECK(parse_poll_interval(text) == Milliseconds{0});
  }
}

TEST_CASE("a poll interval of any length does not overflow") {
  CHECK(parse_poll_interval(std::string(1000, '9')) == longest_poll_interval);
  CHECK(parse_poll_interval("-" + std::string(1000, '9')) == -longest_poll_interval);
  CHECK(parse_poll_interval(std::string(1000, '0') + "5") == Milliseconds{5});
}

TEST_CASE("heartbeat states go by their names in the API") {
  CHECK(heartbeat_states.find("online") == HeartbeatState::online);
  CHECK(heartbeat_states.find("timeout") == HeartbeatState::timeout);
  CHECK(heartbeat_states.find("offline") == HeartbeatState::offline);
  CHECK(heartbeat_states.find("unknown") == HeartbeatState::unknown);
  CHECK_FALSE(heartbeat_states.find("Online"));
  CHECK_FALSE(heartbeat_states.find(""));
}

}  // namespace
