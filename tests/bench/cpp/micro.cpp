// How long each part of the engine works on a device, without Python and in one thread.
// Usage: fleetstatus_micro FILE [ROUNDS], an API response; prints a line for each part.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clock.hpp"
#include "readers/arrow_reader.hpp"
#include "readers/arrow_stream.hpp"
#include "readers/arrow_type.hpp"
#include "readers/column_reader.hpp"
#include "readers/json_reader.hpp"
#include "readers/record_builder.hpp"
#include "table/arrow_export.hpp"
#include "table/status_table.hpp"
#include "table/table_builder.hpp"

namespace fleetstatus::bench {
namespace {

/// Columns of answers that may stand for fields of their kind: flags, times, numbers, codes, texts.
struct StandIn {
  std::string_view field;
  ColumnId column;
};
constexpr std::array stand_ins{
    StandIn{"id", ColumnId::id},
    StandIn{"uuid", ColumnId::uuid},
    StandIn{"device_name", ColumnId::device_name},
    StandIn{"is_active", ColumnId::cloudlink_expected},
    StandIn{"is_frozen", ColumnId::heartbeat},
    StandIn{"is_connected_to_vpn", ColumnId::cloudlink},
    StandIn{"api_heartbeat_state", ColumnId::heartbeat_state},
    StandIn{"last_connectivity_event", ColumnId::cloudlink_since},
    StandIn{"changed_api_heartbeat_state_on__date", ColumnId::heartbeat_since},
    StandIn{"provisioning_state", ColumnId::fleet},
    StandIn{"provisioning_progress", ColumnId::heartbeat_window_s},
    StandIn{"download_progress", ColumnId::progress},
    StandIn{"status", ColumnId::update_status},
    StandIn{"last_update_status_event", ColumnId::update_status_since},
    StandIn{"supervisor_version", ColumnId::update_status_support},
};

std::string content_of(const char* path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) throw std::runtime_error(std::string{"cannot read "} + path);
  return {std::istreambuf_iterator<char>{file}, {}};
}

ReadOptions options() {
  ReadOptions options;
  options.allow_missing = FieldSet::all();
  return options;
}

std::size_t read_json(std::string_view content, RecordBuilder::Sink sink) {
  RecordBuilder builder{options(), std::move(sink)};
  JsonReader reader{builder};
  reader.read(content, "");
  builder.finish();
  return builder.n_records();
}

void read_arrow(const std::vector<NamedColumn>& columns) {
  RecordBuilder builder{options(), [](const RecordColumns&) {}};
  ColumnReader reader{builder};
  ArrowArrayStream exported = arrow_stream(columns);
  ArrowStream stream{exported};
  const ArrowType type = arrow_type(*stream.schema());
  while (SharedArrowArray array = stream.next()) {
    const ArrowBatch batch{type, std::move(array), builder.fields().keys()};
    ArrowReader{reader}.read(batch, 0, batch.size());
  }
  builder.finish();
}

/// @return  seconds that go into the table, those of reading left out
double table_seconds(std::string_view content) {
  TableBuilder table;
  double total = 0;
  read_json(content, [&](const RecordColumns& batch) {
    total += cpu_seconds([&] { table.append(batch); });
  });
  return total + cpu_seconds([&] { static_cast<void>(table.finish({})); });
}

std::vector<NamedColumn> made_columns(std::string_view content) {
  TableBuilder builder;
  read_json(content, [&](const RecordColumns& batch) { builder.append(batch); });
  const StatusTable table = builder.finish({});
  std::vector<NamedColumn> columns;
  for (const auto& [field, column] : stand_ins) columns.emplace_back(field, table.column(column));
  return columns;
}

/// Prints the median.
template <class Timed>
void report(const char* part, std::size_t n_devices, std::size_t n_rounds, Timed timed) {
  std::vector<double> times(n_rounds);
  for (double& time : times) time = timed();
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(n_rounds / 2);
  std::nth_element(times.begin(), middle, times.end());
  std::printf("%-40s%8.1f ns/device\n", part, 1e9 * *middle / static_cast<double>(n_devices));
}

void report_all(const char* path, std::size_t n_rounds) {
  const std::string content = content_of(path);
  const auto no_sink = [](const RecordColumns&) {};
  const std::size_t n_devices = read_json(content, no_sink);
  const std::vector<NamedColumn> columns = made_columns(content);
  report("reader: JSON to RecordColumns", n_devices, n_rounds,
         [&] { return cpu_seconds([&] { read_json(content, no_sink); }); });
  report("kernels: Arrow columns to RecordColumns", n_devices, n_rounds,
         [&] { return cpu_seconds([&] { read_arrow(columns); }); });
  report("table: RecordColumns to StatusTable", n_devices, n_rounds,
         [&] { return table_seconds(content); });
}

}  // namespace
}  // namespace fleetstatus::bench

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::fprintf(stderr, "usage: fleetstatus_micro FILE [ROUNDS]\n");
    return 2;
  }
  try {
    const int n_rounds = argc == 3 ? std::max(std::atoi(argv[2]), 1) : 5;
    fleetstatus::bench::report_all(argv[1], static_cast<std::size_t>(n_rounds));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
