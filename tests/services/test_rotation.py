"""Changing the key: everything sealed is found, opened by the new ring, sealed anew, in batches."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app import clock, sealing
from app.commands.rotate_keys import rotate
from app.db import Model, db, transaction
from app.models.columns import SealedText
from app.models.enterprise import Enterprise
from app.models.import_batch import ImportBatch, ImportRow
from app.sealing import AES_GCM, SM4_GCM, Ring, Sealer
from services.rotation import count_keys, rotate_batch, sealed_tables
from tests.factories import make_enterprise
from tests.threads import beside

OLD, LOOKUP, NEW = b"d" * 32, b"l" * 32, b"n" * 32
"""The first two are those of the tests' settings."""


def use(*keys: bytes, method: str = AES_GCM) -> None:
    sealing.configure(Sealer(Ring(keys[0], LOOKUP, keys[1:], method)))


@pytest.fixture(autouse=True)
def keys_of_the_tests() -> Iterator[None]:
    yield
    use(OLD)


def enterprises(count: int) -> list[int]:
    return [make_enterprise(contact_phone=f"1380000{one:04d}").id for one in range(count)]


def headers(column: sa.orm.InstrumentedAttribute[bytes]) -> list[bytes]:
    found = db.session.execute(sa.select(column).order_by(Enterprise.id)).scalars()
    return [value[: sealing.HEADER_BYTES] for value in found]


def phones() -> list[str]:
    db.session.expire_all()
    rows = db.session.scalars(sa.select(Enterprise.contact_phone).order_by(Enterprise.id))
    return [sealing.unseal(row, "enterprises.contact_phone") for row in rows]


def table(name: str):
    return next(sealed for sealed in sealed_tables() if sealed.table.name == name)


def test_bytes_are_sealed_or_a_hash():
    """Whatever is no hash and neither of these was forgotten when it was sealed."""
    plain = {
        f"{known.name}.{column.name}"
        for known in Model.metadata.sorted_tables
        for column in known.c
        if isinstance(column.type, sa.LargeBinary) and not isinstance(column.type, SealedText)
        if not column.name.endswith(("hash", "sha256", "digest"))
    }
    chain = {"ticket_events.hash", "ticket_events.prev_hash", "tickets.event_head"}
    # A fingerprint; and the seed of a lottery, which is told when its month is over.
    assert plain <= chain | {"wechat_pushes.identity", "revisit_strata.seed"}


def test_every_sealed_column_is_found():
    found = {f"{one.table.name}.{column.name}" for one in sealed_tables() for column in one.columns}
    assert found >= {
        "accounts.phone",
        "enterprises.contact_name",
        "enterprises.contact_phone",
        "enterprises.legal_person",
        "housekeepers.phone",
        "idempotency_keys.body",
        "import_parts.content",
        "import_rows.values",
        "tickets.contact_name",
        "tickets.contact_phone",
        "wechat_bindings.openid",
        "wechat_pushes.content",
        "wechat_secrets.secret",
        "wechat_tokens.token",
        "wechat_visitors.openid",
        "wecom_bindings.userid",
    }


@pytest.mark.parametrize(
    ("before", "after"), [(AES_GCM, SM4_GCM), (SM4_GCM, AES_GCM), (AES_GCM, AES_GCM)]
)
def test_all_is_sealed_anew_and_says_the_same(database, before, after):
    use(OLD, method=before)
    enterprises(5)
    told = phones()
    use(NEW, OLD, method=after)
    assert sum(step.batch.rotated for step in rotate(size=2)) >= 5
    use(NEW, method=after)
    assert phones() == told
    for column in (Enterprise.contact_phone, Enterprise.contact_name):
        assert set(headers(column)) == {sealing.writing_header()}


def test_a_second_run_changes_nothing(database):
    enterprises(3)
    use(NEW, OLD)
    assert list(rotate())
    assert list(rotate()) == []


def test_an_empty_field_stays_empty(database):
    [enterprise_id] = enterprises(1)
    assert db.session.get(Enterprise, enterprise_id).legal_person is None
    use(NEW, OLD)
    list(rotate())
    db.session.expire_all()
    assert db.session.get(Enterprise, enterprise_id).legal_person is None


