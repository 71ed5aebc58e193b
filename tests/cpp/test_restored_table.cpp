#include "table/restored_table.hpp"

#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "records/record_error.hpp"
#include "snapshots.hpp"
#include "support.hpp"
#include "table/arrow_export.hpp"
#include "table/as_scheme.hpp"
#include "table/concat.hpp"
#include "table/flat_column.hpp"
#include "table/rule_bits.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

StatusTable some_devices() {
  return snapshot({device_of("aaaa"), device_of("bbbb", down_since("2026-10-30T08:00:00Z")),
                   device_of("cccc", cloudlink_down_since("2026-10-31T08:00:00Z"))},
                  std::chrono::minutes{0});
}

enum class Form : bool { own, flat };

std::vector<NamedColumn> exported(const StatusTable& table, Form form) {
  std::vector<NamedColumn> columns = table.columns();
  for (auto& [name, column] : columns) {
    if (form == Form::flat) column = flat(column);
  }
  columns.emplace_back("rule_bits", rule_bits(table));
  return columns;
}

/// @param spoil  changes the exported batch
template <class Spoil>
StatusTable read_back(const StatusTable& table, Form form, Spoil spoil) {
  const std::vector<NamedColumn> columns = exported(table, form);
  ArrowSchema schema = arrow_schema(columns);
  ArrowArray batch = arrow_array(columns);
  spoil(batch);
  const SharedArrowSchema held = take_over(schema);
  TableReader reader{arrow_type(*held), table.info().scheme};
  reader.read(take_over(batch));
  return restored_table(table.info(), reader.finish(), {}, true);
}

constexpr auto as_it_is = [](ArrowArray&) {};

TEST_CASE("a table comes back in its own form and in the flat one") {
  const StatusTable table = some_devices();
  CHECK(read_back(table, Form::own, as_it_is).equals(table));
  CHECK(read_back(table, Form::flat, as_it_is).equals(table));
}

TEST_CASE("a slice of a batch is read from its offset") {
  const StatusTable table = some_devices();
  const auto slice = [](ArrowArray& batch) {
    batch.offset = 1;
    batch.length = 2;
  };
  const std::vector<std::size_t> rows{1, 2};
  for (const Form form : {Form::own, Form::flat}) {
    CHECK(read_back(table, form, slice).equals(table.take(rows)));
  }
}

TEST_CASE("arrays that lie end in an error") {
  const auto fails = [](auto spoil) {
    CHECK_THROWS_AS((void)read_back(some_devices(), Form::flat, spoil), ArgumentError);
  };
  fails([](ArrowArray& batch) { batch.length = 4; });
  fails([](ArrowArray& batch) { batch.offset = 1; });
  fails([](ArrowArray& batch) { batch.length = -1; });
  fails([](ArrowArray& batch) { batch.n_children -= 1; });
  fails([](ArrowArray& batch) { batch.children[4]->length = 2; });
  fails([](ArrowArray& batch) { batch.children[4]->n_buffers = 1; });
  fails([](ArrowArray& batch) { batch.children[4]->buffers[1] = nullptr; });
}

TEST_CASE("facts that are not known are refused, not guessed") {
  const StatusTable table = some_devices();
  std::vector<NamedColumn> columns = table.columns();
  ArrowSchema schema = arrow_schema(columns);
  ArrowArray batch = arrow_array(columns);
  const SharedArrowSchema held = take_over(schema);
  TableReader reader{arrow_type(*held), table.info().scheme};
  reader.read(take_over(batch));
  const StatusTable back = restored_table(table.info(), reader.finish(), {}, true);
  CHECK(back.equals(table));
  CHECK_THROWS_AS((void)back.facts(0), ArgumentError);
  CHECK_THROWS_AS((void)as_scheme(back, StatusScheme::api_v7), ArgumentError);
  CHECK(concat(std::vector{back, table}, {}).size() == 6);
  CHECK_THROWS_AS((void)concat(std::vector{back}, noon + std::chrono::hours{1}), ArgumentError);
}

TEST_CASE("metadata is found by its key, and broken sizes are refused") {
  const std::vector<NamedColumn> columns = some_devices().columns();
  ArrowSchema schema = arrow_schema(columns, SchemaNote{"key", "text", "status"});
  CHECK(metadata_of(schema, "key") == "text");
  CHECK(metadata_of(*schema.children[4], "key") == "text");
  CHECK_FALSE(metadata_of(schema, "other"));
  CHECK_FALSE(metadata_of(*schema.children[0], "key"));
  const std::string negative{"\1\0\0\0\xff\xff\xff\xff", 8};
  const char* const own = std::exchange(schema.metadata, negative.data());
  CHECK_THROWS_AS((void)metadata_of(schema, "key"), ArgumentError);
  schema.metadata = own;
  schema.release(&schema);
}

}  // namespace
