#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cells.hpp"
#include "support.hpp"
#include "table/column.hpp"
#include "table/status_table.hpp"

namespace fleetstatus::testing {

/// A device of a fleet as JSON. Members in `more` override earlier ones.
inline std::string device_of(std::string_view uuid, std::string_view more = "",
                             std::string_view fleet = "acme/kiosk") {
  std::string members = R"("uuid":")" + std::string{uuid} + R"(","device_name":"name-)" +
                        std::string{uuid} + R"(","belongs_to__application":[{"slug":")" +
                        std::string{fleet} + R"("}],"last_vpn_event":"2026-10-20T08:00:00Z",)" +
                        R"("is_running__release":{"__id":1,"raw_version":"1.0.0"},)" +
                        R"("update_status":"done",)" +
                        R"("last_update_status_event":"2026-10-20T09:00:00Z")";
  if (!more.empty()) members.append(",").append(more);
  return device(members);
}

/// Both links down since a time.
inline std::string down_since(std::string_view time) {
  const std::string text{time};
  return R"("is_connected_to_vpn":false,"api_heartbeat_state":"offline","last_vpn_event":")" +
         text + R"(","changed_api_heartbeat_state_on__date":")" + text + R"(")";
}

/// Cloudlink down since a time; the heartbeat is well.
inline std::string cloudlink_down_since(std::string_view time) {
  return R"("is_connected_to_vpn":false,"last_vpn_event":")" + std::string{time} + R"(")";
}

/// A snapshot of devices, some minutes after noon.
inline StatusTable snapshot(const std::vector<std::string>& records, std::chrono::minutes after,
                            const ReadOptions& options = keeping()) {
  std::string all = "[";
  for (const std::string& record : records) all += (all.size() > 1 ? "," : "") + record;
  TableInfo info = read_table(all + "]", options).info();
  info.now = noon + after;
  return read_table(all + "]", options).with(std::move(info));
}

/// Some columns of changes as text, a line for each change.
inline std::string lines_of(const std::vector<NamedColumn>& changes,
                            std::initializer_list<std::string_view> names) {
  std::string all;
  for (std::size_t row = 0; row < changes.front().second.size(); ++row) {
    if (!all.empty()) all += '\n';
    bool is_first = true;
    for (const std::string_view wanted : names) {
      for (const auto& [name, column] : changes) {
        if (name != wanted) continue;
        all.append(is_first ? "" : " ").append(cell(column, row));
        is_first = false;
      }
    }
  }
  return all;
}

}  // namespace fleetstatus::testing
