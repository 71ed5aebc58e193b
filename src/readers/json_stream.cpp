#include "readers/json_stream.hpp"

#include <algorithm>

namespace fleetstatus {
namespace {

constexpr std::size_t padding = 64;

/// What is not closed by then is taken to be broken, so that memory stays bounded.
constexpr std::size_t longest_text = std::size_t{64} << 20U;

}  // namespace

void JsonStream::begin(const std::string& name) {
  builder_.flush();
  set_text_size(0);
  least_size_ = 0;
  splitter_.emplace(reader_.splitter_of({text_.data(), 0}, name, false));
}

void JsonStream::feed(std::string_view piece) {
  builder_.flush();  // its views of text end when the text moves
  const std::size_t old_size = text_size_;
  set_text_size(old_size + piece.size());
  std::ranges::copy(piece, text_.begin() + static_cast<std::ptrdiff_t>(old_size));
  splitter_->extend_to({text_.data(), text_size_}, false);
}

void JsonStream::end() {
  least_size_ = 0;
  splitter_->extend_to({text_.data(), text_size_}, true);
}

bool JsonStream::read_to(std::size_t n_records) {
  if (text_size_ < least_size_) return false;
  least_size_ = 0;
  const std::size_t readable = text_size_ + padding;
  if (reader_.read_window(*splitter_, readable, n_records)) return true;
  if (splitter_->is_last_window()) return false;
  drop_used();
  if (text_size_ > longest_text) {
    throw splitter_->errors().error_at(0, "what begins here does not end within 64 MiB");
  }
  // Looking again only once it has doubled bounds the work, however small the pieces are.
  least_size_ = std::min(2 * text_size_, longest_text + 1);
  return false;
}

/// Text that has been read makes room.
void JsonStream::drop_used() {
  builder_.flush();
  const auto used = static_cast<std::ptrdiff_t>(splitter_->drop_used());
  const auto end = text_.begin() + static_cast<std::ptrdiff_t>(text_size_);
  std::copy(text_.begin() + used, end, text_.begin());
  set_text_size(text_size_ - static_cast<std::size_t>(used));
  splitter_->extend_to({text_.data(), text_size_}, false);
}

void JsonStream::set_text_size(std::size_t size) {
  text_size_ = size;
  if (text_.size() < size + padding) text_.resize(size + padding);
}

}  // namespace fleetstatus
