#include "bindings/tracker_state.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace fleetstatus {
namespace {

using Milli = std::optional<std::int64_t>;

[[noreturn]] void refuse(std::string_view column) {
  throw ArgumentError("the tracker's file is damaged: a device has no such " + std::string{column});
}

Milli ms_of(MaybeTime time) { return to_ms(time.get()); }

MaybeTime time_of(const Milli& ms) { return ms ? std::optional{from_ms(*ms)} : std::nullopt; }

std::optional<std::string_view> label_of(const Scheme& scheme, std::int8_t status) {
  if (status < 0) return std::nullopt;
  return scheme.labels[static_cast<std::size_t>(status)];
}

std::int8_t status_from(const Scheme& scheme, const std::optional<std::string>& label) {
  if (!label) return -1;
  for (std::size_t i = 0; i < scheme.labels.size(); ++i) {
    if (scheme.labels[i] == *label) return static_cast<std::int8_t>(i);
  }
  refuse("status");
}

std::optional<std::string_view> name_of(const SeenStatus& seen) {
  return seen.is_set() ? std::optional{reasons[seen.reason]} : std::nullopt;
}

Reason reason_from(const std::optional<std::string>& name) {
  if (!name) return Reason::unknown;
  const auto reason = reasons.find(*name);
  if (!reason) refuse("reason");
  return *reason;
}

/// Reads the values of a row one after another.
class RowReader {
 public:
  RowReader(const py::tuple& row, const Scheme& scheme) : row_(row), scheme_(scheme) {
    if (row.size() != state_columns.size() + 1) refuse("row");
  }

  template <class T>
  T read() {
    try {
      return row_[next_++].cast<T>();
    } catch (const py::cast_error&) {
      refuse(state_columns[next_ - 2]);
    }
  }

  template <class T>
  std::optional<T> maybe() {
    return read<std::optional<T>>();
  }

  MaybeTime time() { return time_of(maybe<std::int64_t>()); }
  bool flag() { return read<std::int64_t>() != 0; }
  LookNumber look() { return read<LookNumber>(); }
  std::int8_t status() { return status_from(scheme_, maybe<std::string>()); }

  SeenStatus seen() {
    SeenStatus seen;
    seen.reason = reason_from(maybe<std::string>());
    seen.status = status();
    seen.links = LinkFacts{read<std::uint16_t>()};
    return seen;
  }

 private:
  const py::tuple& row_;
  const Scheme& scheme_;
  std::size_t next_ = 1;
};

/// A list as text: numbers in JSON.
std::string json_list(const std::vector<Milliseconds>& times) {
  std::string text = "[";
  for (const Milliseconds time : times) {
    if (text.size() > 1) text += ',';
    text += std::to_string(time.count());
  }
  return text + "]";
}

py::object json(const char* function, const py::object& value) {
  return py::module_::import("json").attr(function)(value);
}

py::object pending_row(const std::optional<Pending>& pending, const Scheme& scheme) {
  if (!pending) return py::none();
  return json("dumps",
              py::make_tuple(name_of(pending->status), label_of(scheme, pending->status.status),
                             pending->status.links.bits(), to_ms(pending->start),
                             to_ms(pending->at), pending->agreed, pending->first_seen));
}

std::optional<Pending> pending_from(const std::optional<std::string>& text, const Scheme& scheme) {
  if (!text) return std::nullopt;
  using Row = std::tuple<std::optional<std::string>, std::optional<std::string>, std::uint16_t,
                         std::int64_t, Milli, LookNumber, LookNumber>;
  const auto [reason, status, links, start, at, agreed, first_seen] =
      py::tuple(json("loads", py::str(*text))).cast<Row>();
  Pending pending;
  pending.status = {reason_from(reason), status_from(scheme, status), LinkFacts{links}};
  pending.start = from_ms(start);
  if (at) pending.at = from_ms(*at);
  pending.agreed = agreed;
  pending.first_seen = first_seen;
  return pending;
}

}  // namespace

py::tuple state_row(std::size_t device, const Remembered& remembered, StatusScheme scheme_id) {
  const DeviceState& state = remembered.state;
  const Extras& extras = remembered.extras;
  const Scheme& scheme = scheme_of(scheme_id);
  const auto update_status =
      state.update_status < 0
          ? std::nullopt
          : std::optional{update_statuses[static_cast<UpdateStatus>(state.update_status)]};
  const auto changes = extras.status_changes.empty()
                           ? std::nullopt
                           : std::optional{json_list(extras.status_changes)};
  return py::make_tuple(
      device, remembered.name, remembered.fleet, remembered.release_id, remembered.release,
      name_of(state.seen), label_of(scheme, state.seen.status), state.seen.links.bits(),
      ms_of(state.heartbeat_since), ms_of(state.cloudlink_since), update_status,
      ms_of(state.update_since), ms_of(state.update_began), ms_of(state.seen_since),
      ms_of(state.span_first), name_of(state.told), label_of(scheme, state.told.status),
      state.told.links.bits(), ms_of(state.told_since), label_of(scheme, state.steady_status),
      int{state.known_fields}, state.last_read, state.last_linked, int{state.follows_scope},
      static_cast<std::int64_t>(state.fingerprint), to_ms(extras.removed_at),
      int{state.is_flapping}, changes, extras.agreed, extras.agreed_links.bits(),
      pending_row(extras.pending, scheme));
}

Remembered remembered_from(const std::string& uuid, const py::tuple& row, StatusScheme scheme_id) {
  const Scheme& scheme = scheme_of(scheme_id);
  RowReader values{row, scheme};
  Remembered remembered;
  DeviceState& state = remembered.state;
  remembered.uuid = uuid;
  remembered.name = values.maybe<std::string>();
  remembered.fleet = values.maybe<std::string>();
  remembered.release_id = values.maybe<std::int64_t>();
  remembered.release = values.maybe<std::string>();
  state.seen = values.seen();
  state.heartbeat_since = values.time();
  state.cloudlink_since = values.time();
  if (const auto name = values.maybe<std::string>()) {
    const auto status = update_statuses.find(*name);
    if (!status) refuse("update_status");
    state.update_status = static_cast<std::int8_t>(*status);
  }
  state.update_since = values.time();
  state.update_began = values.time();
  state.seen_since = values.time();
  state.span_first = values.time();
  state.told = values.seen();
  state.told_since = values.time();
  state.steady_status = values.status();
  state.known_fields = values.read<std::uint8_t>();
  state.last_read = values.look();
  state.last_linked = values.look();
  state.follows_scope = values.flag();
  state.fingerprint = static_cast<std::uint64_t>(values.read<std::int64_t>());
  remembered.extras.removed_at = values.time().get();
  state.is_removed = remembered.extras.removed_at.has_value();
  state.is_flapping = values.flag();
  if (const auto changes = values.maybe<std::string>()) {
    for (const py::handle ms : py::list(json("loads", py::str(*changes)))) {
      remembered.extras.status_changes.emplace_back(ms.cast<std::int64_t>());
    }
  }
  remembered.extras.agreed = values.look();
  remembered.extras.agreed_links = LinkFacts{values.read<std::uint16_t>()};
  remembered.extras.pending = pending_from(values.maybe<std::string>(), scheme);
  if (!state.seen.is_set()) refuse("reason");
  return remembered;
}

}  // namespace fleetstatus
