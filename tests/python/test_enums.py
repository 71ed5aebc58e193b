"""The closed vocabularies: spelling, order, and texts for operators."""

import pytest

import fleetstatus as fs


def test_members_are_spelled_like_their_values() -> None:
    for enum in (fs.StatusScheme, fs.Reason, fs.HeartbeatState, fs.Attention):
        for member in enum:
            assert member.name.lower().replace("_", "-") == member.value


def test_update_statuses_are_labels() -> None:
    assert [str(status) for status in fs.UpdateStatus] == [
        "Done",
        "Downloading",
        "Downloaded",
        "Applying Changes",
        "Rejected",
        "Aborted",
    ]


def test_attention_is_ordered_worst_first() -> None:
    assert list(fs.Attention) == [
        "unreadable",
        "disconnected",
        "update-failed",
        "reduced",
        "update-stuck",
        "never-connected",
        "frozen",
    ]


def test_the_newest_scheme_stands_first() -> None:
    assert next(iter(fs.StatusScheme)) == "docs-2024-11"


@pytest.mark.parametrize("scheme", fs.StatusScheme)
def test_labels_are_distinct_texts(scheme: fs.StatusScheme) -> None:
    assert len(set(scheme.labels)) == len(scheme.labels)
    assert all(scheme.labels)


def test_docs_2022_tells_three_kinds_of_online() -> None:
    labels = fs.StatusScheme.DOCS_2022.labels
    assert labels[:4] == ("Online", "Online (VPN Only)", "Online (Heartbeat Only)", "Offline")
    assert labels[4:] == fs.StatusScheme.DOCS_2021.labels[2:]


def test_every_reason_has_one_short_sentence() -> None:
    for reason in fs.Reason:
        assert reason.message.endswith(".")
        assert len(reason.message) < 80


def test_healthy_devices_need_no_step() -> None:
    idle = {"both-links", "cloudlink-disabled", "ordered", "preparing", "shipped", "online"}
    assert {reason for reason in fs.Reason if reason.first_step is None} == idle | {"unknown"}


def test_only_a_finished_update_has_no_hint() -> None:
    assert [status for status in fs.UpdateStatus if status.hint is None] == ["Done"]


def test_every_class_of_attention_has_a_short_sentence_and_a_first_step() -> None:
    for attention in fs.Attention:
        assert attention.message.endswith(".")
        assert len(attention.message) < 100
        assert attention.first_step is None or attention.first_step.endswith(".")
    assert fs.Attention.UPDATE_STUCK.first_step
    assert len({attention.message for attention in fs.Attention}) == len(fs.Attention)


def test_capabilities_are_bits_from_zero() -> None:
    assert [capability.value for capability in fs.Capability] == [1 << bit for bit in range(13)]
