#include "classify/json_part.hpp"

#include <limits>

#include "core/error.hpp"

namespace fleetstatus {

void JsonPart::read(std::string_view source, const std::string& name, std::size_t end) {
  try {
    RecordSplitter splitter = json_.splitter_of(source, name);
    splitter.go_to(begin_);
    splitter.stop_before(end);
    (void)json_.read_window(splitter, std::numeric_limits<std::size_t>::max());
    builder_.flush();
    end_ = splitter.position();
    is_good_ = !builder_.depends_on_others() && !end_.lines_only;
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch)
  }
}

}  // namespace fleetstatus
