from django import template

from ..browsers import browser_words

register = template.Library()
register.filter("browser_words", browser_words)
