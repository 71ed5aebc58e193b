#include "table/arrow_metadata.hpp"

#include <array>
#include <cstdint>
#include <cstring>

#include "base/error.hpp"

namespace fleetstatus {
namespace {

void append(std::string& bytes, std::size_t number) {
  const auto narrow = static_cast<std::int32_t>(number);
  std::array<char, sizeof narrow> raw{};
  std::memcpy(raw.data(), &narrow, sizeof narrow);
  bytes.append(raw.data(), raw.size());
}

std::int32_t number_at(const char* at) {
  std::int32_t number = 0;
  std::memcpy(&number, at, sizeof number);
  if (number < 0) throw ArgumentError("the metadata of an Arrow schema is broken");
  return number;
}

}  // namespace

std::string encoded_metadata(const ArrowMetadata& metadata) {
  std::string bytes;
  if (metadata.empty()) return bytes;
  append(bytes, metadata.size());
  for (const auto& [key, value] : metadata) {
    append(bytes, key.size());
    bytes += key;
    append(bytes, value.size());
    bytes += value;
  }
  return bytes;
}

std::optional<std::string> metadata_of(const ArrowSchema& schema, std::string_view key) {
  const char* at = schema.metadata;
  if (at == nullptr) return std::nullopt;
  const auto take = [&] {
    const auto size = static_cast<std::size_t>(number_at(at));
    const std::string_view text{at + sizeof(std::int32_t), size};
    at += sizeof(std::int32_t) + size;
    return text;
  };
  const std::int32_t n = number_at(at);
  at += sizeof n;
  for (std::int32_t i = 0; i < n; ++i) {
    const std::string_view name = take();
    const std::string_view value = take();
    if (name == key) return std::string{value};
  }
  return std::nullopt;
}

}  // namespace fleetstatus
