#include "classify/classifier.hpp"

#include <random>

#include "support.hpp"
#include "table/write.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

constexpr std::size_t small_part = 2000;

/// All that reading a source comes to, as text: the table, or the error.
std::string outcome_of(const TextSource& source, const ReadOptions& options,
                       std::size_t n_threads) {
  Classifier classifier{options, Threads{n_threads}, small_part};
  try {
    classifier.read_json(source, "");
    const StatusTable table = classifier.finish(noon);
    std::string outcome = write(table.columns(), TextFormat::json, 0, table.size());
    for (const Gap& gap : *table.info().gaps) outcome += gap.field + " ";
    if (const auto time = classifier.builder().envelopes().fetched_at)
      outcome += format_timestamp(*time);
    if (const auto time = table.info().newest_event) outcome += format_timestamp(*time);
    return outcome + classifier.builder().envelopes().unreadable_fetched_at;
  } catch (const JsonError& error) {
    return error.what();
  } catch (const RecordError& error) {
    return std::string{error.what()} + error.pointer;
  } catch (const MissingFieldsError& error) {
    return std::string{error.what()} + std::to_string(error.index);
  } catch (const NotDevicesError& error) {
    std::string all = std::string{error.what()} + error.value + error.source_name;
    for (const std::string& key : error.keys) all += "," + key;
    return all;
  }
}

/// A text that is read as a file is, piece by piece.
class TextInPieces final : public TextSource {
 public:
  explicit TextInPieces(std::string_view text) : text_(text) {}

  [[nodiscard]] std::size_t size() const noexcept override { return text_.size(); }
  [[nodiscard]] std::optional<std::string_view> in_memory() const noexcept override {
    return std::nullopt;
  }
  std::size_t read(std::size_t offset, std::span<char> to) const override {
    return TextInMemory{text_}.read(offset, to);
  }

 private:
  std::string_view text_;
};

std::string outcome_of(std::string_view source, const ReadOptions& options, std::size_t n_threads) {
  return outcome_of(TextInMemory{source}, options, n_threads);
}

void check_threads_agree(std::string_view source, const ReadOptions& options) {
  const std::string expected = outcome_of(source, options, 1);
  for (const std::size_t n_threads : {2, 5}) {
    if (outcome_of(source, options, n_threads) != expected) FAIL(source.substr(0, 3000));
  }
  for (const std::size_t n_threads : {1, 3}) {
    const std::string from_pieces = outcome_of(TextInPieces{source}, options, n_threads);
    if (from_pieces != expected) FAIL(source.substr(0, 3000));
  }
}

void check_threads_agree(std::string_view source) {
  for (const auto& options : {ReadOptions{}, lenient(), keeping()}) {
    check_threads_agree(source, options);
  }
}

/// Devices of several fleets with lists of objects inside.
std::vector<std::string> devices(std::size_t n) {
  std::vector<std::string> devices;
  for (std::size_t i = 0; i < n; ++i) {
    const std::string number = std::to_string(i);
    devices.push_back(device(R"("uuid":"u)" + number + R"(","application":[{"id":)" +
                             std::to_string((i * i + i / 50) % 7) + R"(,"slug":"org/)" +
                             std::to_string((i / 7) % 5) + R"("}],"image_install":[{"id":)" +
                             number + R"(,"status":"Running"},{"id":2}])"));
  }
  return devices;
}

struct Form {
  std::string_view open, between, close;
};
constexpr Form lines{"", "\n", "\n"};
constexpr Form list{"[", ",", "]"};
constexpr Form envelope{R"({"fetched_at":"2026-10-31T00:00:00Z","d":[)", ",\n ", "]}"};
constexpr Form two_lists{"[", ",", "]\n"};

std::string source_of(const std::vector<std::string>& records, const Form& form) {
  std::string source{form.open};
  for (const std::string& record : records) {
    if (&record != &records.front()) source += form.between;
    source += record;
  }
  return source += form.close;
}

TEST_CASE("a source is the same table on any number of threads, in every form") {
  for (const Form& form : {lines, list, envelope})
    check_threads_agree(source_of(devices(300), form));
  const std::string some = source_of(devices(90), two_lists);
  const std::string page = source_of(devices(90), envelope);
  check_threads_agree(some + some + some);
  check_threads_agree(page + "\n" + some + source_of(devices(90), lines) + page);
}

TEST_CASE("the first bad record is told, whichever thread meets one first") {
  for (const std::size_t bad : {0, 1, 2, 57, 250, 299}) {
    for (const Form& form : {lines, list, envelope}) {
      auto records = devices(300);
      records[bad] = device(R"("uuid":17)");
      records.back() = device(R"("is_active":"no")");
      check_threads_agree(source_of(records, form));
      records[bad] = "17";
      check_threads_agree(source_of(records, form));
      records[bad] = "{\"uuid\":}";
      check_threads_agree(source_of(records, form));
      records[bad].pop_back();
      check_threads_agree(source_of(records, form));
    }
  }
}

