"""Journal verbs and their sentences. Each app registers its own in `audit_verbs.py`, from `AppConfig.ready`."""

# "outputs.output.submitted" -> "{by} submitted {object}": {by}, {object} and the keys of the line's data
VERBS: dict[str, object] = {}


def register_verbs(sentences: dict[str, object]) -> None:
    """Add an app's verbs: verb -> lazily translated sentence. A verb has one owner."""
    doubled = VERBS.keys() & sentences.keys()
    if doubled:
        raise ValueError(f"Journal verbs registered twice: {', '.join(sorted(doubled))}")
    VERBS.update(sentences)
