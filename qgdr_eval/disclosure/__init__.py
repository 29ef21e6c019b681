"""What may be published: small groups, and the groups that would give them away, are hidden."""

from qgdr_eval.disclosure.publish import publish, publish_campaign
from qgdr_eval.disclosure.published import Card, Published
from qgdr_eval.disclosure.store import open_published, write_published

__all__ = ["Card", "Published", "open_published", "publish", "publish_campaign", "write_published"]
