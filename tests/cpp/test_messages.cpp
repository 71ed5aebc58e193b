#include "rules/messages.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

bool is_sentence(std::string_view text) {
  return text.size() > 10 && 'A' <= text.front() && text.front() <= 'Z' && text.back() == '.' &&
         text.find("  ") == std::string_view::npos;
}

TEST_CASE("every reason and every class has a message of whole sentences") {
  for (std::size_t i = 0; i < reason_messages.size(); ++i) {
    CAPTURE(reasons.names[i]);
    CHECK(is_sentence(reason_messages[i].text));
  }
  for (std::size_t i = 0; i < attention_messages.size(); ++i) {
    CAPTURE(attentions.names[i]);
    CHECK(is_sentence(attention_messages[i].text));
    CHECK(is_sentence(attention_messages[i].first_step));
  }
}

TEST_CASE("there is a first step unless there is nothing to do") {
  for (std::size_t i = 0; i < reason_messages.size(); ++i) {
    const auto reason = static_cast<Reason>(i);
    CAPTURE(reasons[reason]);
    const bool is_well = reason == Reason::cloudlink_disabled || reason == Reason::both_links ||
                         reason >= Reason::ordered;
    CHECK(reason_messages[i].first_step.empty() == is_well);
    CHECK((is_well || is_sentence(reason_messages[i].first_step)));
  }
}

TEST_CASE("further texts are whole sentences") {
  for (const auto& [name, text] : further_texts) {
    CAPTURE(name);
    CHECK(is_sentence(text));
  }
}

TEST_CASE("no two reasons say the same") {
  std::set<std::string_view> texts;
  for (const Message& message : reason_messages) texts.insert(message.text);
  CHECK(texts.size() == reason_messages.size());
}

TEST_CASE("every update status but one has a hint") {
  for (std::size_t i = 0; i < update_status_hints.names.size(); ++i) {
    const bool is_done = static_cast<UpdateStatus>(i) == UpdateStatus::done;
    CHECK(update_status_hints.names[i].empty() == is_done);
    CHECK((is_done || is_sentence(update_status_hints.names[i])));
  }
}

}  // namespace
