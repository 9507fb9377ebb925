"""The sentence about who could be the best, in templates: `{{ verdict|who_could_be_best }}`."""

from __future__ import annotations

from django import template

from awards.studies import certainty

register = template.Library()
register.filter("who_could_be_best", certainty.who_could_be_best)
