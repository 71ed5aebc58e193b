#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "changes/tracker_options.hpp"

namespace fleetstatus {

/// Many devices of a fleet, or of all, that lost their links at about the same time.
struct Outage {
  std::optional<std::string> fleet;  ///< none: of all fleets
  std::string said;                  ///< such as `12 of 14`
  std::vector<std::size_t> members;  ///< in order
  std::size_t number = 0;            ///< in the log, from 1
  bool is_new = false;               ///< it began with this look
  bool is_over = false;              ///< it ended with this look
  std::string said_at_end = {};      ///< such as `5 of 12`: how many are still without
};

/// Whether a device had its link lately, whether it has it now, and whether it lost it with this
/// look.
struct LinkHistory {
  bool had = false;
  bool has = false;
  bool has_lost = false;
};

/// Finds outages that begin and end with a look.
class OutageTracking {
 public:
  /// @param lasting  the outages of earlier looks
  OutageTracking(const OutageLimits& limits, std::vector<Outage> lasting,
                 std::size_t n_outages_so_far)
      : limits_(limits), outages_(std::move(lasting)), n_so_far_(n_outages_so_far) {}

  /// Names a fleet that `note` may refer to; twice the same is the same fleet.
  std::int32_t fleet(std::string_view name);

  /// Notes a device that is not removed.
  /// @param fleet    what `fleet` has returned; -1 if not known
  /// @param is_read  whether this look read it
  void note(std::size_t device, std::int32_t fleet, LinkHistory link, bool is_read);

  /// @param has_link  of a member: none if it was removed
  void finish(const std::function<std::optional<bool>(std::size_t)>& has_link);

  /// The outages that last or ended with this look.
  [[nodiscard]] const std::vector<Outage>& outages() const noexcept { return outages_; }

  /// Whether a device belongs to one of these.
  [[nodiscard]] bool is_member(std::size_t device) const { return members_.contains(device); }

 private:
  struct Tally {
    std::optional<std::string> fleet;  ///< none: of all fleets
    std::size_t n_had = 0;
    std::vector<std::size_t> without;  ///< had their link lately
    std::vector<std::size_t> lost;     ///< of these, with this look
    bool is_read = false;
  };

  void add_lost_devices();
  void begin(const Tally& tally);

  OutageLimits limits_;
  std::vector<Outage> outages_;
  std::size_t n_so_far_;
  std::unordered_map<std::string, std::int32_t> codes_;
  std::vector<Tally> fleets_;
  Tally all_;
  std::unordered_set<std::size_t> members_;
};

}  // namespace fleetstatus
