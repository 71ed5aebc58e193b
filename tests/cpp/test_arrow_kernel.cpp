// Kernels and `ArrowValue` must read the same from any column.

#include "records/decode/arrow_kernel.hpp"

#include <algorithm>
#include <concepts>
#include <limits>
#include <span>
#include <type_traits>

#include "arrow_support.hpp"
#include "random_columns.hpp"
#include "records/decode/arrow_value.hpp"
#include "records/field_reader.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

const std::vector<CarriedField> carry = [] {
  auto fields = texts_to_carry({"note", "status", "link.note", "belongs_to__application.slug"});
  fields.push_back({"whole", CarriedType::integer, true});
  fields.push_back({"real", CarriedType::real, true});
  fields.push_back({"flag", CarriedType::boolean, true});
  fields.push_back({"moment", CarriedType::timestamp, true});
  return fields;
}();
constexpr std::size_t capacity = 64;

std::string shown(std::integral auto number) { return std::to_string(number); }
std::string shown(double number) { return std::to_string(number); }
std::string shown(std::string_view text) { return '"' + std::string{text} + '"'; }
std::string shown(Timestamp time) { return format_timestamp(time); }
std::string shown(const Configuration& configuration) {
  const auto control = configuration.vpn_control();
  const auto interval = configuration.poll_interval();
  return (control ? *control ? "up" : "down" : "-") + (interval ? shown(interval->count()) : "-");
}
std::string shown(const Install& install) {
  return shown(install.id) + "/" + shown(install.release.id.value_or(-1)) + "/" +
         shown(install.release.commit) + (install.tells_release ? "/" : "-") +
         shown(install.progress.value_or(-1)) + "/" + shown(static_cast<int>(install.status));
}
std::string shown(std::span<const Install> installs) {
  std::string all = "[";
  for (const Install& install : installs) all += shown(install) + " ";
  return all + "]";
}

/// All that stands in the first records.
std::string shown(FieldReader& fields, std::size_t n_records) {
  std::string all;
  fields.columns().for_each_column([&](const auto& column) {
    for (std::size_t record = 0; record < n_records; ++record) {
      if (column.has(record)) {
        const auto& value = column.stored(record);
        if constexpr (std::is_enum_v<std::decay_t<decltype(value)>>) {
          all += shown(static_cast<std::int64_t>(value));
        } else {
          all += shown(value);
        }
      }
      all += "|";
    }
    all += "\n";
  });
  all += fields.seen().fleet_release ? "release " : "";
  return all + (fields.seen().fleet_variables ? "variables" : "");
}

/// What rows of a column were read as. Kernels say only that they could not.
struct Cells {
  bool is_good = true;
  std::string shown;
};

/// A reader that has read other records before, which nothing must be left of.
struct UsedReader {
  FieldReader fields{carry, {}};

  UsedReader() {
    fields.columns().make_room(capacity);
    fields.columns().for_each_column([](auto& column) {
      for (std::size_t record = 0; record < capacity; ++record) {
        if constexpr (std::is_same_v<std::decay_t<decltype(column)>, InstallColumn>) {
          column.put(record, 0, 0);
        } else {
          column.set(record, {});
        }
      }
    });
  }
};

Cells read_by_value(int key_index, const ArrowColumn& column, ArrowRows rows) {
  UsedReader reader;
  Cells cells;
  for (std::size_t i = 0; i < rows.n; ++i) {
    reader.fields.turn_to(i);
    ArrowValue value{column, rows.first + i};
    if (reader.fields.read(key_index, value)) cells.is_good = false;
  }
  cells.shown = shown(reader.fields, rows.n);
  return cells;
}

Cells read_by_kernel(int key_index, const ArrowColumn& column, ArrowRows rows) {
  UsedReader reader;
  const auto kernels = arrow_kernels(key_index, column, reader.fields);
  const bool is_good = std::ranges::all_of(
      kernels, [&](const ArrowKernel& kernel) { return kernel && kernel(rows); });
  return {is_good, is_good ? shown(reader.fields, rows.n) : ""};
}

struct Tally {
  int n_good = 0;     ///< reads without a fault, but for dictionaries larger than their column
  int n_kernels = 0;  ///< reads by kernels
};

