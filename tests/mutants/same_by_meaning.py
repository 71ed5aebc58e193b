"""Changes that leave what the program does as it is, so that no test can tell."""

_LEFT_OVER = "the rules before it, which every scheme asks first, leave no other records"
_HALF = "a mean of 0 with a half added or taken off is cut to 0"

# From and to, as the lines stand without the space around them; and why that is the same.
SAME_BY_MEANING: dict[tuple[str, str], str] = {
    (
        "{is(fact::cloudlink), heartbeat_is({offline, unknown})}};",
        "{heartbeat_is({offline, unknown})}};",
    ): _LEFT_OVER,
    (
        "{is_not(fact::cloudlink), is_not(fact::cloudlink_expected), heartbeat_is({online})}};",
        "{is_not(fact::cloudlink), heartbeat_is({online})}};",
    ): _LEFT_OVER,
    (
        "{is(fact::cloudlink), heartbeat_is({online})}};",
        "{heartbeat_is({online})}};",
    ): _LEFT_OVER,
    (
        "InstallStatus status = InstallStatus::other;",
        "InstallStatus status = InstallStatus::downloading;",
    ): "an install that is not read is one of installs that cannot be read",
    (
        "VerdictTable newest_{StatusScheme::docs_2024_11};",
        "VerdictTable newest_{StatusScheme::docs_2024_10};",
    ): "attention asks for reasons alone, and those two schemes differ in a label alone",
    (
        "known.set(fact::heartbeat, HeartbeatState::online);",
        "known.set(fact::heartbeat, HeartbeatState::timeout);",
    ): "a link is missing, so that no rule asks for the heartbeat, and either state needs a time",
    (
        "const std::int64_t away_from_zero = sum_ < 0 ? -n_ : n_;",
        "const std::int64_t away_from_zero = sum_ <= 0 ? -n_ : n_;",
    ): _HALF,
    (
        "const std::int64_t away_from_zero = sum_ < 0 ? -n_ : n_;",
        "const std::int64_t away_from_zero = sum_ < 1 ? -n_ : n_;",
    ): _HALF,
}
