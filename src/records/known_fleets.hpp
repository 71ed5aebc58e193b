#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>

#include "base/text_arena.hpp"
#include "records/record_columns.hpp"

namespace fleetstatus {

/// A cache of fleets by the bytes of their JSON, since most devices of a source belong to a few
/// fleets. Rows of the benchmark: JSON bytes; up to a fifth slower without it.
class KnownFleets {
 public:
  struct Fleet {
    std::string bytes;
    OneFleet fleet;
    bool has_release = false;
    bool has_variables = false;
  };

  /// The cached fleet whose bytes the text begins with; null if there is none.
  [[nodiscard]] const Fleet* find(std::string_view text) const noexcept {
    if (text.size() < n_hashed) return nullptr;
    const Fleet* const fleet = slots_[slot_of(text)];
    const bool is_same = fleet != nullptr && text.starts_with(fleet->bytes);
    return is_same ? fleet : nullptr;
  }

  /// Adds a fleet to the cache, unless the cache is full or the bytes are too few or too many.
  void learn(std::string_view bytes, const OneFleet& fleet, bool has_release, bool has_variables);

 private:
  static constexpr std::size_t n_hashed = 24;  ///< bytes at the beginning of a text
  static constexpr unsigned n_slot_bits = 10;

  static std::size_t slot_of(std::string_view text) noexcept {
    std::array<std::uint64_t, 3> words;
    std::memcpy(words.data(), text.data(), sizeof words);
    const std::uint64_t mixed = words[0] ^ (words[1] * 0x9E37'79B9'7F4A'7C15U) ^ words[2];
    return static_cast<std::size_t>((mixed * 0xD6E8'FEB8'6659'FD93U) >> (64U - n_slot_bits));
  }

  std::deque<Fleet> fleets_;
  std::array<const Fleet*, std::size_t{1} << n_slot_bits> slots_{};
  TextArena texts_;
};

}  // namespace fleetstatus
