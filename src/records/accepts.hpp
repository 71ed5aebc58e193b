#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "records/field.hpp"
#include "records/record_columns.hpp"
#include "records/scalar.hpp"
#include "rules/heartbeat.hpp"
#include "rules/progress.hpp"
#include "rules/timestamp.hpp"
#include "rules/update_status.hpp"

namespace fleetstatus {

/// What was expected in place of a value, for messages.
struct Expected {
  static constexpr std::string_view integer = "a whole number of 64 bits";
  static constexpr std::string_view integer32 = "a whole number of 32 bits";
  static constexpr std::string_view boolean = "true or false";
  static constexpr std::string_view text = "text";
  static constexpr std::string_view scalar = "text, a number, true, false or null";
  static constexpr std::string_view number = "a number";
  static constexpr std::string_view timestamp = "an RFC 3339 time with a zone";
  static constexpr std::string_view zone =
      "an RFC 3339 time with a zone; if they are UTC, pass assume_utc=True";
  static constexpr std::string_view own_status =
      "the device's own status, which `balena device UUID --json` overwrites with the overall "
      "status; ask the API for it";
  static constexpr std::string_view heartbeat = "online, timeout, offline or unknown";
  static constexpr std::string_view update_status =
      "done, downloading, downloaded, applying changes, rejected or aborted";
  static constexpr std::string_view object = "an object";
  static constexpr std::string_view list = "a list";
  static constexpr std::string_view services = "an object of lists";
  static constexpr std::string_view services_by_app = "an object of objects of lists";
  static constexpr std::string_view link = "a link: an id, an object, or a list of at most one";
  static constexpr std::string_view running =
      "a version or a link: an id, an object, or a list of at most one";
};

/// The result of reading a value. Unlike `std::optional` it lets compilers vectorize loops over
/// columns.
template <class T>
struct Outcome {
  T value{};
  bool is_accepted = false;

  static constexpr Outcome from(const std::optional<T>& value) noexcept {
    return {value.value_or(T{}), value.has_value()};
  }
};

/// The values that a field may hold. A type of scalar is accepted if there is a `from` for it,
/// which may still reject a value that is out of range. `from` is never called for null.
namespace accepts {

struct Integer {
  using type = std::int64_t;
  static constexpr std::string_view expected = Expected::integer;

  static constexpr Outcome<type> from(std::int64_t number) noexcept { return {number, true}; }
  static Outcome<type> from(double number) noexcept {
    constexpr double limit = 9223372036854775808.0;  // 2^63, exact
    const bool fits = number >= -limit && number < limit && std::trunc(number) == number;
    return {fits ? static_cast<std::int64_t>(number) : 0, fits};
  }
  static Outcome<type> from(bool) = delete;  // not a number
};

struct Integer32 {
  using type = std::int32_t;
  static constexpr std::string_view expected = Expected::integer32;

  static constexpr Outcome<type> from(std::int64_t number) noexcept {
    return {static_cast<type>(number), static_cast<type>(number) == number};
  }
  static Outcome<type> from(double number) noexcept {
    const auto [whole, is_whole] = Integer::from(number);
    const auto [value, fits] = from(whole);
    return {value, is_whole && fits};
  }
  static Outcome<type> from(bool) = delete;
};

struct Boolean {
  using type = bool;
  static constexpr std::string_view expected = Expected::boolean;

  static constexpr Outcome<type> from(bool flag) noexcept { return {flag, true}; }
  static constexpr Outcome<type> from(std::int64_t number) noexcept {
    return {number == 1, number == 0 || number == 1};
  }
  static constexpr Outcome<type> from(double number) noexcept {
    return {number == 1, number == 0 || number == 1};
  }
};

struct Time {
  using type = Timestamp;
  static constexpr std::string_view expected = Expected::timestamp;

  static constexpr Outcome<type> from(Timestamp time) noexcept { return {time, true}; }
  static Outcome<type> from(std::string_view text) noexcept {
    return Outcome<type>::from(parse_timestamp(text));
  }
};

/// The same, but a time without a zone is taken as UTC.
struct TimeAssumingUtc {
  using type = Timestamp;
  static constexpr std::string_view expected = Expected::timestamp;

  static constexpr Outcome<type> from(Timestamp time) noexcept { return {time, true}; }
  static constexpr Outcome<type> from(Scalar::LocalTime time) noexcept { return {time.time, true}; }
  static Outcome<type> from(std::string_view text) noexcept {
    return Outcome<type>::from(parse_timestamp_assuming_utc(text));
  }
};

struct Real {
  using type = double;
  static constexpr std::string_view expected = Expected::number;

