#include "readers/json_stream.hpp"

#include <algorithm>

namespace fleetstatus {
namespace {

/// What is not closed by then is taken to be broken, so that memory stays bounded.
constexpr std::size_t longest_text = std::size_t{64} << 20U;

}  // namespace

void JsonStream::begin(const std::string& name) {
  builder_.flush();
  text_.clear();
  least_size_ = 0;
  splitter_.emplace(reader_.splitter_of(window(), name, false));
}

void JsonStream::feed(std::string_view piece) {
  builder_.flush();  // its views of text end when the text moves
  text_.insert(text_.end(), piece.begin(), piece.end());
  splitter_->extend_to(window(), false);
}

void JsonStream::end() {
  least_size_ = 0;
  splitter_->extend_to(window(), true);
}

bool JsonStream::read_to(std::size_t n_records) {
  if (text_.size() < least_size_) return false;
  least_size_ = 0;
  if (reader_.read_window(*splitter_, n_records)) return true;
  if (splitter_->is_last_window()) return false;
  drop_used();
  if (text_.size() > longest_text) {
    throw splitter_->errors().error_at(0, "what begins here does not end within 64 MiB");
  }
  // Looking again only once it has doubled bounds the work, however small the pieces are.
  least_size_ = std::min(2 * text_.size(), longest_text + 1);
  return false;
}

/// Text that has been read makes room.
void JsonStream::drop_used() {
  builder_.flush();
  const auto used = static_cast<std::ptrdiff_t>(splitter_->drop_used());
  text_.erase(text_.begin(), text_.begin() + used);
  splitter_->extend_to(window(), false);
}

}  // namespace fleetstatus
