"""What has changed on a board: a whole board plus the deltas that follow it is the board as it is now."""

from collections.abc import Iterator

from pydantic import BaseModel, Field

from protocol import BoardView, Called, PointView, Text, VoiceRules


class PointChange(BaseModel):
    """What has changed at one room or window: only these fields are there, and null is a value like any other."""

    point: str = Field(description="Id of the room or window.")
    name: Text | None = Field(default=None, description="Its name.")
    staff: Text | None = Field(default=None, description="Who sits there.")
    open: bool | None = Field(default=None, description="Whether it takes families.")
    group: Text | None = Field(default=None, description="Name of its line.")
    kind: str | None = Field(default=None, description="What its line does.")
    serving: Called | None = Field(default=None, description="Who is being served.")
    called: Called | None = Field(default=None, description="Who is called to it.")
    next: tuple[Called, ...] | None = Field(default=None, description="Who comes next there.")
    waiting: int | None = Field(default=None, description="How many wait.")
    reason: str | None = Field(default=None, description="Why it takes nobody.")


class BoardDelta(BaseModel):
    """What differs from the board at `previous`. Who has another revision than that must ask for the whole board."""

    revision: int = Field(description="The board's revision after this.")
    previous: int = Field(description="The revision that this follows.")
    points: tuple[PointChange, ...] = Field(
        default=(), description="Rooms and windows that have changed: of each, what has changed."
    )
    missed: tuple[str, ...] = Field(
        default=(), description="Numbers that were called and not there, if they have changed."
    )
    at_lab: int = Field(default=0, description="As on the board, if it has changed.")
    preparing: tuple[str, ...] = Field(
        default=(), description="Numbers whose drugs are being prepared, if they have changed."
    )
    notices: tuple[Text, ...] = Field(default=(), description="Messages, if they have changed.")
    voice: VoiceRules | None = Field(
        default=None, description="How calls are read out, if it has changed."
    )

    def text(self) -> str:
        """As it travels: without what has not changed."""
        return self.model_dump_json(exclude_unset=True)


def delta(before: BoardView, after: BoardView) -> BoardDelta | None:
    """What leads from one board to the other; None when the rooms themselves have changed: send the whole board."""
    if (before.area, before.name) != (after.area, after.name):
        return None
    if [point.point for point in before.points] != [point.point for point in after.points]:
        return None
    told: dict[str, object] = {"revision": after.revision, "previous": before.revision}
    points = tuple(_changes(before, after))
    if points:
        told["points"] = points
    for name in ("missed", "at_lab", "preparing", "notices", "voice"):
        if getattr(before, name) != getattr(after, name):
            told[name] = getattr(after, name)
    return BoardDelta.model_validate(told)


def _changes(before: BoardView, after: BoardView) -> Iterator[PointChange]:
    for was, now in zip(before.points, after.points, strict=True):
        if was is now or was == now:
            continue
        new = {
            name: getattr(now, name)
            for name in PointView.model_fields
            if getattr(was, name) != getattr(now, name)
        }
        yield PointChange.model_validate({"point": now.point, **new})


def patched(board: BoardView, change: BoardDelta) -> BoardView:
    """The board after a delta.

    Raises:
        ValueError: the delta follows another board than this one.
    """
    if change.previous != board.revision:
        raise ValueError(f"It follows revision {change.previous}, this is {board.revision}.")
    changed = {point.point: _fields(point) for point in change.points}
    points = tuple(point.model_copy(update=changed.get(point.point)) for point in board.points)
    return board.model_copy(update={**_fields(change, "previous", "points"), "points": points})


def _fields(model: BaseModel, *but: str) -> dict[str, object]:
    """The fields that were given."""
    return {name: getattr(model, name) for name in model.model_fields_set if name not in but}
