#include "core/heartbeat.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;
using std::chrono::days;

namespace {

Seconds window_of(std::int64_t poll_interval_ms) {
  return heartbeat_window(Milliseconds{poll_interval_ms});
}

TEST_CASE("without a poll interval the window is fifteen minutes") {
  CHECK(heartbeat_window(std::nullopt) == Seconds{900});  // 1.5 x 600 s
  CHECK(heartbeat_grace == Seconds{15});
}

TEST_CASE("a poll interval below ten minutes counts as ten") {
  CHECK(window_of(599'999) == Seconds{900});
  CHECK(window_of(0) == Seconds{900});
  CHECK(window_of(-3'600'000) == Seconds{900});
}

TEST_CASE("the window is half as long again as the interval and rounded up to seconds") {
  CHECK(window_of(600'000) == Seconds{900});
  CHECK(window_of(600'001) == Seconds{901});   // 900.0015 s
  CHECK(window_of(666'666) == Seconds{1000});  //  999.999 s
  CHECK(window_of(666'667) == Seconds{1001});  // 1000.0005 s
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
