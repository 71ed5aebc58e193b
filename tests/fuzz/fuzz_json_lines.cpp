// Text comes to the same table or error, in one piece, in parts that threads read side by side, or
// in pieces of a stream.

#include <algorithm>

#include "classify/classifier.hpp"
#include "fuzz.hpp"
#include "records/decode/json_stream.hpp"
#include "table/table_builder.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

StatusTable table_of(std::string_view text, const ReadOptions& options, std::size_t n_threads) {
  constexpr std::size_t least_part = 64;
  Classifier classifier{options, Threads{n_threads}, least_part};
  classifier.read_json(text, "source");
  return classifier.finish(noon);
}

StatusTable table_of_pieces(std::string_view text, const ReadOptions& options, std::size_t piece) {
  TableBuilder table{carried_entries(options.carry)};
  RecordBuilder builder{options, [&](const RecordColumns& batch) { table.append(batch); }};
  JsonStream stream{builder};
  stream.begin("source");
  while (!text.empty()) {
    stream.feed(text.substr(0, piece));
    text.remove_prefix(std::min(piece, text.size()));
    (void)stream.read_to(static_cast<std::size_t>(-1));
  }
  stream.end();
  (void)stream.read_to(static_cast<std::size_t>(-1));
  builder.finish();
  return table.finish({options.scheme, noon, {}, {}});
}

/// The text several times, so that there is enough for many parts.
std::string repeated(std::string_view text, unsigned n) {
  std::string all;
  for (unsigned i = 0; i < n; ++i) all.append(text).append("\n");
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input{data, size};
  ReadOptions options = input.choose_options();
  options.scheme = StatusScheme::docs_2024_11;
  const std::size_t piece = std::size_t{1} << (3 * input.choose(3));
  const std::string text = repeated(input.text, 1 + input.choose(4));
  const auto outcome = [&](auto read) { return outcome_of(read, Words::compared); };
  const std::string whole = outcome([&] { return table_of(text, options, 1); });
  expect_same(whole, outcome([&] { return table_of(text, options, 3); }), "one and three threads");
  expect_same(whole, outcome([&] { return table_of_pieces(text, options, piece); }),
              "a source in one piece and in many");
  return 0;
}
