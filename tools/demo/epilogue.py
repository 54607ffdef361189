"""尾声: what each phone shows; nothing twice, and nothing that the inbox does not know."""

from collections import Counter
from collections.abc import Collection

from tools.demo.people import Person
from tools.demo.phone import number_in, shown
from tools.demo.prologue import CAST
from tools.demo.stage import Stage, require


def play(stage: Stage, numbers: Collection[str]) -> None:
    """Print every phone and compare it with its owner's inbox."""
    if all(stage.town[login].phone is None for login in CAST):
        return
    stage.heading("尾声 各人的手机")
    for login in CAST:
        _show(stage, stage.town[login], numbers)


def _show(stage: Stage, person: Person, numbers: Collection[str]) -> None:
    if person.phone is None:
        return
    arrived = [each for each in person.phone.messages() if number_in(each) in numbers]
    stage.show([f"{person.title}的手机，{len(arrived)} 条消息："])
    stage.show(f"  {shown(message)}" for message in arrived)
    told = Counter(
        (message["ticket_number"], message["title"]) for message in person.each("/me/messages")
    )
    for key, count in person.phone.counts().items():
        sentence = f"{person.title}的手机上 {key} 有 {count} 条，站内只有 {told[key]} 条"
        require(count <= told[key], sentence)
