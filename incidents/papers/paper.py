"""An issued paper as it is printed: its number, blocks, and the address that its code opens."""

from dataclasses import dataclass
from datetime import datetime

from incidents.models import CaseDocument
from incidents.papers.blocks import Block, Title, from_json, to_json


@dataclass(frozen=True)
class Paper:
    number: str
    case_number: str
    address: str
    issued_at: datetime
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        return next((block.text for block in self.blocks if isinstance(block, Title)), "")

    def content(self) -> dict:
        """What `CaseDocument.content` keeps."""
        return {"case_number": self.case_number, "address": self.address, "blocks": to_json(self.blocks)}

    @classmethod
    def of(cls, document: CaseDocument) -> "Paper":
        kept = document.content
        return cls(
            number=document.number,
            case_number=kept["case_number"],
            address=kept["address"],
            issued_at=document.issued_at,
            blocks=from_json(kept["blocks"]),
        )