TEST_CASE("pages and fleets come to the same on any number of threads") {
  constexpr Form pages{"[[", "],[", "]]"};
  constexpr Form envelopes{R"([{"d":[)", R"(]},{"fetched_at":"2026-10-01T00:00:00Z","d":[)", "]}]"};
  constexpr Form one_page{"[[", ",", "]]"};
  constexpr Form fleets{R"({"slug":"org\/x","owns__device":[)",
                        "]}\n{\"slug\":\"org\\/y\",\"owns__device\":[", "]}\n"};
  constexpr Form one_fleet{R"([{"slug":"org\/x","owns__device":[)", ",", "]}]"};
  for (const Form& form : {pages, envelopes, one_page, fleets, one_fleet}) {
    check_threads_agree(source_of(devices(60), form));
    for (const std::size_t bad : {0, 2, 40}) {
      auto records = devices(60);
      for (const char* other : {"17", R"({"id":1})", R"({"error":"Gone"})", "{\"id\":}", "[17]",
                                R"({"is_frozen":true,"id":"x"})"}) {
        records[bad] = other;
        check_threads_agree(source_of(records, form));
      }
    }
  }
}

TEST_CASE("what is no device is told of the same record") {
  const std::string stranger = R"({"id":1,"slug":"org/a"})";
  for (const Form& form : {lines, list, envelope}) {
    check_threads_agree(source_of(std::vector<std::string>(120, stranger), form));
    std::vector<std::string> records(120, stranger);
    records.back() = device();
    check_threads_agree(source_of(records, form));
    records.front() = "17";
    check_threads_agree(source_of(records, form));
    records = devices(60);
    for (const std::size_t i : {0, 1, 40, 59}) {
      records[i] = stranger;
      check_threads_agree(source_of(records, form));
    }
  }
  check_threads_agree(source_of(std::vector<std::string>(120, stranger), lines) + "x\n");
  check_threads_agree(source_of(devices(60), lines) + "Unauthorized\n" +
                      source_of(devices(60), lines));
}

TEST_CASE("kept records have their own numbers") {
  auto records = devices(300);
  for (std::size_t i = 3; i < records.size(); i += 10) records[i] = device(R"("uuid":17)");
  const std::string outcome = outcome_of(source_of(records, list), keeping(), 4);
  CHECK(outcome.find("record 293: uuid") != std::string::npos);
}

TEST_CASE("a link that some records lack is told of the same one") {
  const std::string unlinked = R"({"uuid":"a","api_heartbeat_state":"online"})";
  for (const std::size_t i : {0, 100, 299}) {
    auto records = devices(300);
    records[i] = unlinked;
    check_threads_agree(source_of(records, lines));
    std::vector<std::string> others(300, unlinked);
    others[i] = device();
    check_threads_agree(source_of(others, list));
  }
  check_threads_agree(source_of(std::vector<std::string>(300, unlinked), list));
}

TEST_CASE("fields that are seen late are not missing") {
  std::vector<std::string> records(300, R"({"uuid":"a","is_online":true})");
  records.back() = device(R"("overall_status":"x")");
  check_threads_agree(source_of(records, lines));
}

TEST_CASE("sources one after another make one table") {
  const std::string text = source_of(devices(100), list);
  const std::string one_more = bare();
  Classifier one{lenient(), Threads{1}, small_part};
  Classifier many{lenient(), Threads{3}, small_part};
  for (Classifier* classifier : {&one, &many}) {
    for (const std::string_view source : {std::string_view{text}, std::string_view{one_more},
                                          std::string_view{text}, std::string_view{""}}) {
      classifier->read_json(source, "");
    }
  }
  const StatusTable expected = one.finish(noon);
  const StatusTable table = many.finish(noon);
  CHECK(table.size() == 201);
  CHECK(write(table.columns(), TextFormat::csv, 0, 201) ==
        write(expected.columns(), TextFormat::csv, 0, 201));
}

TEST_CASE("a table that is cut holds the records since the last one, and reading goes on") {
  const std::string text = source_of(devices(100), lines);
  for (const std::size_t n_threads : {1, 3}) {
    Classifier classifier{lenient(), Threads{n_threads}, small_part};
    classifier.read_json(text, "");
    CHECK(classifier.n_uncut() == 100);
    const StatusTable first = classifier.cut(noon, NowSource::given);
    CHECK(classifier.n_uncut() == 0);
    CHECK(first.size() == 100);
    CHECK_FALSE(first.info().knows_fleets);
    classifier.read_json(text, "");
    classifier.read_json(text, "");
    CHECK(classifier.n_uncut() == 200);
    const StatusTable second = classifier.cut(noon, NowSource::given);
    CHECK(second.size() == 200);
    CHECK(write(second.columns(), TextFormat::csv, 101, 200) ==
          write(first.columns(), TextFormat::csv, 1, 100));  // 0 writes the header
    CHECK(classifier.builder().n_records() == 300);
  }
}

TEST_CASE("broken sources end the same on any number of threads") {
  std::mt19937 random{5};
  const auto pick = [&](std::size_t n) { return random() % n; };
  constexpr std::string_view pieces = "{}[]\",:\\\n x0\xFF";
  for (int i = 0; i < 400; ++i) {
    const Form form = std::array{lines, list, envelope}[pick(3)];
    std::string source = source_of(devices(60), form);
    for (std::size_t n = 1 + pick(3); n > 0; --n) {
      const std::size_t at = pick(source.size());
      if (pick(2) == 0) source.erase(at, 1 + pick(3));
      source.insert(source.begin() + static_cast<std::ptrdiff_t>(at), pieces[pick(pieces.size())]);
    }
    check_threads_agree(source, i % 2 == 0 ? ReadOptions{} : keeping());
  }
}

}  // namespace
