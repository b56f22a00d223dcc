"""Several windows of one fact, any of which may hold."""

from trialcriteria.schema import IsoOffset, Offset, Span, Window

_ZERO = "P0D"


def one_of(windows: list[Window], text: str) -> Window | None:
    """One window that holds where any of these does; ``text`` is what they were found in."""
    if len(windows) <= 1:
        return windows[0] if windows else None
    span = Span(windows[0].span.start, windows[-1].span.end)
    words = text[slice(*span)]
    whole = _whole(windows)
    if whole is not None:
        return whole.model_copy(update={"text": words, "span": span})
    each = tuple(one for window in windows for one in _alternatives(window))
    return Window(text=words, span=span, alternatives=each)


def _alternatives(window: Window) -> tuple[Window, ...]:
    """A window's own alternatives, where it is no choice between them ("whichever is longer")."""
    return window.alternatives if window.alternatives and not window.choose else (window,)


def _whole(windows: list[Window]) -> Window | None:
    """ "Current or former", "during or after X": one interval about one event, where it is one."""
    events = {window.anchor.event if window.anchor else None for window in windows}
    ends = [end for window in windows for end in (window.start, window.end)]
    if len(events) > 1 or not all(end is None or _is_zero(end) for end in ends):
        return None
    start = None if any(w.start is None for w in windows) else windows[0].start
    end = None if any(w.end is None for w in windows) else windows[0].end
    if start is None and end is None:
        return None
    return windows[-1].model_copy(update={"start": start, "end": end})


def _is_zero(end: Offset) -> bool:
    return isinstance(end, IsoOffset) and end.iso == _ZERO and end.anchor is None
