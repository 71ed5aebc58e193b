#include "records/decode/json_error.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace fleetstatus {
namespace {

using nlohmann::json;

/// Ignores all events of a parser except its first error.
struct ErrorFinder : nlohmann::json_sax<json> {
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string& /*last_token*/,
                   const json::exception& error) override {
    offset = position == 0 ? 0 : position - 1;
    what = error.what();
    return false;
  }

  std::optional<std::size_t> offset;
  std::string what;
};

/// The reason in nlohmann-json's message, without the position. The message quotes the text, which
/// may be long and not UTF-8, so it is cut and only printable ASCII is kept.
std::string without_place(const std::string& message) {
  constexpr std::size_t longest = 160;
  const std::size_t column = message.find(", column ");
  const std::size_t colon = message.find(": ", column == std::string::npos ? 0 : column);
  std::string what = colon == std::string::npos ? message : message.substr(colon + 2);
  if (what.size() > longest) what = what.substr(0, longest) + "...";
  std::ranges::replace_if(what, [](char c) { return c < ' ' || c > '~'; }, '?');
  return what;
}

}  // namespace

std::string nlohmann_json_version() {
  return std::to_string(NLOHMANN_JSON_VERSION_MAJOR) + "." +
         std::to_string(NLOHMANN_JSON_VERSION_MINOR) + "." +
         std::to_string(NLOHMANN_JSON_VERSION_PATCH);
}

TextPlace JsonErrorLocator::place_of(std::size_t offset) const {
  const bool is_known_in_window = start_ <= last_.offset && last_.offset <= start_ + offset;
  if (is_known_in_window) {
    const std::size_t from = last_.offset - start_;
    return last_.behind(text_.substr(from, offset - from));
  }
  const TextPlace start = lines_ == nullptr ? TextPlace{} : lines_->place_of(start_);
  return start.behind(text_.substr(0, offset));
}

JsonError JsonErrorLocator::error_at(std::size_t offset, const std::string& what) {
  last_ = place_of(std::min(offset, text_.size()));
  const std::size_t column = last_.offset - last_.line_start + 1;
  const std::string name = source_name_.empty() ? "" : source_name_ + ": ";
  return {name + "no JSON at line " + std::to_string(last_.line) + ", column " +
              std::to_string(column) + " (byte " + std::to_string(last_.offset) + "): " + what,
          last_.offset, last_.line, column};
}

void JsonErrorLocator::drop(std::size_t n_bytes) {
  if (lines_ == nullptr && last_.offset < start_ + n_bytes) last_ = place_of(n_bytes);
  start_ += n_bytes;
  text_.remove_prefix(n_bytes);
}

JsonError JsonErrorLocator::locate(std::size_t offset, std::size_t end,
                                   const std::string& otherwise) {
  ErrorFinder finder;
  const std::string_view text = text_.substr(0, end).substr(offset);
  json::sax_parse(text.begin(), text.end(), &finder, json::input_format_t::json, false);
  if (!finder.offset) return error_at(offset, otherwise);
  return error_at(offset + *finder.offset, without_place(finder.what));
}

bool is_json(std::string_view text) {
  // nlohmann-json skips a byte order mark and stops at a NUL.
  if (text.starts_with("\xEF") || text.find('\0') != std::string_view::npos) return false;
  return json::accept(text.begin(), text.end());
}

std::string unescape_json_string(std::string_view text) {
  const json value = json::parse(text.begin(), text.end(), nullptr, false);
  return value.is_string() ? value.get<std::string>() : std::string{};
}

}  // namespace fleetstatus
