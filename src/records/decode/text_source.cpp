#include "records/decode/text_source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.hpp"

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace fleetstatus {
namespace {

/// Reads once at an offset, independent of the file's own position.
/// @return number of bytes read, or -1
std::ptrdiff_t read_at(int descriptor, std::size_t offset, std::span<char> to) {
#ifdef _WIN32
  static std::mutex one_at_a_time;  // reads move the file's own position
  const std::scoped_lock lock{one_at_a_time};
  if (_lseeki64(descriptor, static_cast<__int64>(offset), SEEK_SET) < 0) return -1;
  return _read(descriptor, to.data(), static_cast<unsigned>(to.size()));
#else
  return ::pread(descriptor, to.data(), to.size(), static_cast<off_t>(offset));
#endif
}

}  // namespace

std::size_t TextInMemory::read(std::size_t offset, std::span<char> to) const {
  const std::string_view part = text_.substr(std::min(offset, text_.size()), to.size());
  std::ranges::copy(part, to.begin());
  return part.size();
}

std::size_t TextInFile::read(std::size_t offset, std::span<char> to) const {
  std::size_t done = 0;
  while (done < to.size()) {
    const std::ptrdiff_t n = read_at(descriptor_, offset + done, to.subspan(done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw SourceError(std::string{"the file cannot be read: "} + std::strerror(errno));
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

TextPlace TextPlace::behind(std::string_view text) const noexcept {
  TextPlace place = *this;
  place.line += static_cast<std::size_t>(std::ranges::count(text, '\n'));
  if (const std::size_t newline = text.rfind('\n'); newline != std::string_view::npos) {
    place.line_start = offset + newline + 1;
  }
  place.offset += text.size();
  return place;
}

TextPlace TextLines::place_of(std::size_t offset) {
  constexpr std::size_t piece_size = std::size_t{256} << 10U;
  const std::scoped_lock lock{mutex_};
  TextPlace place = std::prev(known_.upper_bound(offset))->second;
  std::vector<char> piece(std::min(piece_size, offset - place.offset));
  while (place.offset < offset) {
    const std::size_t wanted = std::min(piece.size(), offset - place.offset);
    const std::size_t n = source_->read(place.offset, std::span{piece}.first(wanted));
    if (n == 0) break;
    place = place.behind({piece.data(), n});
  }
  known_.emplace(place.offset, place);
  return place;
}

}  // namespace fleetstatus
