"""结对's one table: from where to where, and nothing else."""

import pytest

from app.domain.pairing_flow import (
    STANDING,
    STEPS,
    WAITING,
    PairingDeed,
    PairingState,
    PairingStateForbids,
    after,
    allows,
)
from app.domain.pairing_load import Limit, LoadKind, kind_of, limits_for, warnings

D, S = PairingDeed, PairingState
TABLE = {
    D.CONFIRM: ({S.PROPOSED}, S.CONFIRMED),
    D.ACTIVATE: ({S.CONFIRMED}, S.ACTIVE),
    D.DECLINE: ({S.PROPOSED, S.CONFIRMED}, S.ENDED),
    D.BEGIN_HANDOVER: ({S.ACTIVE}, S.HANDING_OVER),
    D.CANCEL_HANDOVER: ({S.HANDING_OVER}, S.ACTIVE),
    D.HAND_OVER: ({S.HANDING_OVER}, S.ENDED),
    D.END: ({S.PROPOSED, S.CONFIRMED, S.ACTIVE}, S.ENDED),
    D.START: ({S.PROPOSED, S.CONFIRMED}, S.ACTIVE),
    D.REPLACE: ({S.PROPOSED, S.CONFIRMED, S.ACTIVE, S.HANDING_OVER}, S.ENDED),
}


def test_every_deed_stands_in_the_table():
    assert set(STEPS) == set(TABLE) == set(PairingDeed)


@pytest.mark.parametrize("deed", list(D))
def test_a_deed_leads_from_its_sources_to_its_target_and_from_nowhere_else(deed):
    sources, target = TABLE[deed]
    for state in S:
        assert allows(state, deed) is (state in sources)
        if state in sources:
            assert after(state, deed) is target
        else:
            with pytest.raises(PairingStateForbids):
                after(state, deed)


def test_what_has_ended_stays_ended():
    assert not any(allows(S.ENDED, deed) for deed in D)
    assert {*WAITING, *STANDING, S.ENDED} == set(S)


GENERAL = [Limit(None, LoadKind.KEY, 10), Limit(None, LoadKind.OTHER, 50)]


def test_a_grade_has_its_own_limit_or_the_general_one():
    limits = [*GENERAL, Limit("社区网格", LoadKind.OTHER, 40)]
    assert limits_for("社区网格", limits) == {LoadKind.KEY: 10, LoadKind.OTHER: 40}
    assert limits_for("社区网格", limits[::-1]) == {LoadKind.KEY: 10, LoadKind.OTHER: 40}
    assert limits_for("部门", limits) == {LoadKind.KEY: 10, LoadKind.OTHER: 50}
    assert limits_for(None, limits) == {LoadKind.KEY: 10, LoadKind.OTHER: 50}


def test_only_what_exceeds_the_limit_warns():
    most = limits_for(None, GENERAL)
    assert warnings({LoadKind.KEY: 10, LoadKind.OTHER: 50}, most) == []
    [warning] = warnings({LoadKind.KEY: 11, LoadKind.OTHER: 50}, most)
    assert (warning.kind, warning.count, warning.limit) == (LoadKind.KEY, 11, 10)
    assert "11" in warning.detail
    assert "10" in warning.detail


@pytest.mark.parametrize(
    ("category", "kind"), [("重点项目", "key"), ("规上工业", "other"), ("其他", "other")]
)
def test_key_projects_count_apart(category, kind):
    assert kind_of(category) == kind