/// Reads parts of a column in both ways.
void compare(const std::string& key, const Made& array, RandomColumns& random, Tally& tally) {
  const int key_index = FieldReader{carry, {}}.keys().find(key);
  const Looked looked{array};
  const std::size_t first = random.below(looked.column.size());
  for (const ArrowRows rows : {ArrowRows{0, looked.column.size()},
                               ArrowRows{first, random.below(looked.column.size() - first + 1)}}) {
    CAPTURE(key);
    CAPTURE(array->format);
    CAPTURE(rows.first);
    CAPTURE(rows.n);
    const Cells by_value = read_by_value(key_index, looked.column, rows);
    const Cells by_kernel = read_by_kernel(key_index, looked.column, rows);
    const bool is_worth_it =
        !array->dictionary || array->dictionary->array.length <= array->array.length;
    tally.n_good += by_value.is_good && is_worth_it ? 1 : 0;
    tally.n_kernels += by_kernel.is_good ? 1 : 0;
    if (!by_kernel.is_good) continue;
    CHECK(by_value.is_good);
    CHECK(by_value.shown == by_kernel.shown);
  }
}

/// Values that a field takes, and few that it may not.
template <class T>
std::vector<T> mostly(const std::vector<T>& good, const std::vector<T>& bad) {
  std::vector<T> values;
  while (values.size() < 100) values.insert(values.end(), good.begin(), good.end());
  values.insert(values.end(), bad.begin(), bad.end());
  return values;
}

template <class T>
Made integers_of(RandomColumns& random, const std::string& format, std::size_t n) {
  using Limits = std::numeric_limits<T>;
  return random.numbers<T>(
      format, n, mostly<T>({0, 1}, {2, static_cast<T>(-1), Limits::min(), Limits::max()}));
}

template <class T>
Made reals_of(RandomColumns& random, const std::string& format, std::size_t n) {
  using Limits = std::numeric_limits<T>;
  return random.numbers<T>(
      format, n,
      mostly<T>({0, -T{0}, 1, Limits::quiet_NaN()},
                {T(0.5), T(-7), T(1e10), T(9223372036854775808.0), T(-9223372036854775808.0),
                 Limits::infinity(), -Limits::infinity(), Limits::denorm_min()}));
}

Made times_of(RandomColumns& random, const std::string& format, std::size_t n) {
  using Limits = std::numeric_limits<std::int64_t>;
  return random.numbers<std::int64_t>(
      format, n,
      mostly<std::int64_t>({0, -1, 999, -1'000, 1'790'000'000},
                           {Limits::min(), Limits::max(), 253'402'300'800, -62'135'596'801}));
}

std::vector<std::string> texts_for(const std::string& key) {
  const std::vector<std::string> bad{"\xff", "Online", "2026-10-20T08:00:00", "\xc3", "a\x80z"};
  if (key == "api_heartbeat_state") {
    return mostly({"online", "timeout", "offline", "unknown"}, bad);
  }
  if (key == "update_status") {
    return mostly({"done", "downloading", "downloaded", "applying changes", "rejected", "aborted"},
                  bad);
  }
  if (key.ends_with("event") || key.ends_with("date") || key == "moment") {
    return mostly({"2026-10-20T08:00:00Z", "1969-12-31 23:59:59.999999999+01"}, bad);
  }
  return mostly({"", "a", "ab", "abc", "Idle", "Downloading", "Ordered", "16.7.0", "v16.6.9-rc.1",
                 "0.1.2", "thirteen byte", "sixteen bytes !!", "seventeen bytes !", "k\u00fchl",
                 "a text of many bytes, k\u00fchl \U0001f680", "deleted", "Post-Provisioning"},
                bad);
}

/// A column of scalars, of any kind.
Made scalars(RandomColumns& random, const std::string& key, std::size_t n,
             bool may_be_coded = true) {
  const std::vector<std::string> times{"tss:UTC", "tsm:Europe/Berlin", "tsu:UTC", "tsn:-09:30",
                                       "tsu:"};
  const std::vector<std::string> text_formats{"u", "U", "vu"};
  if (may_be_coded && random.one_in(3)) {
    const Made values = random.sliced(1 + random.below(n), [&](std::size_t n_values) {
      return scalars(random, key, n_values, false);
    });
    switch (random.below(4)) {
      case 0: return random.codes<std::int8_t>("c", n, values);
      case 1: return random.codes<std::uint16_t>("S", n, values);
      case 2: return random.codes<std::uint32_t>("I", n, values);
      default: return random.codes<std::int64_t>("l", n, values);
    }
  }
  switch (random.below(18)) {
    case 0: return integers_of<std::int8_t>(random, "c", n);
    case 1: return integers_of<std::uint8_t>(random, "C", n);
    case 2: return integers_of<std::int16_t>(random, "s", n);
    case 3: return integers_of<std::uint16_t>(random, "S", n);
    case 4: return integers_of<std::int32_t>(random, "i", n);
    case 5: return integers_of<std::uint32_t>(random, "I", n);
    case 6: return integers_of<std::int64_t>(random, "l", n);
    case 7: return integers_of<std::uint64_t>(random, "L", n);
    case 8: return reals_of<float>(random, "f", n);
    case 9: return reals_of<double>(random, "g", n);
    case 10: return random.booleans(n);
    case 11: return made("n", static_cast<std::int64_t>(n), {});
    case 12:
    case 13: return times_of(random, random.one_of(times), n);
    default: return random.texts(random.one_of(text_formats), n, texts_for(key));
  }
}

