#include "bindings/datetimes.hpp"

#include <datetime.h>

#include <chrono>

namespace fleetstatus {
namespace {

void need_datetime_api() {
  if (PyDateTimeAPI == nullptr) PyDateTime_IMPORT;
  if (PyDateTimeAPI == nullptr) throw py::error_already_set();
}

/// The UTC offset of a datetime; none if it is naive.
std::optional<std::chrono::microseconds> utc_offset(py::handle datetime) {
  using namespace std::chrono;
  PyObject* const d = datetime.ptr();
  const bool is_utc =
      PyDateTime_CheckExact(d) && PyDateTime_DATE_GET_TZINFO(d) == PyDateTime_TimeZone_UTC;
  if (is_utc) return microseconds::zero();
  const py::object offset = datetime.attr("utcoffset")();
  if (offset.is_none()) return std::nullopt;
  if (!PyDelta_Check(offset.ptr())) throw py::type_error("utcoffset() gave no timedelta");
  return days{PyDateTime_DELTA_GET_DAYS(offset.ptr())} +
         seconds{PyDateTime_DELTA_GET_SECONDS(offset.ptr())} +
         microseconds{PyDateTime_DELTA_GET_MICROSECONDS(offset.ptr())};
}

/// Whether the C fields of a datetime hold its time: subclasses may have years outside of Python's
/// range, for which the C fields hold something else.
bool has_own_year(PyObject* datetime) {
  if (PyDateTime_CheckExact(datetime)) return true;
  const py::object year = py::handle(datetime).attr("year");
  const int known = PyDateTime_GET_YEAR(datetime);
  return py::isinstance<py::int_>(year) && year.equal(py::int_(known));
}

}  // namespace

py::object to_datetime(Timestamp time) {
  need_datetime_api();
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{midnight};
  const std::chrono::hh_mm_ss clock{time - midnight};
  PyObject* const datetime = PyDateTimeAPI->DateTime_FromDateAndTime(
      static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
      static_cast<int>(static_cast<unsigned>(date.day())), static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
      static_cast<int>(clock.subseconds().count() * 1000), PyDateTime_TimeZone_UTC,
      PyDateTimeAPI->DateTimeType);
  if (datetime == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(datetime);
}

bool is_datetime(py::handle object) {
  need_datetime_api();
  return PyDateTime_Check(object.ptr()) != 0;
}

bool is_naive(py::handle datetime) { return datetime.attr("utcoffset")().is_none(); }

namespace {

/// The time in the fields of a datetime, minus a UTC offset; none if it is out of range.
std::optional<Timestamp> time_less(py::handle datetime, std::chrono::microseconds ahead) {
  using namespace std::chrono;
  PyObject* const d = datetime.ptr();
  if (!has_own_year(d)) return std::nullopt;
  const sys_days date =
      year{PyDateTime_GET_YEAR(d)} / month{PyDateTime_GET_MONTH(d)} / day{PyDateTime_GET_DAY(d)};
  const microseconds clock =
      hours{PyDateTime_DATE_GET_HOUR(d)} + minutes{PyDateTime_DATE_GET_MINUTE(d)} +
      seconds{PyDateTime_DATE_GET_SECOND(d)} + microseconds{PyDateTime_DATE_GET_MICROSECOND(d)};
  const Timestamp time = floor<milliseconds>(date + clock - ahead);
  return is_representable(time) ? std::optional{time} : std::nullopt;
}

}  // namespace

std::optional<Timestamp> from_datetime(py::handle datetime) {
  need_datetime_api();
  const auto ahead = utc_offset(datetime);
  return ahead ? time_less(datetime, *ahead) : std::nullopt;
}

std::optional<Timestamp> from_naive_datetime(py::handle datetime) {
  need_datetime_api();
  return time_less(datetime, std::chrono::microseconds::zero());
}

}  // namespace fleetstatus
