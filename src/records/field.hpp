#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace fleetstatus {

/// The top-level fields of a device record that are read, named as in the API.
enum class Field : std::uint8_t {
  id,
  uuid,
  device_name,
  is_active,
  is_frozen,
  is_connected_to_vpn,
  is_online,
  api_heartbeat_state,
  last_connectivity_event,
  last_vpn_event,
  changed_api_heartbeat_state_on__date,
  provisioning_state,
  provisioning_progress,
  download_progress,
  status,
  image_install,
  current_services,
  current_services_by_app,
  device_config_variable,
  belongs_to__application,
  is_pinned_on__release,
  should_be_running__release,
  update_status,
  last_update_status_event,
  supervisor_version,
  overall_status,
  is_running__release,
  created_at,
  is_web_accessible,
  // Aliases: older names, each read only where the newer field has no value.
  name,
  last_seen_time,
  fleet,
  application,
};

inline constexpr std::size_t n_fields = static_cast<std::size_t>(Field::application) + 1;

/// A field that no record of a source has, and which answers are unknown without it.
struct Gap {
  std::string field;
  std::string hides;
};
using Gaps = std::vector<Gap>;

class FieldSet {
 public:
  constexpr void insert(Field field) noexcept { bits_ |= bit(field); }
  constexpr void erase(Field field) noexcept { bits_ &= ~bit(field); }
  constexpr void insert(FieldSet other) noexcept { bits_ |= other.bits_; }
  constexpr void erase(FieldSet other) noexcept { bits_ &= ~other.bits_; }
  [[nodiscard]] constexpr bool contains(Field field) const noexcept {
    return (bits_ & bit(field)) != 0;
  }
  /// The same for any key index; false if it is not the index of a field.
  [[nodiscard]] constexpr bool contains_index(int index) const noexcept {
    return index < static_cast<int>(n_fields) && contains(static_cast<Field>(index));
  }
  [[nodiscard]] constexpr bool contains_any(FieldSet other) const noexcept {
    return (bits_ & other.bits_) != 0;
  }
  [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }

  /// Bit i is set if the set contains the field with enumerator value i.
  [[nodiscard]] constexpr std::uint64_t bits() const noexcept { return bits_; }

  friend constexpr bool operator==(FieldSet, FieldSet) noexcept = default;

  /// @param bits  no bits other than those of fields
  [[nodiscard]] static constexpr FieldSet of_bits(std::uint64_t bits) noexcept {
    FieldSet fields;
    fields.bits_ = bits;
    return fields;
  }

  [[nodiscard]] static constexpr FieldSet all() noexcept {
    FieldSet fields;
    fields.bits_ = (std::uint64_t{1} << n_fields) - 1U;
    return fields;
  }

 private:
  [[nodiscard]] static constexpr std::uint64_t bit(Field field) noexcept {
    return std::uint64_t{1} << static_cast<unsigned>(field);
  }

  std::uint64_t bits_ = 0;
};

}  // namespace fleetstatus
