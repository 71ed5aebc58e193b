#include "changes/join_rows.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>

#include "changes/last_rows.hpp"
#include "support.hpp"
#include "table/text_builder.hpp"

using namespace fleetstatus;

namespace {

using Texts = std::vector<std::optional<std::string>>;

/// A column in chunks of some rows.
Column column_of(const Texts& texts, TextLayout layout = TextLayout::large_utf8,
                 std::size_t rows_per_chunk = ~std::size_t{0}) {
  std::vector<TextChunk> chunks;
  TextBuilder builder{layout};
  for (std::size_t row = 0; row < texts.size(); ++row) {
    if (row > 0 && row % rows_per_chunk == 0) chunks.push_back(builder.finish());
    builder.push_back(texts[row] ? std::optional<std::string_view>{*texts[row]} : std::nullopt);
  }
  chunks.push_back(builder.finish());
  return Column{std::move(chunks)};
}

bool is_uuid(const std::optional<std::string>& text) { return text && !text->empty(); }

std::map<std::string, RowIndex> rows_by_uuid(const Texts& texts) {
  std::map<std::string, RowIndex> rows;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    if (is_uuid(texts[row])) rows[*texts[row]] = static_cast<RowIndex>(row);
  }
  return rows;
}

/// The same, slowly.
JoinedRows joined_slowly(const Texts& old_texts, const Texts& new_texts) {
  const auto old_rows = rows_by_uuid(old_texts);
  const auto new_rows = rows_by_uuid(new_texts);
  JoinedRows joined;
  joined.old_row_of.assign(new_texts.size(), no_row);
  for (const auto& [uuid, row] : new_rows) {
    if (old_rows.contains(uuid)) joined.old_row_of[row] = old_rows.at(uuid);
  }
  const auto last_rows = [](const Texts& texts, const auto& rows, std::vector<RowIndex>& last) {
    bool is_repeated = false;
    for (std::size_t row = 0; row < texts.size(); ++row) {
      last.push_back(is_uuid(texts[row]) ? rows.at(*texts[row]) : static_cast<RowIndex>(row));
      is_repeated = is_repeated || last.back() != row;
    }
    if (!is_repeated) last.clear();
  };
  last_rows(old_texts, old_rows, joined.old_last_rows);
  last_rows(new_texts, new_rows, joined.new_last_rows);
  return joined;
}

void check_join(const Texts& old_texts, const Texts& new_texts, const Column& old_column,
                const Column& new_column) {
  const JoinedRows expected = joined_slowly(old_texts, new_texts);
  for (const std::size_t n_threads : {1, 3}) {
    const JoinedRows joined = join_rows(Uuids{old_column}, Uuids{new_column}, n_threads);
    CHECK(joined.old_row_of == expected.old_row_of);
    CHECK(joined.old_last_rows == expected.old_last_rows);
    CHECK(joined.new_last_rows == expected.new_last_rows);
  }
}

void check_join(const Texts& old_texts, const Texts& new_texts) {
  check_join(old_texts, new_texts, column_of(old_texts), column_of(new_texts));
}

Texts hex_uuids(std::size_t n, unsigned seed = 1) {
  std::mt19937 random{seed};
  Texts texts;
  for (std::size_t i = 0; i < n; ++i) {
    std::string text;
    for (int digit = 0; digit < 32; ++digit) text += "0123456789abcdef"[random() % 16];
    texts.emplace_back(text);
  }
  return texts;
}

TEST_CASE("rows are joined by uuid in any order") {
  check_join({"a", "b", "c", "d"}, {"d", "b", "e", "c", "b"});
  CHECK(join_rows(Uuids{column_of({"a", "b", "c", "d"})},
                  Uuids{column_of({"d", "b", "e", "c", "b"})}, 1)
            .old_row_of == std::vector<RowIndex>{3, no_row, no_row, 2, 1});
}

TEST_CASE("rows in the same order are joined, however many there are") {
  for (const std::size_t n : {0, 1, 2, 31, 32, 33, 34, 63, 64, 65, 66, 97, 200}) {
    const Texts old_texts = hex_uuids(n);
    check_join(old_texts, old_texts);
    check_join(old_texts, {});
    check_join({}, old_texts);
    for (std::size_t row = 0; row < n; row += n < 40 ? 1 : 13) {
      Texts gone = old_texts;
      gone.erase(gone.begin() + static_cast<std::ptrdiff_t>(row));
      check_join(old_texts, gone);
      check_join(gone, old_texts);
      Texts other = old_texts;
      other[row]->back() = 'x';
      check_join(old_texts, other);
    }
  }
}

