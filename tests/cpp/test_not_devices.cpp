// What is no device record, and how that is told.

#include "arrow_support.hpp"
#include "classify/classifier.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;
using Kind = NotDevicesError::Kind;
using Keys = std::vector<std::string>;

namespace {

NotDevicesError refusal(std::string_view json, const ReadOptions& options = keeping()) {
  return error_of<NotDevicesError>([&] { (void)read_table(json, options); });
}

const std::string stranger = R"({"id":7,"slug":"org/a"})";

TEST_CASE("a field of devices alone makes an object a device record, in either spelling") {
  for (const FieldEntry& entry : field_table) {
    CAPTURE(entry.name);
    for (const std::string& name : {std::string{entry.name}, database_spelling(entry.name)}) {
      const std::string record = "{\"" + name + "\":null}";
      if (entry.is_of_devices) {
        CHECK(cell(read_table(record, keeping()), ColumnId::error) == "null");
      } else {
        CHECK(refusal(record).kind == Kind::no_device);
      }
    }
  }
}

TEST_CASE("fields of devices alone are those that no other resource has") {
  std::string names;
  for (const FieldEntry& entry : field_table) {
    if (entry.is_of_devices) names.append(entry.name).append(" ");
  }
  CHECK(names ==
        "device_name is_active is_frozen is_connected_to_vpn is_online api_heartbeat_state "
        "last_connectivity_event last_vpn_event changed_api_heartbeat_state_on__date "
        "provisioning_state provisioning_progress device_config_variable is_pinned_on__release "
        "update_status last_update_status_event overall_status is_running__release "
        "is_web_accessible last_seen_time ");
}

TEST_CASE("an envelope that says that records are missing is an error answer") {
  const std::string page = R"({"d":)" + list_of({device()});
  for (const std::string& source : {page + R"(,"error":"cut"})", page + R"(,"message":"cut"})",
                                    R"({"error":"cut","d":)" + list_of({device()}) + "}",
                                    "[" + page + R"(,"error":"cut"}])",
                                    page + "}" + page + R"(,"err\u006fr":"cut"})"}) {
    CAPTURE(source);
    const auto error = refusal(source);
    CHECK(error.kind == Kind::error_answer);
    CHECK(error.value == "cut");
  }
  CHECK(refusal(page + R"(,"error":{"code":5}})").value.empty());
  CHECK(read_table(page + R"(,"error":null,"message":null})").size() == 1);
  CHECK(read_table("[" + page + R"(,"error":null}])").size() == 1);
}

TEST_CASE("an object without a field of a device is a bad record that lists its keys") {
  const auto table = read_table(list_of({device(), stranger, "{}", device()}), keeping());
  CHECK(cells(table, ColumnId::status) == "Operational|null|null|Operational");
  CHECK(cells(table, ColumnId::attention) == "null|unreadable|unreadable|null");
  CHECK(cells(table, ColumnId::id) == "7|null|null|7");
  CHECK(cell(table, ColumnId::error, 1) == "record 1 has no field of a device; its keys: id, slug");
  CHECK(cell(table, ColumnId::error, 2) == "record 2 has no field of a device; it is empty");
  const auto error =
      error_of<RecordError>([&] { (void)read_table(list_of({device(), stranger})); });
  CHECK(error.index == 1);
  CHECK(error.field.empty());
  CHECK(error.pointer.empty());
  CHECK(error.value == "an object");
}

TEST_CASE("long lists of long keys are cut") {
  std::string many = R"({"k0":0)";
  for (int i = 1; i < 200; ++i) many += ",\"k" + std::to_string(i) + "\":0";
  const std::string error =
      cell(read_table(list_of({device(), many + "}"}), keeping()), ColumnId::error, 1);
  CHECK(error ==
        "record 1 has no field of a device; its keys: k0, k1, k2, k3, k4, k5, k6, k7, ...");
  CHECK(refusal(many + "}").keys.size() == 100);
  CHECK(refusal("{\"" + std::string(1000, 'k') + "\":0}").keys[0].size() < 60);
}

TEST_CASE("a source without any device record is refused, whatever is allowed") {
  for (const ReadOptions& options : {ReadOptions{}, lenient(), keeping()}) {
    const auto error = refusal(list_of({stranger, "{}", stranger}), options);
    CHECK(error.kind == Kind::no_device);
    CHECK(error.index == 0);
    CHECK(error.keys == Keys{"id", "slug"});
    CHECK(error.value.empty());
    CHECK(refusal("[17,null]", options).value == "17");
    CHECK(refusal("[17,null]", options).keys.empty());
    CHECK(refusal("[[17]]", options).value == "17");
  }
}

TEST_CASE("the source is named") {
  RecordBuilder builder{lenient(), [](const RecordColumns&) {}};
  JsonReader{builder}.read(stranger, "a.json");
  JsonReader{builder}.read(stranger, "b.json");
  CHECK(error_of<NotDevicesError>([&] { builder.finish(); }).source_name == "a.json");
}

TEST_CASE("an empty source is no source without devices") {
  for (const char* empty : {"", "[]", "[[],[[]]]", R"({"d":[]})", R"([{"owns__device":[]}])"}) {
    CAPTURE(empty);
    CHECK(read_table(empty).size() == 0);
  }
}

TEST_CASE("no device comes before fields that are missing") {
  CHECK(refusal(stranger, {}).kind == Kind::no_device);
  const auto act = [] {
    (void)read_table(list_of({stranger, bare()}), [] {
      ReadOptions options;
      options.on_error = OnError::keep;
      return options;
    }());
  };
  CHECK(error_of<MissingFieldsError>(act).index == 1);
}

TEST_CASE("what comes before the first device is told once one has come") {
  const auto first = [](const std::string& before, const std::string& device_record) {
    return error_of<RecordError>(
               [&] { (void)read_table(list_of({before, before, device_record}), lenient()); })
        .index;
  };
  CHECK(first(stranger, device()) == 0);
  CHECK(first("17", device()) == 0);
  CHECK(first(stranger, device(R"("id":"x")")) == 0);  // not the device's own fault
  CHECK(first("null", bare()) == 0);
  const auto later = error_of<RecordError>(
      [&] { (void)read_table(list_of({device(), stranger, "17"}), lenient()); });
  CHECK(later.index == 1);
}

TEST_CASE("an answer that says what went wrong is refused wherever it stands") {
  const std::string answer = R"({"error":"Unauthorized","statusCode":401})";
  for (const std::string& source :
       {answer, list_of({answer}), list_of({device(), answer}), list_of({stranger, answer}),
        list_of({device(), list_of({answer})}), R"({"d":[)" + answer + "]}",
        device() + "\n" + answer + "\n", R"([{"owns__device":[)" + answer + "]}]"}) {
    CAPTURE(source);
    for (const ReadOptions& options : {ReadOptions{}, keeping()}) {
      const auto error = refusal(source, options);
      CHECK(error.kind == Kind::error_answer);
      CHECK(error.keys == Keys{"error", "statusCode"});
      CHECK(error.value == "Unauthorized");
    }
  }
  CHECK(refusal(list_of({device(), device(), answer})).index == 2);
}

TEST_CASE("the text of an answer is under error or message, and may be none") {
  CHECK(refusal(R"({"message":"Gone"})").value == "Gone");
  CHECK(refusal(R"({"error":{"code":5},"message":"Gone"})").value == "Gone");
  CHECK(refusal(R"({"error":"","message":"Gone"})").value == "Gone");
  CHECK(refusal(R"({"error":"First","message":"Second"})").value == "First");
  CHECK(refusal(R"({"error":true})").value.empty());
  CHECK(refusal(R"({"error":[]})").kind == Kind::error_answer);
  CHECK(refusal(R"({"error":")" + std::string(1000, 'x') + R"("})").value.size() < 60);
}

TEST_CASE("a device may have a field of its own called error or message") {
  CHECK(cell(read_table(device(R"("error":"x","message":"y","d":[1],"owns__device":5)")),
             ColumnId::status) == "Operational");
  CHECK(cell(read_table(R"({"error":"x","is_frozen":true})", lenient()), ColumnId::status) ==
        "Frozen");
}

TEST_CASE("the words of a refusal are refused as an answer wherever they stand") {
  for (const std::string& source :
       {std::string{R"("Unauthorized")"}, list_of({device(), R"("Bad Gateway")"}),
        device() + "\nUnauthorized\n" + device(), R"([["Forbidden"]])" + std::string{}}) {
    CAPTURE(source);
    CHECK(refusal(source).kind == Kind::error_answer);
  }
  CHECK(refusal(R"("Unauthorized")").value == "Unauthorized");
  const auto table = read_table(list_of({device(), R"("quiet-river")"}), keeping());
  CHECK(cell(table, ColumnId::error, 1) == R"(record 1 is "quiet-river", expected an object)");
}

TEST_CASE("nothing of what was no device is left behind") {
  const std::string odd = R"({"id":5,"uuid":"x","status":"Downloading","download_progress":5,)"
                          R"("image_install":[{"id":1}],"belongs_to__application":{"slug":"a"}})";
  const auto table = read_table(list_of({bare(), odd, bare()}), keeping());
  for (const ColumnId id : {ColumnId::id, ColumnId::uuid, ColumnId::fleet, ColumnId::progress}) {
    CHECK(cells(table, id) == "null|null|null");
  }
  ReadOptions options;
  options.on_error = OnError::keep;
  const auto act = [&] { (void)read_table(list_of({bare(), odd}), options); };
  CHECK(error_of<MissingFieldsError>(act).fields.size() == 8);  // the stranger's do not count
}

// Columns.

StatusTable read_columns(const Made& batch, const ReadOptions& options, std::size_t n_threads = 1) {
  Classifier classifier{options, Threads{n_threads}};
  classifier.read_arrow(arrow_type(batch->schema), [&] {
    ArrowArray given = give(batch);
    return take_over(given);
  }());
  return classifier.finish(noon);
}

TEST_CASE("columns of which none is a field of devices are refused with their names") {
  for (const ReadOptions& options : {ReadOptions{}, lenient(), keeping()}) {
    const Made batch = structs(2, {named("id", integers({1, 2})), named("note", integers({1, 2}))});
    const auto error = error_of<NotDevicesError>([&] { (void)read_columns(batch, options); });
    CHECK(error.kind == Kind::table);
    CHECK(error.keys == Keys{"id", "note"});
    CHECK(error.index == 0);
  }
}

TEST_CASE("columns without rows are refused by nobody") {
  const Made batch = structs(0, {named("note", integers({}))});
  CHECK(read_columns(batch, lenient()).size() == 0);
}

TEST_CASE("a row that is null is no record, and no table is refused for the rest of it") {
  const Made batch = structs(2, {named("is_frozen", numbers<std::int8_t>("c", {1, 1}))},
                             bytes_of<std::uint8_t>({0b10}));
  CHECK(cells(read_columns(batch, keeping()), ColumnId::status) == "null|Frozen");
  const Made nulls = structs(2, {named("is_frozen", numbers<std::int8_t>("c", {1, 1}))},
                             bytes_of<std::uint8_t>({0}));
  const auto act = [&] { (void)read_columns(nulls, keeping()); };
  CHECK(error_of<NotDevicesError>(act).value == "null");
}

TEST_CASE("strange columns behind devices are bad records") {
  TableBuilder table;
  RecordBuilder rows{keeping(), [&](const RecordColumns& batch) { table.append(batch); }};
  JsonReader{rows}.read(device(), "");
  ColumnReader columns{rows};
  const Made made_batch = structs(1, {named("id", integers({1}))});
  ArrowArray given = give(made_batch);
  const ArrowType type = arrow_type(made_batch->schema);
  const ArrowBatch batch{type, take_over(given), rows.fields().keys()};
  ArrowReader{columns}.read(batch, 0, 1);
  rows.finish();
  CHECK(cells(table.finish({newest, noon, {}, {}}), ColumnId::error) ==
        "null|record 1 has no field of a device; its keys: id");
}

}  // namespace
