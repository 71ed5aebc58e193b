// Further fields that a table keeps, and their types.

#include "records/carried_types.hpp"

#include "arrow_support.hpp"
#include "classify/classifier.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

ReadOptions carrying(std::string name, CarriedType type, bool may_be_missing = true) {
  ReadOptions options = keeping();
  options.carry.push_back({std::move(name), type, may_be_missing});
  return options;
}

std::string with_note(std::string_view value) {
  return bare(joined({R"("note":)", std::string{value}}, ""));
}

/// A value as it is carried, or the problem with it.
std::string carried_as(CarriedType type, std::string_view value, const ReadOptions& more = {}) {
  ReadOptions options = carrying("note", type);
  options.settings = more.settings;
  const auto table = read_table(with_note(value), options);
  const std::string error = cell(table, ColumnId::error);
  const Column column = table.column(column_names.size());
  if (error != "null") {
    CHECK_FALSE(column.is_valid(0));
    return error;
  }
  return cell(column, 0);
}

TEST_CASE("a carried column has the type that it was asked for") {
  const auto type_of = [](CarriedType type) {
    return read_table(bare(), carrying("note", type)).column(column_names.size()).type();
  };
  CHECK(type_of(CarriedType::text) == ColumnType::large_utf8);
  CHECK(type_of(CarriedType::integer) == ColumnType::int64);
  CHECK(type_of(CarriedType::real) == ColumnType::float64);
  CHECK(type_of(CarriedType::boolean) == ColumnType::boolean);
  CHECK(type_of(CarriedType::timestamp) == ColumnType::timestamp);
}

TEST_CASE("whole numbers are carried as such") {
  CHECK(carried_as(CarriedType::integer, "17") == "17");
  CHECK(carried_as(CarriedType::integer, "-9223372036854775808") == "-9223372036854775808");
  CHECK(carried_as(CarriedType::integer, "1.7e1") == "17");
  CHECK(carried_as(CarriedType::integer, "null") == "null");
  for (const char* other : {"1.5", R"("17")", "true", "[]"}) {
    CHECK(carried_as(CarriedType::integer, other).starts_with("record 0: note is "));
  }
}

TEST_CASE("numbers with fractions are carried as such") {
  CHECK(carried_as(CarriedType::real, "1.5") == "1.5");
  CHECK(carried_as(CarriedType::real, "17") == "17");
  CHECK(carried_as(CarriedType::real, "1e300") == "1e+300");
  CHECK(carried_as(CarriedType::real, "null") == "null");
  CHECK(carried_as(CarriedType::real, "true") == "record 0: note is true, expected a number");
  CHECK(carried_as(CarriedType::real, R"("1.5")") ==
        R"(record 0: note is "1.5", expected a number)");
}

TEST_CASE("booleans and times are carried as such") {
  CHECK(carried_as(CarriedType::boolean, "true") == "true");
  CHECK(carried_as(CarriedType::boolean, "0") == "false");
  CHECK(carried_as(CarriedType::boolean, "2") == "record 0: note is 2, expected true or false");
  CHECK(carried_as(CarriedType::timestamp, R"("2026-10-20 08:00:00.5+01")") ==
        "2026-10-20T07:00:00.500Z");
  CHECK(carried_as(CarriedType::timestamp, R"("1970-01-01T00:00:00Z")") == "1970-01-01T00:00:00Z");
  CHECK(carried_as(CarriedType::timestamp, "5").starts_with("record 0: note is 5, expected"));
}

TEST_CASE("a carried time without a zone is one in UTC if the caller says so") {
  constexpr std::string_view time = R"("2026-10-20T08:00:00")";
  CHECK(carried_as(CarriedType::timestamp, time).ends_with("pass assume_utc=True"));
  ReadOptions assuming;
  assuming.settings.assume_utc = true;
  CHECK(carried_as(CarriedType::timestamp, time, assuming) == "2026-10-20T08:00:00Z");
}

TEST_CASE("a field that the rules read is carried in its own type too") {
  const auto table = read_table(device(R"("provisioning_progress":5)"),
                                carrying("provisioning_progress", CarriedType::integer));
  CHECK(cell(table.column(column_names.size()), 0) == "5");
}

TEST_CASE("of members behind a link the type is theirs") {
  const auto options = carrying("is_running__release.created_at", CarriedType::timestamp);
  const auto table =
      read_table(list_of({bare(R"("is_running__release":{"created_at":"2026-10-20T08:00:00Z"})"),
                          bare(R"("is_running__release":[])"), bare()}),
                 options);
  CHECK(cells(table.column(column_names.size())) == "2026-10-20T08:00:00Z|null|null");
}

