#include "table/column_store.hpp"

#include <array>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

constexpr std::array types{ColumnType::int64, ColumnType::boolean, ColumnType::large_utf8,
                           ColumnType::code32};

/// Values for every type, of which some are null.
struct Rows {
  std::vector<std::string> texts;
  OptionalColumn<std::int64_t> numbers;
  OptionalColumn<bool> flags;
  OptionalColumn<std::string_view> words;
  BatchMemory memory;

  template <class Visitor>
  void for_each_column(Visitor visit) {
    visit(numbers), visit(flags), visit(words);
  }

  /// @param nulls  how many of a hundred
  Rows(std::size_t n, unsigned nulls, unsigned seed) : texts(n) {
    std::mt19937 random{seed};
    memory.make_room(*this, n);
    for (std::size_t i = 0; i < n; ++i) {
      texts[i] = std::string(random() % 40, static_cast<char>('a' + random() % 5));
      const auto is_null = [&] { return random() % 100 < nulls; };
      if (!is_null()) numbers.set(i, static_cast<std::int64_t>(random()));
      if (!is_null()) flags.set(i, random() % 2 == 0);
      if (!is_null()) words.set(i, texts[i]);
    }
  }

  /// Puts all rows in two goes.
  void put_into(ColumnStore& store) const {
    const std::size_t half = texts.size() / 2;
    const std::size_t rest = texts.size() - half;
    Rows second{rest, 100, 0};
    for (std::size_t i = 0; i < rest; ++i) {
      second.numbers.put(i, numbers[half + i]);
      second.flags.put(i, flags[half + i]);
      second.words.put(i, words[half + i]);
    }
    put_some(store, half);
    second.put_some(store, rest);
  }

 private:
  void put_some(ColumnStore& store, std::size_t n) const {
    const std::size_t first = store.add_rows(n);
    store.put(0, first, numbers, n);
    store.put(1, first, flags, n);
    for (const std::size_t column : {2, 3}) store.put(column, first, words, n);
  }
};

std::string cells(const ColumnStore& store, std::size_t column) {
  return testing::cells(store.column(column, nullptr));
}

/// All columns of stores, one store after another.
std::vector<std::string> cells(const std::vector<ColumnStore*>& stores) {
  std::vector<std::string> all(types.size());
  for (std::size_t column = 0; column < types.size(); ++column) {
    for (const ColumnStore* store : stores) {
      if (store->size() == 0) continue;
      all[column] += (all[column].empty() ? "" : "|") + cells(*store, column);
    }
  }
  return all;
}

std::vector<std::string> cells(ColumnStore& store) { return cells(std::vector{&store}); }

std::vector<ColumnStore*> pointers(std::vector<ColumnStore>& stores) {
  std::vector<ColumnStore*> all;
  for (ColumnStore& store : stores) all.push_back(&store);
  return all;
}

TEST_CASE("stores side by side are joined to what they hold, wherever nulls are") {
  const std::vector<std::vector<std::size_t>> all_sizes{
      {5}, {8, 3}, {1024, 2048, 777}, {0, 16, 0, 8, 1}, {64, 0}};
  for (const auto& sizes : all_sizes) {
    for (const unsigned nulls : {0U, 30U, 100U}) {
      for (std::size_t with_nulls = 0; with_nulls <= sizes.size(); ++with_nulls) {
        std::vector<ColumnStore> stores = ColumnStore::side_by_side(types, sizes);
        for (std::size_t i = 0; i < sizes.size(); ++i) {
          const bool has_nulls = i == with_nulls || with_nulls == sizes.size();
          Rows{sizes[i], has_nulls ? nulls : 0, static_cast<unsigned>(i)}.put_into(stores[i]);
        }
        const auto expected = cells(pointers(stores));
        ColumnStore whole{types};
        REQUIRE(whole.adopt(pointers(stores)));
        for (std::size_t i = 0; i < types.size(); ++i) whole.join(i, pointers(stores));
        CHECK(whole.size() == std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}));
        CHECK(cells(whole) == expected);
      }
    }
  }
}

