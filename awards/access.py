"""Who is let in at the pages of the office, for the views of every room."""

from __future__ import annotations

from rules.contrib.views import permission_required

leader_only = permission_required("awards.lead_edition", raise_exception=True)
