#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fleetstatus {

struct HashKey {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

/// SipHash-1-3.
/// Source: Aumasson, Bernstein, "SipHash: a fast short-input PRF", 2012.
[[nodiscard]] std::uint64_t siphash(HashKey key, std::string_view bytes) noexcept;

/// Hash for untrusted values: each process draws a random key, so nobody can choose values that
/// collide and slow down a hash table.
struct KeyedHash {
  [[nodiscard]] std::size_t operator()(std::string_view text) const;
  [[nodiscard]] std::size_t operator()(std::int64_t number) const;
};

}  // namespace fleetstatus
