"""提醒函 and what is listed for the bulletin."""

from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import PageQuery, page_body, page_of
from app.api.schemas import supervision as schemas
from app.domain.permissions import Permission
from services.supervision import letters
from services.supervision.bulletin import list_bulletin_entries

blueprint = resource("letters", "提醒函与通报")

ONE = "/letters/<id:letter_id>"


@blueprint.route("/letters", methods=["GET"])
@gate.requires(Permission.READ_LETTERS)
@blueprint.arguments(schemas.LetterQuery, location="query")
@blueprint.response(200, schemas.LetterItemPage, description="一页提醒函")
@blueprint.doc(operationId="listLetters", summary="提醒函列表")
def listing(query: dict[str, Any]) -> Response:
    """单位看到发给自己的，督导看到辖区内的，包括系统建议的；新的在前。"""
    found, cursor = letters.list_letters(gate.actor(), query["state"], page_of(query))
    return answer(page_body(found, cursor, dict))


@blueprint.route("/letters", methods=["POST"])
@gate.requires(Permission.MANAGE_LETTERS)
@idempotent()
@blueprint.arguments(schemas.LetterBody)
@blueprint.response(201, schemas.LetterItem, description="已起草")
@blueprint.doc(operationId="writeLetter", summary="起草提醒函")
def create(body: dict[str, Any]) -> Response:
    """超期五个工作日、一个月内两张红牌的由系统建议；发出总由人决定。"""
    letter = letters.write_letter(gate.actor(), letters.LetterWish(**body), at=clock.now())
    return answer(letter, 201, location=f"/api/v1/letters/{letter['id']}")


@blueprint.route(ONE, methods=["GET"])
@gate.requires(Permission.READ_LETTERS)
@blueprint.response(200, schemas.LetterItem, description="提醒函")
@blueprint.doc(operationId="getLetter", summary="一份提醒函")
def read(letter_id: int) -> Response:
    """发出后单位才能看到。"""
    return answer(letters.get_letter(gate.actor(), letter_id))


@blueprint.route(f"{ONE}/sending", methods=["POST"])
@gate.requires(Permission.MANAGE_LETTERS)
@idempotent()
@blueprint.arguments(schemas.LetterSending)
@blueprint.response(200, schemas.LetterItem, description="已发出")
@blueprint.doc(operationId="sendLetter", summary="发出提醒函")
def sending(body: dict[str, Any], letter_id: int) -> Response:
    """编为本年下一号，单位收到消息。"""
    given = letters.Sending(**body)
    return answer(letters.send_letter(gate.actor(), letter_id, given, at=clock.now()))


@blueprint.route(f"{ONE}/reply", methods=["POST"])
@gate.requires(Permission.ANSWER_LETTER)
@idempotent()
@blueprint.arguments(schemas.LetterReply)
@blueprint.response(200, schemas.LetterItem, description="已回复")
@blueprint.doc(operationId="replyToLetter", summary="回复提醒函")
def reply(body: dict[str, Any], letter_id: int) -> Response:
    """由单位审批人回复。"""
    replied = letters.reply_to_letter(gate.actor(), letter_id, body["reply"], at=clock.now())
    return answer(replied)


@blueprint.route(f"{ONE}/closure", methods=["POST"])
@gate.requires(Permission.MANAGE_LETTERS)
@idempotent()
@blueprint.arguments(schemas.PaperClosure)
@blueprint.response(200, schemas.LetterItem, description="已办结")
@blueprint.doc(operationId="closeLetter", summary="办结提醒函")
def closure(body: dict[str, Any], letter_id: int) -> Response:
    """回复后办结；建议而不拟发出的，也由此了结。已发出而未回复的不能办结。"""
    closed = letters.close_letter(gate.actor(), letter_id, body["note"], at=clock.now())
    return answer(closed)


@blueprint.route("/bulletin-entries", methods=["GET"])
@gate.requires(Permission.READ_BULLETIN_ENTRIES)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, schemas.BulletinEntryPage, description="一页通报条目")
@blueprint.doc(operationId="listBulletinEntries", summary="通报条目")
def bulletin_entries(query: dict[str, Any]) -> Response:
    """超期五个工作日以上的，供编写通报；新的在前。"""
    found, cursor = list_bulletin_entries(gate.actor(), page_of(query))
    return answer(page_body(found, cursor, dict))
