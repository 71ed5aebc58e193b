#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "core/timestamp.hpp"

namespace fleetstatus {

/// A value of a record that is neither list nor object, as any reader hands it on.
struct Scalar {
  enum class Kind : std::uint8_t {
    null,
    boolean,
    integer,
    real,
    text,
    timestamp,
    other,  ///< nothing that a field can hold: a list, an object, a number of 100 digits, ...
  };

  Kind kind = Kind::null;
  union {
    bool boolean;
    std::int64_t integer;
    double real;
    std::string_view text;
    Timestamp timestamp;
  };

  [[nodiscard]] bool is_null() const noexcept { return kind == Kind::null; }

  static Scalar from(bool value) noexcept {
    Scalar scalar{Kind::boolean};
    scalar.boolean = value;
    return scalar;
  }
  static Scalar from(std::int64_t value) noexcept {
    Scalar scalar{Kind::integer};
    scalar.integer = value;
    return scalar;
  }
  static Scalar from(double value) noexcept {
    Scalar scalar{Kind::real};
    scalar.real = value;
    return scalar;
  }
  static Scalar from(std::string_view value) noexcept {
    Scalar scalar{Kind::text};
    scalar.text = value;
    return scalar;
  }
  static Scalar from(Timestamp value) noexcept {
    Scalar scalar{Kind::timestamp};
    scalar.timestamp = value;
    return scalar;
  }
  static Scalar other() noexcept { return Scalar{Kind::other}; }

  Scalar() noexcept : Scalar(Kind::null) {}

 private:
  explicit Scalar(Kind kind) noexcept : kind(kind), integer(0) {}
};

// What each kind of field accepts; none if the scalar is not of that kind. Null is never asked.

[[nodiscard]] inline std::optional<std::int64_t> to_integer(const Scalar& scalar) noexcept {
  if (scalar.kind == Scalar::Kind::integer) return scalar.integer;
  constexpr double limit = 9223372036854775808.0;  // 2^63, exact
  if (scalar.kind == Scalar::Kind::real && scalar.real >= -limit && scalar.real < limit &&
      std::trunc(scalar.real) == scalar.real) {
    return static_cast<std::int64_t>(scalar.real);
  }
  return std::nullopt;
}

[[nodiscard]] inline std::optional<std::int32_t> to_integer32(const Scalar& scalar) noexcept {
  const auto wide = to_integer(scalar);
  using Limits = std::numeric_limits<std::int32_t>;
  if (!wide || *wide < Limits::min() || *wide > Limits::max()) return std::nullopt;
  return static_cast<std::int32_t>(*wide);
}

[[nodiscard]] inline std::optional<bool> to_boolean(const Scalar& scalar) noexcept {
  if (scalar.kind == Scalar::Kind::boolean) return scalar.boolean;
  const auto number = to_integer(scalar);
  if (number == 0 || number == 1) return *number == 1;
  return std::nullopt;
}

[[nodiscard]] inline std::optional<Timestamp> to_timestamp(const Scalar& scalar) noexcept {
  if (scalar.kind == Scalar::Kind::timestamp) return scalar.timestamp;
  if (scalar.kind == Scalar::Kind::text) return parse_timestamp(scalar.text);
  return std::nullopt;
}

[[nodiscard]] inline std::optional<std::string_view> to_text(const Scalar& scalar) noexcept {
  if (scalar.kind == Scalar::Kind::text) return scalar.text;
  return std::nullopt;
}

}  // namespace fleetstatus
