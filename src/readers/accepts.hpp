#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "core/field.hpp"
#include "core/heartbeat.hpp"
#include "core/progress.hpp"
#include "core/record_columns.hpp"
#include "core/timestamp.hpp"
#include "core/update_status.hpp"
#include "readers/scalar.hpp"

namespace fleetstatus {

/// What a value should have been, for messages.
struct Expected {
  static constexpr std::string_view integer = "a whole number of 64 bits";
  static constexpr std::string_view integer32 = "a whole number of 32 bits";
  static constexpr std::string_view boolean = "true or false";
  static constexpr std::string_view text = "text";
  static constexpr std::string_view scalar = "text, a number, true, false or null";
  static constexpr std::string_view timestamp = "an RFC 3339 time with a zone";
  static constexpr std::string_view heartbeat = "online, timeout, offline or unknown";
  static constexpr std::string_view update_status =
      "done, downloading, downloaded, applying changes, rejected or aborted";
  static constexpr std::string_view object = "an object";
  static constexpr std::string_view list = "a list";
  static constexpr std::string_view services = "an object of lists";
  static constexpr std::string_view link = "a link: an id, an object, or a list of at most one";
};

/// What a field may hold. A kind of scalar is accepted if there is a `from` for it, which gives
/// none for values out of bounds. Null is never asked.
namespace accepts {

struct Integer {
  using type = std::int64_t;
  static constexpr std::string_view expected = Expected::integer;

  static constexpr std::optional<type> from(std::int64_t number) noexcept { return number; }
  static std::optional<type> from(double number) noexcept {
    constexpr double limit = 9223372036854775808.0;  // 2^63, exact
    const bool fits = number >= -limit && number < limit && std::trunc(number) == number;
    return fits ? std::optional{static_cast<std::int64_t>(number)} : std::nullopt;
  }
  static std::optional<type> from(bool) = delete;  // no number
};

struct Integer32 {
  using type = std::int32_t;
  static constexpr std::string_view expected = Expected::integer32;

  static constexpr std::optional<type> from(std::int64_t number) noexcept {
    using Limits = std::numeric_limits<type>;
    const bool fits = number >= Limits::min() && number <= Limits::max();
    return fits ? std::optional{static_cast<type>(number)} : std::nullopt;
  }
  static std::optional<type> from(double number) noexcept {
    const auto whole = Integer::from(number);
    return whole ? from(*whole) : std::nullopt;
  }
  static std::optional<type> from(bool) = delete;
};

struct Boolean {
  using type = bool;
  static constexpr std::string_view expected = Expected::boolean;

  static constexpr std::optional<type> from(bool flag) noexcept { return flag; }
  static constexpr std::optional<type> from(std::int64_t number) noexcept {
    return number == 0 || number == 1 ? std::optional{number == 1} : std::nullopt;
  }
  static constexpr std::optional<type> from(double number) noexcept {
    return number == 0 || number == 1 ? std::optional{number == 1} : std::nullopt;
  }
};

struct Time {
  using type = Timestamp;
  static constexpr std::string_view expected = Expected::timestamp;

  static constexpr std::optional<type> from(Timestamp time) noexcept { return time; }
  static std::optional<type> from(std::string_view text) noexcept { return parse_timestamp(text); }
};

struct Text {
  using type = std::string_view;
  static constexpr std::string_view expected = Expected::text;

  static constexpr std::optional<type> from(std::string_view text) noexcept { return text; }
};

struct Heartbeat {
  using type = HeartbeatState;
  static constexpr std::string_view expected = Expected::heartbeat;

  static constexpr std::optional<type> from(std::string_view text) noexcept {
    return heartbeat_states.find(text);
  }
};

struct Update {
  using type = UpdateStatus;
  static constexpr std::string_view expected = Expected::update_status;

  static constexpr std::optional<type> from(std::string_view text) noexcept {
    return reported_update_statuses.find(text);
  }
};

/// The `status` text of a device.
struct Status {
  using type = ReportedStatus;
  static constexpr std::string_view expected = Expected::text;

  static constexpr std::optional<type> from(std::string_view text) noexcept {
    constexpr Names<type, 5> names{{"", "Downloading", "Ordered", "Preparing", "Shipped"}};
    return names.find(text).value_or(type::other);
  }
};

/// The `status` text of an install.
struct StatusOfInstall {
  using type = InstallStatus;
  static constexpr std::string_view expected = Expected::text;

  static constexpr std::optional<type> from(std::string_view text) noexcept {
    constexpr Names<type, 3> names{{"", "Downloading", "deleted"}};
    return names.find(text).value_or(type::other);
  }
};

/// A supervisor's version, of which only this is kept: whether it reports update statuses.
struct Support {
  using type = UpdateStatusSupport;
  static constexpr std::string_view expected = Expected::text;

  static std::optional<type> from(std::string_view version) noexcept {
    return update_status_support(version);
  }
};

/// A link that is an id, not an object.
struct LinkedId : Integer {
  static constexpr std::string_view expected = Expected::link;
};

// Lists and objects; `NestedReader` knows what stands inside.

struct Installs {};
struct Services {};
struct Variables {};
struct Fleet {};
struct Release {};

}  // namespace accepts

/// Whether values of type `Kind` may be accepted.
template <class Accepted, class Kind>
concept Accepts = requires(Kind value) { Accepted::from(value); };

/// What a scalar is read as; none if it is not accepted. Null is never asked.
template <class Accepted>
[[nodiscard]] inline std::optional<typename Accepted::type> read_as(const Scalar& scalar) noexcept {
  const auto from = [](auto value) -> std::optional<typename Accepted::type> {
    if constexpr (Accepts<Accepted, decltype(value)>) {
      return Accepted::from(value);
    } else {
      return std::nullopt;
    }
  };
  switch (scalar.kind) {
    case Scalar::Kind::boolean: return from(scalar.boolean);
    case Scalar::Kind::integer: return from(scalar.integer);
    case Scalar::Kind::real: return from(scalar.real);
    case Scalar::Kind::text: return from(scalar.text);
    case Scalar::Kind::timestamp: return from(scalar.timestamp);
    case Scalar::Kind::null:
    case Scalar::Kind::other: break;
  }
  return std::nullopt;
}

}  // namespace fleetstatus
