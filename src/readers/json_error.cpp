#include "readers/json_error.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace fleetstatus {
namespace {

using nlohmann::json;

/// Takes the events of a parser and keeps the first error only.
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

/// The part of the other parser's message that says what is wrong.
std::string without_place(const std::string& message) {
  const std::size_t column = message.find(", column ");
  const std::size_t colon = message.find(": ", column == std::string::npos ? 0 : column);
  return colon == std::string::npos ? message : message.substr(colon + 2);
}

}  // namespace

JsonError json_error_at(std::string_view source, std::size_t offset, const std::string& what,
                        const std::string& source_name) {
  offset = std::min(offset, source.size());
  const std::string_view before = source.substr(0, offset);
  const auto line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 = 0
  const std::size_t column = offset - line_start + 1;
  const std::string name = source_name.empty() ? "" : source_name + ": ";
  return {name + "no JSON at line " + std::to_string(line) + ", column " + std::to_string(column) +
              " (byte " + std::to_string(offset) + "): " + what,
          offset, line, column};
}

JsonError locate_json_error(std::string_view source, std::size_t offset,
                            const std::string& otherwise, const std::string& source_name) {
  ErrorFinder finder;
  const std::string_view text = source.substr(offset);
  json::sax_parse(text.begin(), text.end(), &finder, json::input_format_t::json, false);
  if (!finder.offset) return json_error_at(source, offset, otherwise, source_name);
  return json_error_at(source, offset + *finder.offset, without_place(finder.what), source_name);
}

bool is_json(std::string_view text) { return json::accept(text.begin(), text.end()); }

std::string unescape_json_string(std::string_view text) {
  const json value = json::parse(text.begin(), text.end(), nullptr, false);
  return value.is_string() ? value.get<std::string>() : std::string{};
}

}  // namespace fleetstatus