TEST_CASE("what has a fixed width stays where it is when stores are joined") {
  std::vector<ColumnStore> stores =
      ColumnStore::side_by_side(types, std::array<std::size_t, 2>{64, 64});
  for (ColumnStore& store : stores) Rows{64, 10, 1}.put_into(store);
  const auto* const first = stores[0].values<std::int64_t>(0).data();
  CHECK(stores[1].values<std::int64_t>(0).data() == first + 64);
  ColumnStore whole{types};
  REQUIRE(whole.adopt(pointers(stores)));
  whole.join(0, pointers(stores));
  CHECK(whole.values<std::int64_t>(0).data() == first);
}

TEST_CASE("stores that are not full, or lie elsewhere, are not adopted") {
  std::vector<ColumnStore> stores =
      ColumnStore::side_by_side(types, std::array<std::size_t, 2>{8, 8});
  Rows{8, 0, 1}.put_into(stores[0]);
  ColumnStore whole{types};
  CHECK_FALSE(whole.adopt(pointers(stores)));
  Rows{8, 0, 1}.put_into(stores[1]);
  CHECK_FALSE(whole.adopt(std::vector{&stores[1], &stores[0]}));
  ColumnStore elsewhere{types};
  Rows{8, 0, 1}.put_into(elsewhere);
  CHECK_FALSE(whole.adopt(std::vector{&stores[0], &elsewhere}));
  Rows{8, 0, 1}.put_into(stores[1]);  // more than there was room for
  CHECK_FALSE(whole.adopt(pointers(stores)));
  CHECK(whole.adopt(std::vector{&stores[0]}));
}

TEST_CASE("columns are copied one behind the other, wherever nulls are") {
  for (const unsigned nulls : {0U, 30U, 100U}) {
    for (const std::size_t with_nulls : {0, 1, 2, 3}) {
      std::vector<ColumnStore> stores;
      ColumnStore whole{types};
      for (const std::size_t n : {3, 9, 100}) {
        const bool has_nulls = stores.size() == with_nulls || with_nulls == 3;
        Rows{n, has_nulls ? nulls : 0, static_cast<unsigned>(n)}.put_into(
            stores.emplace_back(types));
        const std::size_t first = whole.add_rows(n);
        for (std::size_t i = 0; i < types.size(); ++i) {
          whole.copy(i, first, stores.back().column(i, nullptr));
        }
      }
      CHECK(cells(whole) == cells(pointers(stores)));
    }
  }
}

TEST_CASE("a store grows without losing what it holds, and room asked for is enough") {
  for (const std::size_t reserved : {0, 1, 100, 5000}) {
    ColumnStore store{types};
    store.reserve(reserved);
    std::vector<ColumnStore> parts;
    for (const std::size_t n : {1, 7, 100, 3000}) {
      const Rows rows{n, 20, static_cast<unsigned>(n)};
      rows.put_into(parts.emplace_back(types));
      rows.put_into(store);
    }
    CHECK(cells(store) == cells(pointers(parts)));
  }
}

TEST_CASE("what holds nothing but nulls needs no memory of its own until a value comes") {
  ColumnStore store{types};
  Rows{3, 100, 1}.put_into(store);
  for (std::size_t i = 0; i < types.size(); ++i) CHECK(store.is_null(i));
  Rows{3, 0, 2}.put_into(store);
  for (std::size_t i = 0; i < types.size(); ++i) CHECK_FALSE(store.is_null(i));
  Rows{3, 100, 3}.put_into(store);
  ColumnStore alone{types};
  Rows{3, 0, 2}.put_into(alone);
  for (std::size_t i = 0; i < types.size(); ++i) {
    CHECK(cells(store, i) == "null|null|null|" + cells(alone, i) + "|null|null|null");
  }
}

}  // namespace
