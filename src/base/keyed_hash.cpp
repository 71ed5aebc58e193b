#include "base/keyed_hash.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <random>

namespace fleetstatus {
namespace {

class SipState {
 public:
  explicit SipState(HashKey key) noexcept
      : a_(key.first ^ 0x736f'6d65'7073'6575U),
        b_(key.second ^ 0x646f'7261'6e64'6f6dU),
        c_(key.first ^ 0x6c79'6765'6e65'7261U),
        d_(key.second ^ 0x7465'6462'7974'6573U) {}

  void add(std::uint64_t word) noexcept {
    d_ ^= word;
    mix();
    a_ ^= word;
  }

  std::uint64_t finish() noexcept {
    c_ ^= 0xFF;
    for (int i = 0; i < 3; ++i) mix();
    return a_ ^ b_ ^ c_ ^ d_;
  }

 private:
  void mix() noexcept {
    a_ += b_;
    b_ = std::rotl(b_, 13) ^ a_;
    a_ = std::rotl(a_, 32);
    c_ += d_;
    d_ = std::rotl(d_, 16) ^ c_;
    a_ += d_;
    d_ = std::rotl(d_, 21) ^ a_;
    c_ += b_;
    b_ = std::rotl(b_, 17) ^ c_;
    c_ = std::rotl(c_, 32);
  }

  std::uint64_t a_;
  std::uint64_t b_;
  std::uint64_t c_;
  std::uint64_t d_;
};

std::uint64_t word_at(const char* bytes, std::size_t size) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, size);
  return word;
}

HashKey draw_key() {
  std::random_device draw;
  const auto draw_word = [&] { return std::uint64_t{draw()} << 32U | draw(); };
  return {draw_word(), draw_word()};
}

HashKey key_of_process() {
  static const HashKey key = draw_key();
  return key;
}

}  // namespace

std::uint64_t siphash(HashKey key, std::string_view bytes) noexcept {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::size_t word_size = sizeof(std::uint64_t);
  SipState state{key};
  const std::size_t n_whole = bytes.size() / word_size * word_size;
  for (std::size_t at = 0; at < n_whole; at += word_size) {
    state.add(word_at(bytes.data() + at, word_size));
  }
  const std::uint64_t last =
      bytes.empty() ? 0 : word_at(bytes.data() + n_whole, bytes.size() - n_whole);
  state.add(last | std::uint64_t{bytes.size()} << 56U);
  return state.finish();
}

std::size_t KeyedHash::operator()(std::string_view text) const {
  return static_cast<std::size_t>(siphash(key_of_process(), text));
}

std::size_t KeyedHash::operator()(std::int64_t number) const {
  const auto bytes = std::bit_cast<std::array<char, sizeof number>>(number);
  return (*this)(std::string_view{bytes.data(), bytes.size()});
}

}  // namespace fleetstatus