def test_rows_of_more_than_one_key_are_walked(database):
    batch = ImportBatch(kind="enterprises", filename="x", digest="0", is_dry_run=True)
    db.session.add(batch)
    db.session.flush()
    for row in range(1, 6):
        cells = sealing.seal(f"row {row}", "import_rows.values")
        db.session.add(ImportRow(batch_id=batch.id, row=row, verdict="error", values=cells))
    db.session.flush()
    use(NEW, OLD)
    rows = [step.batch for step in rotate(size=2) if step.table == "import_rows"]
    assert [batch.rotated for batch in rows] == [2, 2, 1]
    ends = [batch.last for batch in rows if batch.last]
    assert ends == sorted(ends)
    use(NEW)
    db.session.expire_all()
    told = db.session.scalars(sa.select(ImportRow.values).order_by(ImportRow.row))
    assert [sealing.unseal(one or b"", "import_rows.values") for one in told] == [
        f"row {row}" for row in range(1, 6)
    ]


def test_what_no_key_opens_stays_and_stops_nobody(database):
    lost = enterprises(3)[0]
    broken = b"\x02lost" + bytes(40)
    db.session.get(Enterprise, lost).contact_phone = broken
    db.session.flush()
    use(NEW, OLD)
    assert sum(step.batch.rotated for step in rotate() if step.table == "enterprises") == 2
    db.session.expire_all()
    assert db.session.get(Enterprise, lost).contact_phone == broken
    uses = {(use.column, use.header): use.values for use in count_keys(table("enterprises"))}
    assert uses["enterprises.contact_phone", b"\x02lost"] == 1
    assert not sealing.is_readable(b"\x02lost")


def test_stopped_in_the_middle_it_goes_on_where_it_was(committed_app):
    with committed_app.app_context():
        with transaction():
            enterprises(5)
        use(NEW, OLD)
        steps = rotate(size=2)
        while next(steps).table != "enterprises":
            pass
        del steps
        present, former = sealing.writing_header(), b"\x02" + sealing.key_id(OLD)
        assert headers(Enterprise.contact_phone) == [present] * 2 + [former] * 3
        again = [step.batch.rotated for step in rotate(size=2) if step.table == "enterprises"]
        assert again == [2, 1]
        assert phones() == [f"1380000{one:04d}" for one in range(5)]


def rotate_and_die() -> None:
    rotate_batch(table("enterprises"), None)
    raise ZeroDivisionError


def test_a_batch_that_dies_has_done_nothing(committed_app):
    with committed_app.app_context():
        with transaction():
            enterprises(2)
        before = headers(Enterprise.contact_phone)
        use(NEW, OLD)
        with pytest.raises(ZeroDivisionError), transaction():
            rotate_and_die()
        assert headers(Enterprise.contact_phone) == before


def test_what_somebody_changes_meanwhile_is_left_to_the_next_pass(committed_app):
    """Nothing that is written during the walk is lost, and the walk waits for nobody."""
    with committed_app.app_context():
        with transaction():
            held = enterprises(2)[0]
        use(NEW, OLD)
        changed = sealing.seal("13911112222", "enterprises.contact_phone")
        with transaction():
            change = sa.update(Enterprise).where(Enterprise.id == held)
            db.session.execute(change.values(contact_phone=changed))
            walking = beside(committed_app, lambda: rotate_all("enterprises"), at=clock.real())
            with walking as walk:
                assert walk.result(timeout=30) == 1
        assert phones()[0] == "13911112222"
        assert rotate_all("enterprises") == 1
        assert set(headers(Enterprise.contact_name)) == {sealing.writing_header()}


def rotate_all(name: str) -> int:
    return sum(step.batch.rotated for step in rotate() if step.table == name)


def test_the_check_names_the_keys_and_fails_while_a_former_one_is_in_use(app, database):
    enterprises(2)
    use(NEW, OLD)
    run = app.test_cli_runner().invoke
    waiting = run(args=["rotate-keys", "--check"])
    assert waiting.exit_code == 1
    assert f"enterprises.contact_phone：2 处，从前的密钥 02{sealing.key_id(OLD).hex()}" in (
        waiting.output
    )
    assert run(args=["rotate-keys", "--check"]).output == waiting.output, "it changes nothing"
    assert run(args=["rotate-keys"]).exit_code == 0
    checked = run(args=["rotate-keys", "--check"])
    assert checked.exit_code == 0
    assert "DATA_KEYS_OLD 可以清空" in checked.output


def test_the_check_tells_of_keys_that_are_gone(app, database):
    enterprises(1)
    use(NEW)
    lost = app.test_cli_runner().invoke(args=["rotate-keys"])
    assert lost.exit_code == 1
    assert "无法解开" in lost.output
