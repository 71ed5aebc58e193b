#include "rules/timestamp.hpp"

#include <array>
#include <cstdint>
#include <cstdio>

namespace fleetstatus {
namespace {

using std::chrono::day;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month_day;

/// Takes a text apart from the left; once something is missing, `ok` stays false.
struct Cursor {
  std::string_view rest;
  bool ok = true;

  [[nodiscard]] bool at_digit() const noexcept {
    return !rest.empty() && rest.front() >= '0' && rest.front() <= '9';
  }

  /// A number of so many digits, which the text must be long enough for.
  template <std::size_t count>
  unsigned digits() noexcept {
    unsigned number = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const auto digit = static_cast<unsigned>(rest[i] - '0');  // of other characters it is large
      need(digit <= 9);
      number = number * 10 + digit;
    }
    rest.remove_prefix(count);
    return number;
  }

  bool take(char wanted) noexcept {
    if (rest.empty() || rest.front() != wanted) return false;
    rest.remove_prefix(1);
    return true;
  }

  void need(bool condition) noexcept { ok = ok && condition; }
};

Milliseconds fraction(Cursor& text) noexcept {
  if (!text.take('.')) return Milliseconds::zero();
  unsigned milliseconds = 0;
  int n_digits = 0;
  for (; text.at_digit() && n_digits < 9; ++n_digits) {
    const unsigned digit = text.digits<1>();
    if (n_digits < 3) milliseconds = milliseconds * 10 + digit;
  }
  text.need(n_digits > 0);
  for (int i = n_digits; i < 3; ++i) milliseconds *= 10;
  return Milliseconds{milliseconds};
}

/// Two digits, if there are two more characters.
unsigned two_digits(Cursor& text) noexcept {
  if (text.rest.size() >= 2) return text.digits<2>();
  text.ok = false;
  return 0;
}

minutes zone(Cursor& text) noexcept {
  if (text.take('Z') || text.take('z')) return minutes::zero();
  const bool ahead = text.take('+');
  text.need(ahead || text.take('-'));
  const hours offset_hours{two_digits(text)};
  minutes offset_minutes{0};
  if (text.take(':') || text.at_digit()) offset_minutes = minutes{two_digits(text)};
  text.need(offset_hours < hours{24} && offset_minutes < minutes{60});
  const minutes offset = offset_hours + offset_minutes;
  return ahead ? offset : -offset;
}

enum class WithoutZone : bool { refused, utc };

std::optional<Timestamp> parse(std::string_view text, WithoutZone policy) noexcept {
  constexpr std::string_view shortest = "2026-11-01T12:00:00";
  if (text.size() < shortest.size()) return std::nullopt;
  Cursor cursor{text};
  const year of_year{static_cast<int>(cursor.digits<4>())};
  cursor.need(cursor.take('-'));
  const month of_month{cursor.digits<2>()};
  cursor.need(cursor.take('-'));
  const year_month_day date{of_year, of_month, day{cursor.digits<2>()}};
  cursor.need(cursor.take('T') || cursor.take('t') || cursor.take(' '));
  const hours hour{cursor.digits<2>()};
  cursor.need(cursor.take(':'));
  const minutes minute{cursor.digits<2>()};
  cursor.need(cursor.take(':'));
  const Seconds second{cursor.digits<2>()};
  cursor.need(date.ok() && of_year >= year{1});
  cursor.need(hour < hours{24} && minute < minutes{60} && second < Seconds{60});
  if (!cursor.ok) return std::nullopt;
  Timestamp time = std::chrono::sys_days{date} + hour + minute + second + fraction(cursor);
  const bool has_zone = !cursor.rest.empty();
  if (has_zone) time -= zone(cursor);
  cursor.need(has_zone || policy == WithoutZone::utc);
  cursor.need(cursor.rest.empty() && is_representable(time));
  return cursor.ok ? std::optional{time} : std::nullopt;
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) noexcept {
  return parse(text, WithoutZone::refused);
}

std::optional<Timestamp> parse_timestamp_assuming_utc(std::string_view text) noexcept {
  return parse(text, WithoutZone::utc);
}

std::string format_timestamp(Timestamp time) {
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  const year_month_day date{midnight};
  const std::chrono::hh_mm_ss clock{time - midnight};
  std::array<char, 40> buffer{};
  const auto put = [&](std::size_t at, const char* form, auto... parts) {
    return at + static_cast<std::size_t>(
                    std::snprintf(buffer.data() + at, buffer.size() - at, form, parts...));
  };
  std::size_t end =
      put(0, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
          static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count()));
  if (const auto ms = clock.subseconds().count(); ms != 0) {
    end = put(end, ".%03d", static_cast<int>(ms));
  }
  return std::string(buffer.data(), end) + "Z";
}

}  // namespace fleetstatus
