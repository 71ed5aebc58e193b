#include "base/keyed_hash.hpp"

#include <cstdint>
#include <string>

#include "support.hpp"

using namespace fleetstatus;

namespace {

constexpr HashKey key{0x0706'0504'0302'0100U, 0x0F0E'0D0C'0B0A'0908U};

std::string first_bytes(std::size_t n) {
  std::string bytes;
  for (std::size_t i = 0; i < n; ++i) bytes += static_cast<char>(i);
  return bytes;
}

TEST_CASE("SipHash-1-3 gives what its reference gives") {
  CHECK(siphash(key, first_bytes(0)) == 0xABAC'0158'050F'C4DCU);
  CHECK(siphash(key, first_bytes(1)) == 0xC9F4'9BF3'7D57'CA93U);
  CHECK(siphash(key, first_bytes(7)) == 0xD392'7D98'9BB1'1140U);
  CHECK(siphash(key, first_bytes(8)) == 0x3690'9511'8D29'9A8EU);
  CHECK(siphash(key, first_bytes(15)) == 0xD320'D86D'2A51'9956U);
  CHECK(siphash(key, first_bytes(16)) == 0xCC4F'DD1A'7D90'8B66U);
  CHECK(siphash(key, first_bytes(63)) == 0x9D19'9062'B7BB'B3A8U);
}

TEST_CASE("a process keeps its key, which is not a known one") {
  CHECK(KeyedHash{}("acme/kiosks") == KeyedHash{}("acme/kiosks"));
  CHECK(KeyedHash{}("acme/kiosks") != siphash({}, "acme/kiosks"));
  CHECK(KeyedHash{}("acme/kiosks") != siphash(key, "acme/kiosks"));
  CHECK(KeyedHash{}(std::int64_t{85'229}) != KeyedHash{}(std::int64_t{2 * 85'229}));
}

}  // namespace
