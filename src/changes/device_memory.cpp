#include "changes/device_memory.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/error.hpp"
#include "base/keyed_hash.hpp"

namespace fleetstatus {
namespace {

constexpr std::uint32_t forgotten = 0;  ///< place of the uuid of a device that is forgotten
constexpr char packed_mark = 'x';       ///< before a uuid of 32 hexadecimal digits
constexpr char plain_mark = ' ';

constexpr auto digits = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (int i = 0; i < 10; ++i)
    values[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(i);
  for (int i = 0; i < 6; ++i) {
    values[static_cast<std::size_t>('a' + i)] = static_cast<std::int8_t>(10 + i);
  }
  return values;
}();

/// A uuid in half its size, if it has the usual form, else behind a mark.
class PackedUuid {
 public:
  explicit PackedUuid(std::string_view uuid) {
    if (uuid.size() == usual_size && pack(uuid)) return;
    plain_.append(1, plain_mark).append(uuid);
  }

  [[nodiscard]] std::string_view view() const noexcept {
    return plain_.empty() ? std::string_view{halved_.data(), halved_.size()} : plain_;
  }

 private:
  static constexpr std::size_t usual_size = 32;

  bool pack(std::string_view uuid) noexcept {
    halved_[0] = packed_mark;
    for (std::size_t i = 0; i < usual_size / 2; ++i) {
      const int high = digits[static_cast<unsigned char>(uuid[2 * i])];
      const int low = digits[static_cast<unsigned char>(uuid[2 * i + 1])];
      if ((high | low) < 0) return false;
      halved_[i + 1] = static_cast<char>(high * 16 + low);
    }
    return true;
  }

  std::array<char, usual_size / 2 + 1> halved_;
  std::string plain_;
};

std::string unpacked(std::string_view text) {
  if (text.front() == plain_mark) return std::string{text.substr(1)};
  constexpr std::string_view hexadecimal = "0123456789abcdef";
  std::string uuid;
  uuid.reserve(2 * text.size());
  for (const char c : text.substr(1)) {
    const auto byte = static_cast<unsigned char>(c);
    uuid += hexadecimal[byte / 16];
    uuid += hexadecimal[byte % 16];
  }
  return uuid;
}

/// A release as one text: its id, a space, then a mark and its text if it has one.
std::string joined(std::optional<std::int64_t> id, std::optional<std::string_view> text) {
  std::string all = id ? std::to_string(*id) : std::string{};
  all += ' ';
  if (text) all.append("=").append(*text);
  return all;
}

}  // namespace

std::string DeviceMemory::uuid(std::size_t device) const {
  return unpacked(text_at(states_[device].uuid));
}

std::optional<std::string_view> DeviceMemory::name(std::size_t device) const {
  const std::uint32_t place = states_[device].name;
  return place == 0 ? std::nullopt : std::optional{text_at(place)};
}

std::optional<std::string_view> DeviceMemory::fleet(std::size_t device) const {
  const std::int32_t code = states_[device].fleet;
  if (code < 0) return std::nullopt;
  return fleets_.labels()[static_cast<std::size_t>(code)];
}

KnownRelease DeviceMemory::release(std::size_t device) const {
  const std::int32_t code = states_[device].release;
  if (code < 0) return {};
  const std::string_view all = releases_.labels()[static_cast<std::size_t>(code)];
  const std::size_t space = all.find(' ');
  KnownRelease release;
  if (space > 0) release.id = std::stoll(std::string{all.substr(0, space)});
  if (space + 1 < all.size()) release.text = all.substr(space + 2);
  return release;
}

const Extras& DeviceMemory::extras(std::size_t device) const {
  static const Extras none;
  const auto found = extras_.find(device);
  return found == extras_.end() ? none : found->second;
}

Remembered DeviceMemory::copy(std::size_t device) const {
  Remembered all{states_[device], extras(device), uuid(device), {}, {}, {}, {}};
  if (const auto text = name(device)) all.name = *text;
  if (const auto text = fleet(device)) all.fleet = *text;
  const KnownRelease known = release(device);
  all.release_id = known.id;
  if (known.text) all.release = *known.text;
  return all;
}

std::string_view DeviceMemory::text_at(std::uint32_t place) const noexcept {
  std::uint32_t size = static_cast<unsigned char>(texts_[place]);
  std::size_t begin = place + 1U;
  if (size == 0xFF) {
    std::memcpy(&size, texts_.data() + begin, sizeof size);
    begin += sizeof size;
  }
  return std::string_view{texts_}.substr(begin, size);
}

std::uint32_t DeviceMemory::put_text(std::string_view text) {
  constexpr std::size_t most = 0xFFFF'FFFFU;
  if (texts_.size() + text.size() + 8 > most) {
    throw ArgumentError("a tracker holds at most 4 GiB of names");
  }
  const auto place = static_cast<std::uint32_t>(texts_.size());
  const auto size = static_cast<std::uint32_t>(text.size());
  if (size < 0xFF) {
    texts_ += static_cast<char>(size);
  } else {
    std::array<char, sizeof size> bytes;
    std::memcpy(bytes.data(), &size, sizeof size);
    texts_ += '\xFF';
    texts_.append(bytes.data(), bytes.size());
  }
  texts_ += text;
  return place;
}

bool DeviceMemory::has_uuid(std::size_t device, std::string_view packed_uuid) const noexcept {
  const std::uint32_t place = states_[device].uuid;
  return place != forgotten && text_at(place) == packed_uuid;
}

std::optional<std::size_t> DeviceMemory::find(std::string_view uuid, std::size_t guess) const {
  const PackedUuid key{uuid};
  const std::string_view wanted = key.view();
  if (guess < size() && has_uuid(guess, wanted)) return guess;
  if (slots_.empty()) return std::nullopt;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = KeyedHash{}(wanted)&mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
    const std::size_t device = slots_[slot] - 1;
    if (has_uuid(device, wanted)) return device;
  }
  return std::nullopt;
}

