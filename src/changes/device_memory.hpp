#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "changes/device_state.hpp"
#include "table/label_index.hpp"

namespace fleetstatus {

/// The running release of a device.
struct KnownRelease {
  std::optional<std::int64_t> id;
  std::optional<std::string_view> text;
};

/// Everything about one device, with its texts.
struct Remembered {
  DeviceState state;
  Extras extras;
  std::string uuid;
  std::optional<std::string> name;
  std::optional<std::string> fleet;
  std::optional<std::int64_t> release_id;
  std::optional<std::string> release;

  friend bool operator==(const Remembered&, const Remembered&) = default;
};

/// The devices that a tracker knows, numbered from 0 in the order in which they were first seen.
class DeviceMemory {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return states_.size(); }
  [[nodiscard]] const DeviceState& state(std::size_t device) const { return states_[device]; }
  [[nodiscard]] DeviceState& state(std::size_t device) { return states_[device]; }
  [[nodiscard]] std::string uuid(std::size_t device) const;
  [[nodiscard]] std::optional<std::string_view> name(std::size_t device) const;
  [[nodiscard]] std::optional<std::string_view> fleet(std::size_t device) const;
  [[nodiscard]] KnownRelease release(std::size_t device) const;

  /// What few devices have; empty for all others.
  [[nodiscard]] const Extras& extras(std::size_t device) const;

  /// Everything about a device, as a copy that may be changed.
  [[nodiscard]] Remembered copy(std::size_t device) const;

  /// The device of a uuid.
  /// @param guess  a device that it may well be
  [[nodiscard]] std::optional<std::size_t> find(std::string_view uuid, std::size_t guess) const;

  /// Makes room for more devices, so that memory does not grow in steps.
  /// @param n_text_bytes  of their uuids and names
  void reserve(std::size_t n_devices, std::size_t n_text_bytes);

  /// Gives back room that is not used.
  void shrink();

  /// Puts a device, whose number is at most `size()`.
  void put(std::size_t device, const Remembered& remembered);

  /// Forgets devices; their numbers are not used again.
  void forget(std::span<const std::size_t> devices);

  [[nodiscard]] bool is_forgotten(std::size_t device) const noexcept {
    return states_[device].uuid == 0;
  }

  [[nodiscard]] static std::size_t n_text_bytes(const Remembered& remembered) noexcept;

  [[nodiscard]] const Labels& fleets() const noexcept { return fleets_.labels(); }

  /// Memory in bytes, for tests and benchmarks.
  [[nodiscard]] std::size_t n_bytes() const noexcept;

 private:
  [[nodiscard]] std::string_view text_at(std::uint32_t place) const noexcept;
  std::uint32_t put_text(std::string_view text);
  [[nodiscard]] bool has_uuid(std::size_t device, std::string_view packed) const noexcept;
  void index(std::size_t device);
  void grow_index();

  std::vector<DeviceState> states_;
  std::unordered_map<std::size_t, Extras> extras_;
  std::string texts_{std::string(1, '\0')};  ///< each after its length; place 0 is no text
  LabelIndex fleets_;
  LabelIndex releases_;               ///< id and text, see `put`
  std::vector<std::uint32_t> slots_;  ///< device + 1 by hash of its uuid; 0: free
  std::size_t n_indexed_ = 0;
};

}  // namespace fleetstatus
