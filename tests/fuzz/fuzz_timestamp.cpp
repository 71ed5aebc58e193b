// Times are read as by a reader that goes by the letter of RFC 3339, digit by digit.

#include <optional>

#include "fuzz.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

/// Takes a text apart from its front; once something is missing, nothing is read any more.
class Front {
 public:
  explicit Front(std::string_view text) : rest_(text) {}

  int digits(std::size_t n) {
    int number = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (!next_is_digit()) return fail();
      number = 10 * number + (take() - '0');
    }
    return number;
  }

  /// @return the character, or none if it is not one of those
  char one_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == characters.npos) return '\0';
    return take();
  }

  void need(std::string_view characters) {
    if (one_of(characters) == '\0') fail();
  }

  [[nodiscard]] bool next_is_digit() const {
    return !rest_.empty() && '0' <= rest_.front() && rest_.front() <= '9';
  }
  [[nodiscard]] bool is_read() const { return is_good_ && rest_.empty(); }
  [[nodiscard]] bool is_at_end() const { return rest_.empty(); }

 private:
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  int fail() {
    is_good_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool is_good_ = true;
};

int nanoseconds(Front& front) {
  int number = 0;
  int n_digits = 0;
  for (; front.next_is_digit() && n_digits < 9; ++n_digits) number = 10 * number + front.digits(1);
  if (n_digits == 0) front.need("0");
  for (; n_digits < 9; ++n_digits) number *= 10;
  return number;
}

/// Minutes east of Greenwich; none if there is no such zone.
std::optional<int> zone(Front& front) {
  if (front.one_of("Zz") != '\0') return 0;
  const int sign = front.one_of("+") != '\0' ? 1 : -1;
  if (sign < 0) front.need("-");
  const int hours = front.digits(2);
  const bool has_minutes = front.one_of(":") != '\0' || !front.is_at_end();
  const int minutes = has_minutes ? front.digits(2) : 0;
  if (hours > 23 || minutes > 59) return std::nullopt;
  return sign * (60 * hours + minutes);
}

/// @param may_lack_zone  then it is UTC
std::optional<Timestamp> parse_slowly(std::string_view text, bool may_lack_zone) {
  using namespace std::chrono;
  Front front{text};
  const int y = front.digits(4);
  front.need("-");
  const int month_number = front.digits(2);
  front.need("-");
  const int day_number = front.digits(2);
  front.need("Tt ");
  const int h = front.digits(2);
  front.need(":");
  const int m = front.digits(2);
  front.need(":");
  const int s = front.digits(2);
  const int ns = front.one_of(".") != '\0' ? nanoseconds(front) : 0;
  const bool lacks_zone = may_lack_zone && front.is_at_end();
  const auto east = lacks_zone ? std::optional{0} : zone(front);
  const year_month_day date{year{y}, month{static_cast<unsigned>(month_number)},
                            day{static_cast<unsigned>(day_number)}};
  if (!front.is_read() || y == 0 || !east || !date.ok() || h > 23 || m > 59 || s > 59)
    return std::nullopt;
  const auto time =
      sys_days{date} + hours{h} + minutes{m - *east} + seconds{s} + milliseconds{ns / 1'000'000};
  if (time < earliest_timestamp || time > latest_timestamp) return std::nullopt;
  return time;
}

std::string shown(std::optional<Timestamp> time) { return time ? format_timestamp(*time) : "none"; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto time = parse_timestamp(text);
  expect_same(shown(time), shown(parse_slowly(text, false)), "reader and slow reader");
  const auto assumed = parse_timestamp_assuming_utc(text);
  expect_same(shown(assumed), shown(parse_slowly(text, true)), "the same where UTC is assumed");
  if (time) expect(assumed == time, "a zone counts whatever is assumed");
  if (time) expect(parse_timestamp(format_timestamp(*time)) == time, "a time survives its text");
  return 0;
}
