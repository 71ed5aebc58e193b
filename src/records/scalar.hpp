#pragma once

#include <cstdint>
#include <string_view>

#include "rules/timestamp.hpp"

namespace fleetstatus {

/// A value of a record that is neither a list nor an object, independent of the source's form.
struct Scalar {
  enum class Kind : std::uint8_t {
    null,
    boolean,
    integer,
    real,
    text,
    timestamp,
    local_time,  ///< a time without a zone
    other,       ///< nothing that a field accepts: a list, an object, a number of 100 digits, ...
  };

  struct Null {};
  struct Other {};
  struct LocalTime {
    Timestamp time;  ///< as if the zone were UTC
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
  static Scalar from(LocalTime value) noexcept {
    Scalar scalar{Kind::local_time};
    scalar.timestamp = value.time;
    return scalar;
  }
  static Scalar from(Null /*value*/) noexcept { return Scalar{Kind::null}; }
  static Scalar from(Other /*value*/) noexcept { return Scalar{Kind::other}; }
  static Scalar other() noexcept { return from(Other{}); }

  /// Calls `visit` with the value as its own type.
  template <class Visit>
  decltype(auto) visit_scalar(Visit visit) const {
    switch (kind) {
      case Kind::null: return visit(Null{});
      case Kind::boolean: return visit(boolean);
      case Kind::integer: return visit(integer);
      case Kind::real: return visit(real);
      case Kind::text: return visit(text);
      case Kind::timestamp: return visit(timestamp);
      case Kind::local_time: return visit(LocalTime{timestamp});
      case Kind::other: break;
    }
    return visit(Other{});
  }

  Scalar() noexcept : Scalar(Kind::null) {}

 private:
  explicit Scalar(Kind kind) noexcept : kind(kind), integer(0) {}
};

}  // namespace fleetstatus
