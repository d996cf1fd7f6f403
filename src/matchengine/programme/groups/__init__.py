"""Form groups for a whole programme: circles, support groups, mentoring groups (domain.md F)."""

from matchengine.programme.groups.form import form_groups

__all__ = ["form_groups"]