TEST_CASE("a carried value of the last key wins, also over one of a wrong type") {
  const auto last = [](std::string_view members) {
    const auto table = read_table(bare(members), carrying("note", CarriedType::integer));
    return cell(table.column(column_names.size()), 0);
  };
  CHECK(last(R"("note":1,"note":2)") == "2");
  CHECK(last(R"("note":"x","note":2)") == "2");
  CHECK(last(R"("note":1,"note":null)") == "null");
  CHECK(last(R"("note":1,"note":"x")") == "null");
}

TEST_CASE("every name of the list of types stands there once") {
  std::set<std::string_view> names;
  for (const auto& [name, type] : carried_types) {
    names.insert(name);
    CHECK(type != CarriedType::text);
  }
  CHECK(names.size() == carried_types.size());
}

TEST_CASE("fields that the rules read are carried as what they hold") {
  for (const FieldEntry& entry : field_table) {
    CAPTURE(entry.name);
    const auto found =
        std::ranges::find(carried_types, entry.name, [](const auto& one) { return one.first; });
    const auto type = found == carried_types.end() ? CarriedType::text : found->second;
    const auto expected = [&] {
      switch (entry.kind) {
        case FieldKind::integer:
        case FieldKind::integer32: return CarriedType::integer;
        case FieldKind::boolean: return CarriedType::boolean;
        case FieldKind::timestamp: return CarriedType::timestamp;
        default: return CarriedType::text;
      }
    }();
    CHECK(type == expected);
  }
}

// Tags.

std::string tagged(std::string_view tags) {
  return bare(joined({R"("device_tag":)", std::string{tags}}, ""));
}

std::string tag_of(std::string_view json, const std::string& key = "site") {
  return cells(
      read_table(json, carrying("tag:" + key, CarriedType::text)).column(column_names.size()));
}

TEST_CASE("a tag is carried by its key") {
  CHECK(tag_of(tagged(R"([{"tag_key":"site","value":"Bern"},{"tag_key":"x","value":"y"}])")) ==
        "Bern");
  CHECK(tag_of(tagged(R"([{"value":"Bern","tag_key":"site"}])")) == "Bern");
  CHECK(tag_of(tagged(R"([{"tag key":"site","value":"Bern"}])")) == "Bern");
  CHECK(tag_of(R"([{"is_frozen":0,"device tag":[{"tag_key":"site","value":"\u0042ern"}]}])") ==
        "Bern");
  CHECK(tag_of(tagged(R"([{"tag_key":"a.b c","value":"Bern"}])"), "a.b c") == "Bern");
}

TEST_CASE("without the tag there is no value") {
  CHECK(tag_of(tagged("[]")) == "null");
  CHECK(tag_of(tagged("null")) == "null");
  CHECK(tag_of(tagged(R"([{"tag_key":"Site","value":"Bern"}])")) == "null");
  CHECK(tag_of(tagged(R"([{"tag_key":"site","value":null}])")) == "null");
  CHECK(tag_of(tagged(R"([{"tag_key":"site"}])")) == "null");
  CHECK(tag_of(tagged(R"([{"value":"Bern"}])")) == "null");
  CHECK(tag_of(bare()) == "null");
}

TEST_CASE("of two tags of one key the last counts, and each record has its own") {
  CHECK(tag_of(tagged(R"([{"tag_key":"site","value":"a"},{"tag_key":"site","value":"b"}])")) ==
        "b");
  CHECK(tag_of(list_of({tagged(R"([{"tag_key":"site","value":"a"}])"), tagged("[]"),
                        tagged(R"([{"tag_key":"site","value":"c"}])")})) == "a|null|c");
}

TEST_CASE("what is no list of tags is a bad record if a tag is carried") {
  struct Bad {
    std::string_view tags;
    std::string_view pointer;
  };
  ReadOptions options = lenient();
  options.carry.push_back({"tag:site", CarriedType::text, true});
  for (const auto& [tags, pointer] :
       {Bad{"5", "/device_tag"}, Bad{"{}", "/device_tag"}, Bad{"[5]", "/device_tag/0"},
        Bad{R"([{},{"tag_key":5}])", "/device_tag/1/tag_key"},
        Bad{R"([{"tag_key":"site","value":[]}])", "/device_tag/0/value"}}) {
    CAPTURE(tags);
    const auto error = error_of<RecordError>([&] { (void)read_table(tagged(tags), options); });
    CHECK(error.field == "device_tag");
    CHECK(error.pointer == pointer);
    CHECK(read_table(tagged(tags), lenient()).size() == 1);
  }
}

// What is not there.

ReadOptions needing(std::initializer_list<std::string> fields) {
  ReadOptions options = keeping();
  for (const std::string& name : fields) options.carry.push_back({name, CarriedType::text, false});
  return options;
}

MissingCarriedError missing(std::string_view json, const ReadOptions& options) {
  return error_of<MissingCarriedError>([&] { (void)read_table(json, options); });
}

