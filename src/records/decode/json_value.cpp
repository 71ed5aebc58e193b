#include "records/decode/json_value.hpp"

#include <nlohmann/json.hpp>

#include "records/problem.hpp"

namespace fleetstatus {
namespace {

/// Receives the only event of a text that is one number.
struct NumberReader : nlohmann::json_sax<nlohmann::json> {
  bool null() override { return false; }
  bool boolean(bool) override { return false; }
  bool number_integer(number_integer_t number) override {
    value = Scalar::from(std::int64_t{number});
    return true;
  }
  bool number_unsigned(number_unsigned_t number) override {
    const bool fits = number <= std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    value = fits ? Scalar::from(static_cast<std::int64_t>(number)) : Scalar::other();
    return true;
  }
  bool number_float(number_float_t number, const string_t& token) override {
    const bool is_whole = token.find_first_of(".eE") == string_t::npos;
    value = is_whole ? Scalar::other() : Scalar::from(number);
    return true;
  }
  bool string(string_t&) override { return false; }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return false; }
  bool key(string_t&) override { return false; }
  bool end_object() override { return false; }
  bool start_array(std::size_t) override { return false; }
  bool end_array() override { return false; }
  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::json::exception& error) override {
    is_too_large = error.id == 406;
    return false;
  }

  Scalar value;
  bool is_too_large = false;
};

}  // namespace

/// A number that no field can hold is `other`.
Scalar JsonValue::read_any_number() {
  end_ = cursor_->skip_value(begin_);
  const std::string_view number = token();
  NumberReader reader;
  const bool is_number = number.find('\0') == std::string_view::npos &&  // would end the parsing
                         nlohmann::json::sax_parse(number.begin(), number.end(), &reader);
  if (reader.is_too_large) return Scalar::other();
  if (!is_number) end_ = cursor_->give_up();
  return is_number ? reader.value : Scalar{};
}

Scalar JsonValue::scalar() {
  return visit_scalar([](auto value) { return Scalar::from(value); });
}

std::optional<std::string> JsonValue::plain_text() {
  const Scalar value = scalar();
  if (value.kind == Scalar::Kind::text) return std::string{value.text};
  const bool is_number = value.kind != Scalar::Kind::other || first_ <= '9';
  return is_number && first_ != '"' ? std::optional{std::string{token()}} : std::nullopt;
}

std::string JsonValue::short_form() {
  if (is_object()) return "an object";
  if (is_list()) return "a list";
  (void)scalar();  // gives up if it is not JSON
  return fleetstatus::short_form(token());
}

}  // namespace fleetstatus
