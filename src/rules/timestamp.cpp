#include "rules/timestamp.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace fleetstatus {
namespace {

using std::chrono::day;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month_day;

/// Parses a text from the left; after the first mismatch `ok` stays false.
struct Cursor {
  std::string_view rest;
  bool ok = true;

  [[nodiscard]] bool at_digit() const noexcept {
    return !rest.empty() && rest.front() >= '0' && rest.front() <= '9';
  }

  /// Parses a number of `count` digits. Precondition: `rest` has at least `count` characters.
  template <std::size_t count>
  int digits() noexcept {
    int number = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const int digit = rest[i] - '0';
      need(0 <= digit && digit <= 9);
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
  int milliseconds = 0;
  int n_digits = 0;
  for (; text.at_digit() && n_digits < 9; ++n_digits) {
    const int digit = text.digits<1>();
    if (n_digits < 3) milliseconds = milliseconds * 10 + digit;
  }
  text.need(n_digits > 0);
  for (int i = n_digits; i < 3; ++i) milliseconds *= 10;
  return Milliseconds{milliseconds};
}

/// Parses two digits; fails if fewer than two characters are left.
int two_digits(Cursor& text) noexcept {
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

/// The parsed parts of a text; their combination is not yet checked.
struct DateAndTime {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  Milliseconds fraction{};
  minutes offset{};
};

// The first day of each month of these years, and of the month after them.
constexpr int first_usual_year = 1970;
constexpr int n_usual_years = 131;
constexpr auto first_days = [] {
  std::array<std::chrono::sys_days, n_usual_years * 12 + 1> days;
  for (std::size_t i = 0; i < days.size(); ++i) {
    const int n_months = static_cast<int>(i);
    days[i] = std::chrono::sys_days{year{first_usual_year + n_months / 12} /
                                    month{static_cast<unsigned>(n_months % 12 + 1)} / day{1}};
  }
  return days;
}();

std::optional<Timestamp> timestamp_of(const DateAndTime& parts) noexcept {
  const year_month_day date{year{parts.year}, month{static_cast<unsigned>(parts.month)},
                            day{static_cast<unsigned>(parts.day)}};
  if (!date.ok() || parts.year < 1) return std::nullopt;
  if (parts.hour >= 24 || parts.minute >= 60 || parts.second >= 60) return std::nullopt;
  const Timestamp time = std::chrono::sys_days{date} + hours{parts.hour} + minutes{parts.minute} +
                         Seconds{parts.second} + parts.fraction - parts.offset;
  return is_representable(time) ? std::optional{time} : std::nullopt;
}

/// The API's format of times, with a zero for each digit.
constexpr std::string_view usual_form = "0000-00-00T00:00:00.000Z";

/// The bits in which each character may differ from `usual_form`.
constexpr auto bits_of_digits = [] {
  std::array<char, usual_form.size()> bits{};
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = usual_form[i] == '0' ? '\x0F' : '\0';
  return bits;
}();

std::uint64_t eight_characters(const char* text) noexcept {
  std::uint64_t characters = 0;
  std::memcpy(&characters, text, sizeof characters);
  return characters;
}

bool has_usual_form(std::string_view text) noexcept {
  if (text.size() != usual_form.size()) return false;
  std::uint64_t wrong = 0;
  for (std::size_t at = 0; at < usual_form.size(); at += 8) {
    const std::uint64_t values =
        eight_characters(text.data() + at) ^ eight_characters(usual_form.data() + at);
    const std::uint64_t above_nine = (values + 0x0606060606060606U) & 0xF0F0F0F0F0F0F0F0U;
    wrong |= (values & ~eight_characters(bits_of_digits.data() + at)) | above_nine;
  }
  return wrong == 0;
}

/// The two-digit number at each index of eight characters, computed all at once.
class TwoDigits {
 public:
  explicit TwoDigits(const char* text) noexcept {
    const std::uint64_t digits = eight_characters(text) & 0x0F0F0F0F0F0F0F0FU;
    numbers_ =
        digits * 10 + (std::endian::native == std::endian::little ? digits >> 8U : digits << 8U);
  }

  [[nodiscard]] int operator[](std::size_t at) const noexcept {
    const std::size_t byte = std::endian::native == std::endian::little ? at : 7 - at;
    return static_cast<int>((numbers_ >> (byte * 8)) & 0xFFU);
  }

 private:
  std::uint64_t numbers_;
};

/// Parses a time in the usual form and in the years of `first_days`. Rows of the benchmark: JSON
/// bytes.
/// @return none for any other text, and for an invalid time
std::optional<Timestamp> parse_usual_time(std::string_view text) noexcept {
  if (!has_usual_form(text)) return std::nullopt;
  const TwoDigits date{text.data()};
  const TwoDigits clock{text.data() + 8};
  const TwoDigits rest{text.data() + 16};
  const auto n_months =
      static_cast<std::size_t>((date[0] * 100 + date[2] - first_usual_year) * 12 + date[5] - 1);
  const bool is_in_range = n_months < first_days.size() - 1 && 1 <= date[5] && date[5] <= 12 &&
                           clock[3] < 24 && clock[6] < 60 && rest[1] < 60;
  if (!is_in_range) return std::nullopt;
  const auto midnight = first_days[n_months] + std::chrono::days{clock[0] - 1};
  if (clock[0] == 0 || midnight >= first_days[n_months + 1]) return std::nullopt;
  return midnight + hours{clock[3]} + minutes{clock[6]} + Seconds{rest[1]} +
         Milliseconds{rest[4] * 10 + (text[22] - '0')};
}

enum class WithoutZone : bool { refused, utc };

std::optional<DateAndTime> parse_any_form(std::string_view text, WithoutZone policy) noexcept {
  constexpr std::string_view shortest = "2026-11-01T12:00:00";
  if (text.size() < shortest.size()) return std::nullopt;
  Cursor cursor{text};
  DateAndTime parts;
  parts.year = cursor.digits<4>();
  cursor.need(cursor.take('-'));
  parts.month = cursor.digits<2>();
  cursor.need(cursor.take('-'));
  parts.day = cursor.digits<2>();
  cursor.need(cursor.take('T') || cursor.take('t') || cursor.take(' '));
  parts.hour = cursor.digits<2>();
  cursor.need(cursor.take(':'));
  parts.minute = cursor.digits<2>();
  cursor.need(cursor.take(':'));
  parts.second = cursor.digits<2>();
  if (!cursor.ok) return std::nullopt;
  parts.fraction = fraction(cursor);
  const bool has_zone = !cursor.rest.empty();
  cursor.need(has_zone || policy == WithoutZone::utc);
  if (has_zone) parts.offset = zone(cursor);
  cursor.need(cursor.rest.empty());
  return cursor.ok ? std::optional{parts} : std::nullopt;
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) noexcept {
  if (const auto time = parse_usual_time(text)) [[likely]]
    return time;
  const auto parts = parse_any_form(text, WithoutZone::refused);
  return parts ? timestamp_of(*parts) : std::nullopt;
}

std::optional<Timestamp> parse_timestamp_assuming_utc(std::string_view text) noexcept {
  if (const auto time = parse_usual_time(text)) return time;
  const auto parts = parse_any_form(text, WithoutZone::utc);
  return parts ? timestamp_of(*parts) : std::nullopt;
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
