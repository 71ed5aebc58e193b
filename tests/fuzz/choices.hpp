#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace fleetstatus::testing {

/// Makes choices of an input's bytes, until all of them are zero.
class Choices {
 public:
  explicit Choices(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }

  [[nodiscard]] std::size_t below(std::size_t n) { return byte() % n; }

  /// The likelier, the larger `n`; false at the end of the input.
  [[nodiscard]] bool one_in(std::size_t n) { return below(n) == n - 1; }

  template <class T, std::size_t n>
  [[nodiscard]] T one_of(const std::array<T, n>& values) {
    return values[below(n)];
  }

  /// Any value of a type without structure; mostly of a byte.
  template <class T>
  [[nodiscard]] T number() {
    if (!one_in(8)) return static_cast<T>(byte());
    std::array<std::uint8_t, sizeof(T)> bytes{};
    for (std::uint8_t& each : bytes) each = byte();
    return std::bit_cast<T>(bytes);
  }

 private:
  std::span<const std::uint8_t> rest_;
};

}  // namespace fleetstatus::testing
