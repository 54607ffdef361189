"""What addresses of the coordination are filled with."""

from app.db import db
from app.models.dispatch_template import DispatchTemplate


def places() -> dict[str, int]:
    """A template of dispatches."""
    template = db.session.query(DispatchTemplate).first()
    if template is None:
        template = DispatchTemplate(code="usual", name="常规", instruction="请按时办理。")
        db.session.add(template)
        db.session.flush()
    return {"template_id": template.id}
