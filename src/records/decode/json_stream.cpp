#include "records/decode/json_stream.hpp"

#include <algorithm>
#include <limits>

namespace fleetstatus {
namespace {

/// Enough for a window, unless a record is unusually large.
constexpr std::size_t usual_capacity = std::size_t{4} << 20U;

}  // namespace

void JsonStream::begin(const std::string& name, std::size_t longest) {
  builder_.flush();
  n_bytes_ = least_size_ = 0;
  longest_ = longest;
  splitter_.emplace(reader_.splitter_of({}, name, false));
}

void JsonStream::begin(const RecordSplitter::Position& start, const std::string& name,
                       TextLines& lines) {
  builder_.flush();
  n_bytes_ = least_size_ = 0;
  longest_ = no_limit;
  splitter_.emplace(reader_.splitter_from(start, name, lines));
}

void JsonStream::feed(std::string_view piece) {
  std::ranges::copy(piece, room_for(piece.size()).begin());
  take(piece.size());
}

std::span<char> JsonStream::room_for(std::size_t n_bytes) {
  builder_.flush();  // its views of the text would dangle if it moves
  if (text_.size() < n_bytes_ + n_bytes) text_.resize(n_bytes_ + n_bytes);
  return std::span{text_}.subspan(n_bytes_, n_bytes);
}

void JsonStream::take(std::size_t n_bytes) {
  n_bytes_ += n_bytes;
  splitter_->extend_to(window(), false);
}

void JsonStream::end() {
  least_size_ = 0;
  splitter_->extend_to(window(), true);
}

bool JsonStream::read_to(std::size_t n_records) {
  if (n_bytes_ < least_size_) return false;
  least_size_ = 0;
  if (reader_.read_window(*splitter_, n_records)) return true;
  if (splitter_->is_last_window()) return false;
  drop_used();
  if (n_bytes_ > longest_) {
    throw splitter_->errors().error_at(0, "what begins here does not end within 64 MiB");
  }
  // Scanning again only after the window has doubled bounds the work, however small the pieces are.
  least_size_ = std::min(2 * n_bytes_, longest_ + 1);
  return false;
}

/// Drops the text that was read, and frees the memory that a large record took.
void JsonStream::drop_used() {
  builder_.flush();
  const std::size_t n_used = splitter_->drop_used();
  std::copy(text_.begin() + static_cast<std::ptrdiff_t>(n_used),
            text_.begin() + static_cast<std::ptrdiff_t>(n_bytes_), text_.begin());
  n_bytes_ -= n_used;
  if (text_.size() > usual_capacity && n_bytes_ < usual_capacity / 2) {
    text_.resize(usual_capacity / 2);
    text_.shrink_to_fit();
  }
  splitter_->extend_to(window(), false);
}

RecordSplitter::Position JsonSource::read(RecordBuilder& builder,
                                          const RecordSplitter::Position& from,
                                          std::size_t limit) const {
  constexpr std::size_t piece_size = std::size_t{256} << 10U;
  constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
  if (const auto whole = text.in_memory()) {
    JsonReader reader{builder};
    RecordSplitter splitter = reader.splitter_of(*whole, name);
    splitter.go_to(from);
    splitter.stop_before(limit);
    (void)reader.read_window(splitter, all);
    return splitter.position();
  }
  JsonStream stream{builder};
  stream.begin(from, name, lines);
  stream.splitter().stop_before(limit);
  std::size_t at = from.at;
  do {
    const std::size_t n_left = text.size() - std::min(at, text.size());
    const std::size_t n = text.read(at, stream.room_for(std::min(piece_size, n_left)));
    stream.take(n);
    at += n;
    if (at >= text.size() || n == 0) stream.end();
    (void)stream.read_to(all);
  } while (!stream.splitter().is_last_window() && !stream.splitter().has_stopped());
  builder.flush();
  return stream.splitter().position();
}

}  // namespace fleetstatus
