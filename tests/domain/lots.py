"""Lots for tests: one that is drawn, one that is not, and receipts with either."""

from dataclasses import replace

from app.domain.facts.aftercare import Receipt
from app.domain.revisit_lots import Lot, Share

DRAWN = Lot(1, 1, Share(percent=20, minimum=5), bytes(16))
"""The first lot of a stratum, which is always drawn; where lots are stored another is taken."""

SPARED = replace(DRAWN, share=Share(percent=0, minimum=0))
RECEIPTS = (Receipt(lot=DRAWN), Receipt(lot=SPARED))