/// Calls `work` with columns of one to a few dozen rows.
template <class Work>
void repeat(int n_times, Work work) {
  for (int seed = 0; seed < n_times; ++seed) {
    CAPTURE(seed);
    RandomColumns random{static_cast<unsigned>(seed)};
    buffers_are_unaligned = seed % 4 == 3;
    work(random, 1 + random.below(40));
    buffers_are_unaligned = false;
  }
}

TEST_CASE("kernels read what can be read of scalars, all of it and nothing else") {
  Tally tally;
  repeat(300, [&](RandomColumns& random, std::size_t n) {
    for (const FieldEntry& field : field_table) {
      if (field.kind >= FieldKind::installs || field.field == Field::status) continue;
      if (field.alias_of) continue;  // read value by value
      const std::string key{field.name};
      const Made column =
          random.sliced(n, [&](std::size_t rows) { return scalars(random, key, rows); });
      compare(key, column, random, tally);
    }
  });
  CHECK(tally.n_good > 3000);
  CHECK(tally.n_kernels == tally.n_good);
}

TEST_CASE("kernels read what is carried as it is read value by value") {
  Tally tally;
  repeat(300, [&](RandomColumns& random, std::size_t n) {
    for (const std::string key : {"whole", "real", "flag", "moment"}) {
      const Made column =
          random.sliced(n, [&](std::size_t rows) { return scalars(random, key, rows); });
      compare(key, column, random, tally);
    }
  });
  CHECK(tally.n_good > 500);
  CHECK(tally.n_kernels == tally.n_good);
}

TEST_CASE("texts are carried as they are") {
  Tally tally;
  repeat(300, [&](RandomColumns& random, std::size_t n) {
    for (const std::string key : {"note", "status"}) {
      const auto make = [&](std::size_t rows) {
        return random.texts(random.one_of<std::string>({"u", "U", "vu"}), rows, texts_for(key));
      };
      compare(key, random.sliced(n, make), random, tally);
      compare(key, random.sliced(n, [&](std::size_t rows) { return scalars(random, key, rows); }),
              random, tally);
    }
  });
  CHECK(tally.n_kernels > 500);
}

/// A struct of some of these members, in any order, also of several of a name.
Made structs_of(RandomColumns& random, std::size_t n, const std::vector<std::string>& names,
                auto make_member) {
  std::vector<Made> members;
  for (std::size_t i = random.below(names.size() + 2); i > 0; --i) {
    const std::string& name = random.one_of(names);
    members.push_back(
        named(name, random.sliced(n, [&](std::size_t rows) { return make_member(name, rows); })));
  }
  return random.structs(n, std::move(members));
}

Made lists_of(RandomColumns& random, std::size_t n, std::size_t longest, auto make_elements) {
  if (random.one_in(2)) return random.lists<std::int32_t>("+l", n, longest, make_elements);
  return random.lists<std::int64_t>("+L", n, longest, make_elements);
}

Made ids(RandomColumns& random, std::size_t n) {
  return random.numbers<std::int64_t>("l", n, {0, 1, 7, -5, 1L << 40U});
}

/// A link in any of its forms.
Made links(RandomColumns& random, std::size_t n, const std::vector<std::string>& names,
           auto make_member) {
  const auto objects = [&](std::size_t rows) {
    std::vector<std::string> all{"__id", "id"};
    all.insert(all.end(), names.begin(), names.end());
    return structs_of(random, rows, all, [&](const std::string& name, std::size_t n_members) {
      return name.ends_with("id") ? ids(random, n_members) : make_member(name, n_members);
    });
  };
  switch (random.below(5)) {
    case 0: return ids(random, n);
    case 1: return objects(n);
    default: return lists_of(random, n, random.one_in(10) ? 2 : 1, objects);
  }
}

Made plain_links(RandomColumns& random, std::size_t n) {
  return links(random, n, {},
               [&](const std::string&, std::size_t rows) { return ids(random, rows); });
}

