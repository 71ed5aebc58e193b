#include "records/decode/arrow_stream.hpp"

#include "arrow_support.hpp"
#include "base/error.hpp"
#include "hand_made_stream.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

TEST_CASE("what is taken over is released once, with the last that holds it") {
  const Made numbers = integers({1, 2});
  {
    SharedArrowArray array = take_over(numbers->array);
    CHECK((numbers->array.release == nullptr));
    const SharedArrowArray second = array;
    array.reset();
    CHECK(numbers->n_released == 0);
    CHECK(second->length == 2);
  }
  CHECK(numbers->n_released == 1);
  (void)take_over(numbers->schema);
  CHECK(numbers->n_released == 2);
}

TEST_CASE("what was released before is refused") {
  const Made numbers = integers({1});
  (void)take_over(numbers->array);
  (void)take_over(numbers->schema);
  const auto array_error = error_of<SourceError>([&] { (void)take_over(numbers->array); });
  CHECK(std::string{array_error.what()} == "the Arrow array was released before");
  const auto schema_error = error_of<SourceError>([&] { (void)take_over(numbers->schema); });
  CHECK(std::string{schema_error.what()} == "the Arrow schema was released before");
  CHECK(numbers->n_released == 2);
}

TEST_CASE("a stream gives its batches, then ends, and is released once") {
  HandMadeStream made{{structs(1, {integers({1})}), structs(2, {integers({1, 2})})}};
  {
    ArrowStream stream{made.stream};
    CHECK((made.stream.release == nullptr));
    CHECK(std::string{stream.schema()->format} == "+s");
    CHECK(stream.next()->length == 1);
    CHECK(stream.next()->length == 2);
    CHECK(stream.next() == nullptr);
    CHECK(made.n_released == 0);
  }
  CHECK(made.n_released == 1);
  CHECK(made.batches[0]->n_released == 2);  // array and schema
  CHECK(made.batches[1]->n_released == 1);
  CHECK_THROWS_WITH_AS(ArrowStream{made.stream}, "the Arrow stream was read or released before",
                       SourceError);
  CHECK(made.n_released == 1);
}

TEST_CASE("a stream that fails passes the producer's words on, and is released once") {
  for (const std::size_t fails_at : {0, 1}) {
    HandMadeStream made{{structs(1, {integers({1})})}};
    made.fails_at = fails_at;
    const auto error = error_of<SourceError>([&] {
      ArrowStream stream{made.stream};
      (void)stream.schema();
      while (stream.next() != nullptr) {
      }
    });
    CHECK(std::string{error.what()} == "the Arrow stream failed after " + std::to_string(fails_at) +
                                           " batches: the disk is full");
    CHECK(made.n_released == 1);
    CHECK(made.batches[0]->n_released == 1 + static_cast<int>(fails_at));
  }
}

TEST_CASE("a stream without a schema, and one without words") {
  HandMadeStream made{{structs(1, {integers({1})})}};
  made.has_schema = false;
  made.words = nullptr;
  const auto error = error_of<SourceError>([&] { (void)ArrowStream{made.stream}.schema(); });
  CHECK(std::string{error.what()} ==
        "the Arrow stream failed before its first batch: Input/output error");
  CHECK(made.n_released == 1);
  CHECK(made.batches[0]->n_released == 0);
}

}  // namespace
