"""序幕: the people open the mini-program, bind their phones, and consent to messages."""

from tools.demo.people import Person
from tools.demo.stage import Stage, require

CAST = (
    "demo-enterprise",
    "demo-enterprise-2",
    "demo-housekeeper",
    "demo-handler",
    "demo-handler-2",
    "demo-co-handler",
    "demo-approver",
)
"""Who plays with a phone in the hand; the others sit at a desk."""


def play(stage: Stage) -> None:
    """Everybody of the cast is known to WeChat, bound, and willing to be told."""
    stage.heading("序幕 打开小程序")
    for login in CAST:
        person = stage.town[login]
        if person.phone:
            entered = "首次打开小程序，授权手机号后绑定" if person.is_newly_bound else "打开小程序"
            stage.tell(f"{entered}；{_consent(stage, person)}", person)


def _consent(stage: Stage, person: Person) -> str:
    stage.wait_for("消息模板的核对", lambda: person.get("/me/subscriptions")["items"])
    titles = person.consent()
    remaining = {
        item["template"]: item["remaining"]
        for item in person.get("/me/subscriptions")["items"]
        if not item["is_standing"]
    }
    require(all(remaining[title] for title in titles), f"{person.title}的同意应记在账上")
    return f"同意接收{'、'.join(titles)}。" if titles else "此前同意的消息还够用。"
