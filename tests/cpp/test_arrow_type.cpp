#include "records/decode/arrow_type.hpp"

#include "arrow_support.hpp"
#include "base/error.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

ArrowType type_of(const Made& array) { return arrow_type(array->schema); }

std::string refusal(const Made& array) {
  return error_of<ArgumentError>([&] { (void)type_of(array); }).what();
}

ArrowKind kind_of(const std::string& format) { return type_of(made(format, 0, {})).kind; }

TEST_CASE("formats of values that stand alone") {
  struct Format {
    std::string format;
    ArrowKind kind;
  };
  for (const auto& [format, kind] :
       {Format{"n", ArrowKind::null}, Format{"b", ArrowKind::boolean}, Format{"c", ArrowKind::int8},
        Format{"C", ArrowKind::uint8}, Format{"s", ArrowKind::int16},
        Format{"S", ArrowKind::uint16}, Format{"i", ArrowKind::int32},
        Format{"I", ArrowKind::uint32}, Format{"l", ArrowKind::int64},
        Format{"L", ArrowKind::uint64}, Format{"f", ArrowKind::float32},
        Format{"g", ArrowKind::float64}, Format{"u", ArrowKind::utf8},
        Format{"U", ArrowKind::large_utf8}, Format{"vu", ArrowKind::utf8_view},
        Format{"+s", ArrowKind::structure}}) {
    CAPTURE(format);
    CHECK(kind_of(format) == kind);
  }
}

TEST_CASE("formats of lists") {
  struct Format {
    std::string format;
    ArrowKind kind;
  };
  for (const auto& [format, kind] :
       {Format{"+l", ArrowKind::list}, Format{"+L", ArrowKind::large_list},
        Format{"+vl", ArrowKind::list_view}, Format{"+vL", ArrowKind::large_list_view},
        Format{"+w:3", ArrowKind::fixed_list}}) {
    CAPTURE(format);
    const ArrowType type = type_of(made(format, 0, {}, {named("item", integers({}))}));
    CHECK(type.kind == kind);
    CHECK(type.children.front().kind == ArrowKind::int64);
    CHECK(type.children.front().name == "item");
    CHECK(refusal(made(format, 0, {})).ends_with("a list has one child"));
    CHECK(refusal(made(format, 0, {}, {integers({}), integers({})})).ends_with("one child"));
  }
}

TEST_CASE("a list of fixed size tells the size") {
  const auto list = [](const std::string& size) {
    return made("+w:" + size, 0, {}, {integers({})});
  };
  CHECK(type_of(list("12")).list_size == 12);
  CHECK(type_of(list("0")).list_size == 0);
  for (const std::string size : {"", "-1", "3 ", "x", "99999999999999999999"}) {
    CHECK(refusal(list(size)).ends_with("format +w:" + size));
  }
}

TEST_CASE("a timestamp has a unit and maybe a zone") {
  const auto ticks = [](const std::string& format) {
    return type_of(made(format, 0, {})).ticks_per_second;
  };
  CHECK(ticks("tss:") == 1);
  CHECK(ticks("tsm:UTC") == 1'000);
  CHECK(ticks("tsu:+02:00") == 1'000'000);
  CHECK(ticks("tsn:Europe/Berlin") == 1'000'000'000);
  CHECK_FALSE(type_of(made("tsu:", 0, {})).has_zone);
  CHECK(type_of(made("tsu:Z", 0, {})).has_zone);
  for (const std::string format : {"ts", "tsu", "tsx:", "tsuUTC"}) {
    CHECK(refusal(made(format, 0, {})).ends_with("format " + format));
  }
}

TEST_CASE("formats that no field is read from") {
  for (const std::string format :
       {"", "z", "Z", "vz", "e", "d:19,10", "w:16", "tdD", "ttu", "tDn", "tin", "x", "nn"}) {
    CAPTURE(format);
    CHECK(kind_of(format) == ArrowKind::other);
  }
  const std::vector<Made> members{integers({}), texts({0}, "")};
  CHECK(type_of(made("+us:0,1", 0, {}, members)).kind == ArrowKind::other);
  CHECK(type_of(made("+r", 0, {}, members)).kind == ArrowKind::other);
}

TEST_CASE("a map has pairs") {
  const auto map = [](const Made& pairs) { return made("+m", 0, {}, {pairs}); };
  const ArrowType type = type_of(map(structs(0, {texts({0}, ""), integers({})})));
  CHECK(type.kind == ArrowKind::map);
  CHECK(refusal(map(structs(0, {integers({})}))).ends_with("a map has pairs"));
  CHECK(refusal(map(integers({}))).ends_with("a map has pairs"));
  CHECK(refusal(made("+m", 0, {})).ends_with("a list has one child"));
}

TEST_CASE("codes of a dictionary are integers") {
  const ArrowType type = type_of(coded(numbers<std::int8_t>("c", {}), texts({0}, "")));
  CHECK(type.kind == ArrowKind::int8);
  CHECK(type.dictionary->kind == ArrowKind::utf8);
  for (const std::string format : {"u", "b", "g", "n", "z", "tss:"}) {
    CHECK(refusal(coded(made(format, 0, {}), texts({0}, ""))).ends_with("codes are integers"));
  }
}

TEST_CASE("a schema that breaks the rules is refused, by the name of its column") {
  const auto broken = [](auto change) {
    const Made column = named("id", made("+s", 0, {}, {named("x", integers({}))}));
    const Made records = structs(0, {column});
    change(column->schema);
    return refusal(records);
  };
  CHECK(broken([](ArrowSchema& schema) { schema.release = nullptr; }) ==
        "the Arrow schema of column 'id' is broken: it was released");
  CHECK(broken([](ArrowSchema& schema) { schema.format = nullptr; }).ends_with("released"));
  CHECK(broken([](ArrowSchema& schema) { schema.n_children = -1; }).ends_with("no children"));
  CHECK(broken([](ArrowSchema& schema) { schema.children = nullptr; }).ends_with("no children"));
  CHECK(broken([](ArrowSchema& schema) { schema.children[0] = nullptr; }) ==
        "the Arrow schema of column 'id' is broken: a child is missing");
  const Made nameless = integers({});
  nameless->schema.name = nullptr;
  CHECK(type_of(nameless).name.empty());
}

TEST_CASE("a schema is nested to some depth only") {
  const auto nested = [](int levels) {
    Made array = integers({});
    for (int i = 0; i < levels; ++i) array = structs(0, {array});
    return array;
  };
  CHECK(type_of(nested(64)).children.size() == 1);
  CHECK(refusal(nested(65)).ends_with("it is nested too deep"));
  Made codes = integers({});
  for (int i = 0; i < 65; ++i) codes = coded(integers({}), codes);
  CHECK(refusal(codes).ends_with("it is nested too deep"));
}

}  // namespace