  static constexpr Outcome<type> from(std::int64_t number) noexcept {
    return {static_cast<double>(number), true};
  }
  static constexpr Outcome<type> from(double number) noexcept { return {number, true}; }
  static Outcome<type> from(bool) = delete;
};

struct Text {
  using type = std::string_view;
  static constexpr std::string_view expected = Expected::text;

  static constexpr Outcome<type> from(std::string_view text) noexcept { return {text, true}; }
};

struct Heartbeat {
  using type = HeartbeatState;
  static constexpr std::string_view expected = Expected::heartbeat;

  static constexpr Outcome<type> from(std::string_view text) noexcept {
    return Outcome<type>::from(heartbeat_states.find(text));
  }
};

struct Update {
  using type = UpdateStatus;
  static constexpr std::string_view expected = Expected::update_status;

  static constexpr Outcome<type> from(std::string_view text) noexcept {
    return Outcome<type>::from(reported_update_statuses.find(text));
  }
};

/// The `status` text of a device.
struct Status {
  using type = ReportedStatus;
  static constexpr std::string_view expected = Expected::text;

  static constexpr Outcome<type> from(std::string_view text) noexcept {
    return {reported_statuses.find(text).value_or(type::other), true};
  }
};

/// The `status` text of an install.
struct StatusOfInstall {
  using type = InstallStatus;
  static constexpr std::string_view expected = Expected::text;

  static constexpr Outcome<type> from(std::string_view text) noexcept {
    constexpr auto names = names_of<type>(
        {{type::other, ""}, {type::downloading, "Downloading"}, {type::deleted, "deleted"}});
    return {names.find(text).value_or(type::other), true};
  }
};

/// A supervisor's version, read as the range of versions that decides what it can report.
struct Supervisor {
  using type = SupervisorAge;
  static constexpr std::string_view expected = Expected::text;

  static Outcome<type> from(std::string_view version) noexcept {
    return {supervisor_age(version), true};
  }
};

/// A link that is an id, not an object.
struct LinkedId : Integer {
  static constexpr std::string_view expected = Expected::link;
};

// Lists and objects; `NestedReader` reads their members.

struct Installs {};
struct Services {};
struct ServicesByApp {};
struct Variables {};
struct Fleet {};
struct Release {};
struct Running {};

}  // namespace accepts

/// Whether `Accepted` has a `from` for values of type `Kind`.
template <class Accepted, class Kind>
concept Accepts = requires(Kind value) { Accepted::from(value); };

/// A value of a record after it was read.
template <class T>
struct ReadAs {
  T value{};
  bool is_null = false;
  bool is_accepted = false;

  /// None if the value is null or not accepted.
  [[nodiscard]] constexpr std::optional<T> get() const noexcept {
    return is_accepted && !is_null ? std::optional{value} : std::nullopt;
  }
};

/// What was expected in place of a rejected scalar. For a time without a zone the text also says
/// what to do about it.
template <class Accepted>
[[nodiscard]] std::string_view expected_of(const Scalar& value) noexcept {
  if constexpr (std::is_same_v<Accepted, accepts::Time>) {
    const bool lacks_zone =
        value.kind == Scalar::Kind::local_time ||
        (value.kind == Scalar::Kind::text && parse_timestamp_assuming_utc(value.text));
    if (lacks_zone) return Expected::zone;
  }
  return Accepted::expected;
}

/// Whether values of type `V` have a fast path for the usual form of what `Accepted` reads.
template <class V, class Accepted>
concept ReadsUsual = requires(V value) {
  typename Accepted::type;
  value.template read_usual<Accepted>([](typename Accepted::type, bool) {});
};

/// `V::read_usual`, where Clang looks it up only for values that have it.
template <class Accepted, ReadsUsual<Accepted> V, class Put>
[[gnu::always_inline]] inline bool read_usual_as(V& value, Put put) {
  return value.template read_usual<Accepted>(put);
}

/// Reads a value of a record, or a scalar, as `Accepted`.
template <class Accepted, class V>
[[nodiscard]] inline auto read_as(V&& value) -> ReadAs<typename Accepted::type> {
  using Read = ReadAs<typename Accepted::type>;
  if constexpr (ReadsUsual<std::remove_cvref_t<V>, Accepted>) {
    Read usual;
    const auto put = [&](typename Accepted::type read, bool is_set) {
      usual = {read, !is_set, true};
    };
    if (read_usual_as<Accepted>(value, put)) [[likely]]
      return usual;
  }
  return value.visit_scalar([](auto scalar) -> Read {
    if constexpr (std::is_same_v<decltype(scalar), Scalar::Null>) {
      return {{}, true, true};
    } else if constexpr (Accepts<Accepted, decltype(scalar)>) {
      const auto outcome = Accepted::from(scalar);
      return {outcome.value, false, outcome.is_accepted};
    } else {
      return {};
    }
  });
}

}  // namespace fleetstatus