Made texts_of(RandomColumns& random, std::size_t n, const std::vector<std::string>& values) {
  return random.texts(random.one_of<std::string>({"u", "U", "vu"}), n, values);
}

Made commits(RandomColumns& random, std::size_t n) {
  return texts_of(random, n, {"", "abc", "0123456789abcdef"});
}

Made links_to_releases(RandomColumns& random, std::size_t n) {
  return links(random, n, {"commit", "raw_version"},
               [&](const std::string&, std::size_t rows) { return commits(random, rows); });
}

Made variables(RandomColumns& random, std::size_t n) {
  return lists_of(random, n, 3, [&](std::size_t rows) {
    return structs_of(
        random, rows, {"name", "value"}, [&](const std::string& name, std::size_t n_members) {
          if (random.one_in(20)) return ids(random, n_members);
          return name == "value"
                     ? texts_of(random, n_members, {"false", "true", "", "900000", "\xff"})
                     : texts_of(random, n_members,
                                {"BALENA_SUPERVISOR_VPN_CONTROL", "RESIN_SUPERVISOR_VPN_CONTROL",
                                 "RESIN_SUPERVISOR_POLL_INTERVAL", "NOTE", ""});
        });
  });
}

Made installs(RandomColumns& random, std::size_t n) {
  const std::vector<std::string> names{"id",         "status", "download_progress",     "note",
                                       "release_id", "commit", "is provided by-release"};
  return lists_of(random, n, 3, [&](std::size_t rows) {
    return structs_of(random, rows, names, [&](const std::string& name, std::size_t n_members) {
      if (name == "status")
        return texts_of(random, n_members, {"Downloading", "deleted", "Running"});
      if (name.ends_with("release")) return links_to_releases(random, n_members);
      if (name == "commit") return commits(random, n_members);
      return ids(random, n_members);
    });
  });
}

Made fleets(RandomColumns& random, std::size_t n) {
  const std::vector<std::string> names{"slug", "app_name", "should_be_running__release",
                                       "application_config_variable"};
  return links(random, n, names, [&](const std::string& name, std::size_t rows) {
    if (name.ends_with("variable")) return variables(random, rows);
    if (name.ends_with("release")) return links_to_releases(random, rows);
    return scalars(random, name, rows);
  });
}

TEST_CASE("kernels read lists and structs as they are read value by value") {
  Tally tally;
  repeat(1000, [&](RandomColumns& random, std::size_t n) {
    const auto compare_made = [&](const std::string& key, auto make) {
      compare(key, random.sliced(n, [&](std::size_t rows) { return make(random, rows); }), random,
              tally);
    };
    compare_made("image_install", installs);
    compare_made("device_config_variable", variables);
    compare_made("belongs_to__application", fleets);
    compare_made("is_pinned_on__release", plain_links);
    compare_made("should_be_running__release", links_to_releases);
    compare_made("is_running__release", links_to_releases);
    compare_made("link", [](RandomColumns& random, std::size_t rows) {
      return links(random, rows, {"note"}, [&](const std::string&, std::size_t n_members) {
        return texts_of(random, n_members, {"a", "", "\xff"});
      });
    });
  });
  CHECK(tally.n_good > 1000);
  CHECK(tally.n_kernels > tally.n_good / 2);
}

TEST_CASE("columns of scalars in place of lists and structs are read as they are value by value") {
  Tally tally;
  repeat(100, [&](RandomColumns& random, std::size_t n) {
    for (const FieldEntry& field : field_table) {
      if (field.kind < FieldKind::installs) continue;
      const std::string key{field.name};
      const auto make = [&](std::size_t rows) { return scalars(random, key, rows); };
      compare(key, random.sliced(n, make), random, tally);
      compare(key,
              random.sliced(n, [&](std::size_t rows) { return lists_of(random, rows, 1, make); }),
              random, tally);
    }
  });
  CHECK(tally.n_good > 100);
}

TEST_CASE("ids of links are read value by value if their dictionary is longer than the column") {
  const Looked links{coded(numbers<std::int8_t>("c", {1}), integers({5, 6}))};
  for (const std::string_view key : {"is_pinned_on__release", "belongs_to__application", "link"}) {
    const int key_index = FieldReader{carry, {}}.keys().find(key);
    const ArrowRows rows{0, 1};
    CHECK(read_by_value(key_index, links.column, rows).is_good);
    CHECK_FALSE(read_by_kernel(key_index, links.column, rows).is_good);
  }
}

}  // namespace
