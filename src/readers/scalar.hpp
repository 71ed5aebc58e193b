#pragma once

#include <cstdint>
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

}  // namespace fleetstatus
