// JSON of any form reads as with a plain reader, wherever nlohmann-json accepts it, and as the list
// of its records without the pages that hold them; of other text comes an error, or a table.

#include "classify/classifier.hpp"
#include "flat.hpp"
#include "fuzz.hpp"
#include "plain_value.hpp"
#include "table/table_builder.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

StatusTable table_of(std::string_view text, const ReadOptions& options) {
  Classifier classifier{options, Threads{}};
  classifier.read_json(text, "");
  return classifier.finish(noon);
}

StatusTable plain_table_of(const std::vector<PlainJson>& texts, const ReadOptions& options) {
  TableBuilder table{carried_entries(options.carry)};
  RecordBuilder builder{options, [&](const RecordColumns& batch) { table.append(batch); }};
  add_plain_records(texts, builder);
  builder.finish();
  return table.finish({options.scheme, noon, {}, {}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input{data, size};
  const ReadOptions options = input.choose_options();
  const auto read = [&] { return table_of(input.text, options); };
  const std::string outcome = outcome_of(read, Words::left_out);
  if (const auto texts = read_plain_json(input.text)) {
    const auto read_plainly = [&] { return plain_table_of(*texts, options); };
    expect_same(outcome, outcome_of(read_plainly, Words::left_out), "reader and plain reader");
    if (const auto flat = Flattener{}.flat(*texts)) {
      const auto read_flat = [&] { return table_of(*flat, options); };
      expect_same(outcome, outcome_of(read_flat, Words::left_out), "pages and one list");
    }
  }
  return 0;
}