TEST_CASE("of one uuid the last row is joined, wherever the others are") {
  const Texts unique = hex_uuids(130);
  for (const std::size_t first : {0, 31, 32, 63, 64}) {
    for (const std::size_t second : {33, 65, 95, 96, 129}) {
      if (first == second) continue;
      Texts repeated = unique;
      repeated[second] = repeated[first];
      check_join(repeated, repeated);
      check_join(unique, repeated);
      check_join(repeated, unique);
      Texts more = unique;
      more.push_back(unique[first]);
      check_join(unique, more);
      check_join(more, unique);
      more.push_back("new");
      more.push_back("new");
      check_join(unique, more);
    }
  }
}

TEST_CASE("empty uuids and nulls are no devices") {
  check_join({std::nullopt, "", "a"}, {std::nullopt, "", "a"});
  check_join({std::nullopt, std::nullopt}, {std::nullopt, ""});
  Texts texts = hex_uuids(100);
  for (const std::size_t row : {0, 31, 32, 64, 99}) {
    texts[row] = std::nullopt;
    check_join(texts, texts);
    texts[row] = "";
    check_join(texts, texts);
  }
}

TEST_CASE("a text below a null counts for nothing") {
  TextChunk chunk = column_of({"a", "b", "c"}).texts()->chunks().front();
  chunk.validity = Buffer::of(std::vector<std::uint8_t>{0b101});
  check_join({"a", std::nullopt, "c"}, {"b", "a", "c"}, Column{{chunk}},
             column_of({"b", "a", "c"}));
  check_join({"a", "b", "c"}, {"a", std::nullopt, "c"}, column_of({"a", "b", "c"}),
             Column{{chunk}});
}

TEST_CASE("uuids may have any layout, chunks and offsets") {
  Texts old_texts = hex_uuids(150);
  old_texts[70] = old_texts[3];
  Texts new_texts = old_texts;
  new_texts.erase(new_texts.begin() + 40);
  new_texts[100] = "short";
  constexpr std::array layouts{TextLayout::utf8, TextLayout::large_utf8, TextLayout::utf8_view};
  for (const TextLayout old_layout : layouts) {
    for (const TextLayout new_layout : layouts) {
      for (const std::size_t rows_per_chunk : {1, 32, 50, 1000}) {
        check_join(old_texts, new_texts, column_of(old_texts, old_layout, rows_per_chunk),
                   column_of(new_texts, new_layout, 37));
      }
    }
  }
  const TextChunk whole = column_of(old_texts).texts()->chunks().front();
  const Texts part(old_texts.begin() + 5, old_texts.begin() + 145);
  check_join(part, new_texts, Column{{whole.slice(5, 140)}}, column_of(new_texts));
  check_join(new_texts, part, column_of(new_texts), Column{{whole.slice(5, 140)}});
}

TEST_CASE("random snapshots are joined as by a map") {
  std::mt19937 random{7};
  for (int round = 0; round < 300; ++round) {
    Texts all = hex_uuids(random() % 300, static_cast<unsigned>(random()));
    for (auto& text : all) {
      if (random() % 8 == 0) text = text->substr(0, random() % 5);
      if (random() % 16 == 0) *text += std::string(random() % 50, 'x');
      if (round % 3 == 0 && random() % 16 == 0) text = std::nullopt;
    }
    const auto some = [&] {
      Texts texts;
      for (const auto& text : all) {
        if (random() % 10 != 0) texts.push_back(text);
        if (round % 2 == 0 && random() % 20 == 0) texts.push_back(text);
      }
      if (round % 4 == 1) std::ranges::shuffle(texts, random);
      if (round % 4 == 2) {
        std::ranges::rotate(texts, texts.begin() + static_cast<std::ptrdiff_t>(texts.size() / 2));
      }
      return texts;
    };
    check_join(some(), some());
  }
}

TEST_CASE("uuids that begin and end alike are told apart in large snapshots") {
  Texts texts;
  for (int i = 0; i < 20'000; ++i) {
    texts.emplace_back("12345678" + std::to_string(100'000 + i) + "87654321");
  }
  const auto last_rows = [&] {
    const Uuids uuids{column_of(texts)};
    return last_rows_of(uuids, hashes_of(uuids));
  };
  CHECK(last_rows().empty());
  texts.push_back(texts.front());
  CHECK(last_rows().front() == 20'000);
}

}  // namespace
