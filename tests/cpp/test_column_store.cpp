#include "table/column_store.hpp"

#include <array>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "columns.hpp"
#include "support.hpp"
#include "table/join_columns.hpp"

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

/// All columns of a store.
std::vector<Column> finished(ColumnStore& store) {
  store.complete();
  std::vector<Column> columns;
  for (std::size_t i = 0; i < types.size(); ++i) columns.push_back(store.column(i));
  return columns;
}

using Columns = std::vector<Column>;

/// All columns, one part after another.
std::vector<std::string> cells(const std::vector<Columns>& parts) {
  std::vector<std::string> all(types.size());
  for (std::size_t column = 0; column < types.size(); ++column) {
    for (const Columns& part : parts) {
      if (part[column].size() == 0) continue;
      all[column] += (all[column].empty() ? "" : "|") + testing::cells(part[column]);
    }
  }
  return all;
}

Columns joined(const std::vector<Columns>& parts) {
  Columns whole;
  for (std::size_t column = 0; column < types.size(); ++column) {
    std::vector<Column> of_parts;
    for (const Columns& part : parts) of_parts.push_back(part[column]);
    whole.push_back(join_columns(of_parts));
  }
  return whole;
}

const std::vector<std::vector<std::size_t>> all_sizes{
    {5}, {8, 3}, {1024, 2048, 777}, {0, 16, 0, 8, 1}, {64, 0}};

/// Columns of stores that lie side by side, or each elsewhere; some or all of them with nulls.
template <class Check>
void for_all_parts(bool side_by_side, Check check) {
  for (const auto& sizes : all_sizes) {
    for (const unsigned nulls : {0U, 30U, 100U}) {
      for (std::size_t with_nulls = 0; with_nulls <= sizes.size(); ++with_nulls) {
        std::vector<ColumnStore> stores;
        if (side_by_side) stores = ColumnStore::side_by_side(types, sizes);
        std::vector<Columns> parts;
        for (std::size_t i = 0; i < sizes.size(); ++i) {
          const bool has_nulls = i == with_nulls || with_nulls == sizes.size();
          if (!side_by_side) stores.emplace_back(types);
          Rows{sizes[i], has_nulls ? nulls : 0, static_cast<unsigned>(i)}.put_into(stores[i]);
          parts.push_back(finished(stores[i]));
        }
        check(parts);
      }
    }
  }
}

TEST_CASE("parts are joined to what they hold, wherever they lie and nulls are") {
  for (const bool side_by_side : {true, false}) {
    for_all_parts(side_by_side, [](const std::vector<Columns>& parts) {
      CHECK(cells({joined(parts)}) == cells(parts));
    });
  }
}

TEST_CASE("values of parts that lie side by side are not copied, nor are texts anywhere") {
  std::vector<ColumnStore> stores =
      ColumnStore::side_by_side(types, std::array<std::size_t, 2>{64, 64});
  std::vector<Columns> parts;
  for (ColumnStore& store : stores) {
    Rows{64, 10, 1}.put_into(store);
    parts.push_back(finished(store));
  }
  const Columns whole = joined(parts);
  for (const std::size_t column : {0, 1}) {
    CHECK(whole[column].values().data == parts[0][column].values().data);
  }
  CHECK(whole[2].texts()->chunks().back().values.data ==
        parts[1][2].texts()->chunks().front().values.data);
}

TEST_CASE("values are copied where parts leave a gap, are in another order, or share no block") {
  const std::array<std::size_t, 2> sizes{8, 8};
  const auto filled = [&](std::size_t n_of_first) {
    std::vector<ColumnStore> stores = ColumnStore::side_by_side(types, sizes);
    Rows{n_of_first, 0, 1}.put_into(stores[0]);
    Rows{8, 0, 2}.put_into(stores[1]);
    return std::vector{finished(stores[0]), finished(stores[1])};
  };
  for (const std::size_t n : {7, 8, 9}) {  // 9: more than there is room for
    const std::vector<Columns> parts = filled(n);
    CHECK(cells({joined(parts)}) == cells(parts));
    CHECK((joined(parts)[0].values().data == parts[0][0].values().data) == (n == 8));
  }
  const std::vector<Columns> parts = filled(8);
  CHECK(cells({joined({parts[1], parts[0]})}) == cells({parts[1], parts[0]}));
  CHECK(cells({joined({parts[0], filled(8)[1]})}) == cells(parts));
}

TEST_CASE("a store grows without losing what it holds, and room asked for is enough") {
  for (const std::size_t reserved : {0, 1, 100, 5000}) {
    ColumnStore store{types};
    store.reserve(reserved);
    std::vector<Columns> parts;
    for (const std::size_t n : {1, 7, 100, 3000}) {
      const Rows rows{n, 20, static_cast<unsigned>(n)};
      ColumnStore alone{types};
      rows.put_into(alone);
      parts.push_back(finished(alone));
      rows.put_into(store);
    }
    CHECK(cells({finished(store)}) == cells(parts));
  }
}

TEST_CASE("nulls may come before values and behind them") {
  for (const bool begins_with_nulls : {true, false}) {
    ColumnStore store{types};
    std::vector<Columns> parts;
    for (unsigned i = 0; i < 4; ++i) {
      const Rows rows{3, (i % 2 == 0) == begins_with_nulls ? 100U : 0U, i};
      ColumnStore alone{types};
      rows.put_into(alone);
      parts.push_back(finished(alone));
      rows.put_into(store);
    }
    CHECK(cells({finished(store)}) == cells(parts));
  }
}

TEST_CASE("chunks are kept between texts that are copied; other layouts make all be copied") {
  constexpr std::array one{ColumnType::large_utf8};
  for (const TextLayout layout : {TextLayout::large_utf8, TextLayout::utf8_view}) {
    const TextChunk chunk = texts(layout, {"left out", "kept as it is", std::nullopt})
                                .texts()
                                ->chunks()
                                .front()
                                .slice(1, 2);
    OptionalColumn<std::string_view> words;
    words.resize(2);
    words.set(1, "word");
    ColumnStore store{one};
    for (const bool is_chunk : {true, false, true, true, false}) {
      const std::size_t first = store.add_rows(2);
      if (is_chunk) {
        store.put(0, chunk);
      } else {
        store.put(0, first, words, 2);
      }
    }
    store.complete();
    const Column column = store.column(0);
    CHECK(testing::cells(column) ==
          "kept as it is|null|null|word|kept as it is|null|kept as it is|null|null|word");
    CHECK(column.type() == ColumnType::large_utf8);
    const bool is_kept = column.text(0)->data() == chunk.text_at(0).data();
    CHECK(is_kept == (layout == TextLayout::large_utf8));
  }
}

TEST_CASE("an empty part of another layout does not make texts be copied") {
  const Column words = texts(TextLayout::utf8_view, {"a text that is long enough"});
  const Column nothing = texts(TextLayout::large_utf8, {});
  for (const auto& parts : {std::vector{nothing, words}, std::vector{words, nothing}}) {
    CHECK(join_columns(parts).text(0)->data() == words.text(0)->data());
  }
  CHECK(join_columns(std::vector{nothing, nothing}).size() == 0);
}

}  // namespace
