// Arrow batches that may be broken in any way that can be seen: an error or a table, the same
// whether records are read all at once or a few at a time; and each batch is released once.

#include "any_arrow.hpp"
#include "classify/classifier.hpp"
#include "fuzz.hpp"
#include "table/table_builder.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

StatusTable table_of(const ArrowType& type, const SharedArrowArray& batch,
                     const ReadOptions& options) {
  Classifier classifier{options, Threads{}};
  classifier.read_arrow(type, batch);
  return classifier.finish(noon);
}

StatusTable table_of_steps(const ArrowType& type, const SharedArrowArray& array,
                           const ReadOptions& options, std::size_t step) {
  TableBuilder table{carried_entries(options.carry)};
  RecordBuilder builder{options, [&](const RecordColumns& records) { table.append(records); }};
  ColumnReader columns{builder};
  const ArrowBatch batch{type, array, builder.fields().keys()};
  for (std::size_t begin = 0; begin < batch.size(); begin += step) {
    ArrowReader{columns}.read(batch, begin, std::min(begin + step, batch.size()));
  }
  builder.finish();
  return table.finish({options.scheme, noon, {}, {}});
}

void read_in_both_ways(const Made& made, FuzzInput& input) {
  const ReadOptions options = input.choose_options();
  const std::size_t step = input.choose(2) == 0 ? 1 : 7;
  const ArrowType type = arrow_type(made->schema);
  ArrowArray given = give(made);
  const SharedArrowArray batch = take_over(given);
  expect_same(
      outcome_of([&] { return table_of(type, batch, options); }, Words::compared),
      outcome_of([&] { return table_of_steps(type, batch, options, step); }, Words::compared),
      "a batch at once and in steps");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input{data, size};
  Choices choices{{reinterpret_cast<const std::uint8_t*>(input.text.data()), input.text.size()}};
  buffers_are_unaligned = choices.one_in(4);
  const Made made = AnyArrow{choices}.batch();
  try {
    read_in_both_ways(made, input);
    expect(made->n_released == 1, "a batch is released once");
  } catch (const ArgumentError&) {
    expect(made->n_released <= 1, "a batch is released once");
  }
  return 0;
}
