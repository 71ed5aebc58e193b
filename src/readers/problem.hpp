#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace fleetstatus {

/// What is wrong with a value: where it stands, what it is, what was expected.
struct ProblemData {
  std::string pointer;  ///< JSON pointer from the level at hand
  std::string value;    ///< short form
  std::string_view expected;
  std::uint32_t order = 0;  ///< problems of one record, counted as met
};

/// Null: all is well.
using Problem = std::unique_ptr<ProblemData>;

/// One step of a JSON pointer, `/key`, with `~` and `/` in the key escaped (RFC 6901).
[[nodiscard]] std::string pointer_step(std::string_view key);

/// The same problem as seen from one level up.
[[nodiscard]] inline Problem within(std::string_view key, Problem problem) {
  if (problem) problem->pointer.insert(0, pointer_step(key));
  return problem;
}

/// Text for an error: at most 40 bytes, cut between characters, control characters escaped.
[[nodiscard]] std::string short_form(std::string_view text);

/// The same, in quotes.
[[nodiscard]] std::string quoted_short_form(std::string_view text);

}  // namespace fleetstatus
