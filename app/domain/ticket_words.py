"""诉求的检索词: what a ticket is found by, besides the fingerprints of phones and persons."""

import re

from app.domain.bigrams import fold, words_of_name, words_of_text

_NUMBER = re.compile(r".+-0*(?P<tail>[0-9]+)")


def words_of_ticket(number: str, title: str, body: str, enterprise: str) -> set[str]:
    """The words of its number, its title, the beginning of its body and its enterprise's name.

    Of the number also what follows its zeros, which is how it is told on the phone.
    """
    return {
        *words_of_text(number),
        *_NUMBER.sub(r"\g<tail>", fold(number)).split(),
        *words_of_name(title),
        *words_of_text(body),
        *words_of_name(enterprise),
    }