void DeviceMemory::grow_index() {
  slots_.assign(std::bit_ceil(std::max<std::size_t>(size() * 3 / 2, 16)), 0);
  n_indexed_ = 0;
  for (std::size_t device = 0; device < size(); ++device) {
    if (states_[device].uuid != forgotten) index(device);
  }
}

void DeviceMemory::index(std::size_t device) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = KeyedHash{}(text_at(states_[device].uuid)) & mask;
  while (slots_[slot] != 0) slot = (slot + 1) & mask;
  slots_[slot] = static_cast<std::uint32_t>(device + 1);
  ++n_indexed_;
}

void DeviceMemory::reserve(std::size_t n_devices, std::size_t n_text_bytes) {
  states_.reserve(states_.size() + n_devices);
  texts_.reserve(texts_.size() + n_text_bytes);
}

void DeviceMemory::shrink() {
  states_.shrink_to_fit();
  texts_.shrink_to_fit();
}

/// Bytes that the texts of a device take.
std::size_t DeviceMemory::n_text_bytes(const Remembered& remembered) noexcept {
  const std::size_t name = remembered.name ? remembered.name->size() + 1 : 0;
  return PackedUuid{remembered.uuid}.view().size() + 1 + name;
}

void DeviceMemory::put(std::size_t device, const Remembered& remembered) {
  const bool is_new = device >= size() || states_[device].uuid == forgotten;
  if (device >= size()) states_.resize(device + 1);
  const DeviceState old = states_[device];
  DeviceState& state = states_[device];
  state = remembered.state;
  state.uuid = is_new ? put_text(PackedUuid{remembered.uuid}.view()) : old.uuid;
  if (!remembered.name) {
    state.name = 0;
  } else if (!is_new && old.name != 0 && text_at(old.name) == *remembered.name) {
    state.name = old.name;
  } else {
    state.name = put_text(*remembered.name);
  }
  state.fleet = remembered.fleet ? fleets_.code_of(*remembered.fleet) : -1;
  const bool has_release = remembered.release_id || remembered.release;
  state.release =
      has_release ? releases_.code_of(joined(remembered.release_id, remembered.release)) : -1;
  state.is_unsettled = !remembered.extras.is_empty();
  if (state.is_unsettled) {
    extras_[device] = remembered.extras;
  } else {
    extras_.erase(device);
  }
  if (!is_new) return;
  if (slots_.empty() || (n_indexed_ + 1) * 4 > slots_.size() * 3) return grow_index();
  index(device);
}

void DeviceMemory::forget(std::span<const std::size_t> devices) {
  if (devices.empty()) return;
  for (const std::size_t device : devices) {
    extras_.erase(device);
    states_[device] = {};
  }
  grow_index();
}

std::size_t DeviceMemory::n_bytes() const noexcept {
  constexpr std::size_t per_extra = sizeof(Extras) + 64;
  return states_.capacity() * sizeof(DeviceState) + texts_.capacity() +
         slots_.capacity() * sizeof(std::uint32_t) + extras_.size() * per_extra;
}

}  // namespace fleetstatus