TEST_CASE("carried fields that no record has are an error, with what there is") {
  const std::string json =
      list_of({bare(R"("os_version":"1","device_tag":[{"tag_key":"site","value":"Bern"}])"),
               bare(R"("other":1,"device_tag":[{"tag_key":"row","value":null}])")});
  const auto error = missing(json, needing({"os_versoin", "os_version", "tag:sight", "tag:site"}));
  CHECK(error.names == std::vector<std::string>{"os_versoin", "tag:sight"});
  CHECK(error.index == 0);
  CHECK(error.keys == std::vector<std::string>{"is_frozen", "os_version", "device_tag"});
  CHECK(error.tags == std::vector<std::string>{"row", "site"});
  CHECK(std::string{error.what()} == "no record has os_versoin, tag:sight");
}

TEST_CASE("one record with a carried field is enough, and null is a value") {
  const auto options = needing({"note"});
  CHECK(read_table(list_of({bare(), bare(R"("note":null)")}), options).size() == 2);
  CHECK(read_table("[]", options).size() == 0);
  CHECK(missing(bare(), options).names.size() == 1);
  CHECK(read_table(bare(), carrying("note", CarriedType::text, true)).size() == 1);
}

TEST_CASE("behind a link it is the member that must be there") {
  const auto options = needing({"is_running__release.raw_version"});
  CHECK(missing(bare(R"("is_running__release":{"__id":5})"), options).names.size() == 1);
  CHECK(read_table(bare(R"("is_running__release":{"raw_version":null})"), options).size() == 1);
}

TEST_CASE("keys of the first record are told, not those of what holds it") {
  const auto options = needing({"note"});
  const std::string record = bare(R"("x":1)");
  const std::vector<std::string> keys{"is_frozen", "x"};
  CHECK(missing(record, options).keys == keys);
  CHECK(missing(list_of({list_of({record})}), options).keys == keys);
  CHECK(missing(list_of({R"({"fetched_at":null,"d":[)" + record + "]}"}), options).keys == keys);
  CHECK(missing(R"([{"slug":"a","owns__device":[)" + record + "]}]", options).keys == keys);
  CHECK(missing(record + "\n" + bare(), options).keys == keys);
}

TEST_CASE("what a caller wants to keep is told as missing on any number of threads") {
  std::string lines;
  for (int i = 0; i < 300; ++i) lines += device() + "\n";
  const auto names = [&](const std::string& source, std::size_t n_threads) {
    Classifier classifier{needing({"note", "tag:site"}), Threads{n_threads}, 2000};
    classifier.read_json(source, "");
    const auto error = error_of<MissingCarriedError>([&] { (void)classifier.finish(noon); });
    std::string all = error.what();
    for (const std::string& key : error.keys) all += " " + key;
    for (const std::string& tag : error.tags) all += " #" + tag;
    return all;
  };
  CHECK(names(lines, 3) == names(lines, 1));
  const std::string last = lines + device(R"("note":1,"device_tag":[{"tag_key":"x"}])");
  CHECK(names(last, 3) == names(last, 1));
  CHECK(names(last, 1).starts_with("no record has tag:site"));
}

TEST_CASE("of columns all names are told, on any number of threads") {
  constexpr std::int64_t n = 300'000;
  const Made flags = made("C", n, {nullptr, bytes_of(std::vector<std::uint8_t>(n, 1))});
  const Made batch = structs(n, {named("is_frozen", flags), named("x", made("n", n, {}))});
  for (const std::size_t n_threads : {1, 2}) {
    ArrowArray given = give(batch);
    Classifier classifier{needing({"note"}), Threads{n_threads}};
    classifier.read_arrow(arrow_type(batch->schema), take_over(given));
    const auto error = error_of<MissingCarriedError>([&] { (void)classifier.finish(noon); });
    CHECK(error.keys == std::vector<std::string>{"is_frozen", "x"});
  }
}

TEST_CASE("typed columns are carried on any number of threads") {
  ReadOptions options = keeping();
  options.carry = {{"i", CarriedType::integer, true},
                   {"r", CarriedType::real, true},
                   {"b", CarriedType::boolean, true},
                   {"t", CarriedType::timestamp, true}};
  std::string lines;
  for (int i = 0; i < 300; ++i) {
    lines += device(R"("i":)" + std::to_string(i) + R"(,"r":)" + std::to_string(i) + R"(.5,"b":)" +
                    (i % 2 == 0 ? "true" : "false") + R"(,"t":"2026-10-20T08:00:00.)" +
                    std::to_string(100 + i) + R"(Z")") +
             "\n";
  }
  const auto table = [&](std::size_t n_threads) {
    Classifier classifier{options, Threads{n_threads}, 2000};
    classifier.read_json(lines, "");
    return classifier.finish(noon);
  };
  CHECK(table(3).equals(table(1)));
  CHECK(cell(table(3).column(column_names.size()), 299) == "299");
}

}  // namespace
