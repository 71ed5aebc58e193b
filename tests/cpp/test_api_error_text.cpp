#include "records/api_error_text.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

TEST_CASE("the words by which servers refuse are known in any case, with a number or without") {
  for (const std::string_view text :
       {"Unauthorized", "unauthorized", "UNAUTHORIZED", "401 Unauthorized", "401: Unauthorized",
        "Unauthorized.", "Unauthorized!", "\"Unauthorized\"", "'Forbidden'", "  Not Found\r\n",
        "HTTP 502 Bad Gateway", "502 Bad Gateway", "Service Unavailable", "Internal Server Error",
        "Too Many Requests", "\"429: Too Many Requests\""}) {
    CAPTURE(text);
    CHECK(is_api_error_text(text) == !text.starts_with("HTTP"));
  }
}

TEST_CASE("a page in HTML is none of devices") {
  for (const std::string_view text :
       {"<!DOCTYPE html><html>", "<html><head>", " \n<!doctype HTML PUBLIC", "<HTML lang=en>"}) {
    CAPTURE(text);
    CHECK(is_api_error_text(text));
  }
}

TEST_CASE("other text is no answer of a server") {
  for (const std::string_view text :
       {"", " ", "\"\"", "401", "quiet-river", "unauthorized device", "not", "gone fishing",
        "conflicts", "<htm", "<", "<!doctype", "unauthorize", "xunauthorized", "{}", "null"}) {
    CAPTURE(text);
    CHECK_FALSE(is_api_error_text(text));
  }
}

}  // namespace
