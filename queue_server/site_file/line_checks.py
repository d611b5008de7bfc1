"""Zone, hours, areas, lines and their rules, points, classes, tests before the consult."""

from zoneinfo import ZoneInfo

from queue_server.core.site import ORDINARY, usual_classes
from queue_server.core.vocabulary import TESTS, StepKind
from queue_server.site_file.building import rules_of
from queue_server.site_file.checks import Check
from queue_server.toml_lines import Key


def check_lines(check: Check) -> None:
    """All of this module."""
    _check_zone(check)
    _check_hours(check)
    _check_groups(check)
    _check_points(check)
    _check_classes(check)
    if not check.problems:  # rules are inherited along areas and groups, which must be there
        _check_fever_routes(check)
        _check_previsit(check)


def _check_zone(check: Check) -> None:
    zone = check.file.site.timezone
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):  # a folder's name is an OSError
        check.wrong(
            ("site", "timezone"),
            f"site.timezone {zone!r} is not known; write it as in Asia/Shanghai",
        )


def _check_hours(check: Check) -> None:
    if check.file.hours.morning[1] > check.file.hours.afternoon[0]:
        check.wrong(
            ("hours", "afternoon"),
            "hours.afternoon begins before hours.morning ends; let them follow one another",
        )


def _check_groups(check: Check) -> None:
    served = {point.group for point in check.file.points.values()}
    for id, group in check.file.groups.items():
        check.known(("groups", id, "area"), group.area, check.file.areas)
        if id not in served:
            check.wrong(("groups", id), f"groups.{id} has no point; add a room or window for it")


def _check_points(check: Check) -> None:
    classes = check.file.classes or usual_classes()
    for id, point in check.file.points.items():
        check.known(("points", id, "group"), point.group, check.file.groups)
        for doctor in point.shares:
            check.known(("points", id, "shares"), doctor, check.doctors)
        for each in point.classes:
            check.known(("points", id, "classes"), each, classes)
        for group in point.helps:
            _check_help(check, id, point.group, group)
        if point.doctor and check.file.doctors and not point.staff:
            check.known(("points", id, "doctor"), point.doctor, check.file.doctors)
        if point.doctor and point.doctor in point.shares:
            check.wrong(
                ("points", id, "shares"),
                f"points.{id}.shares names {point.doctor!r}, who sits there anyway; leave it out",
            )


def _check_help(check: Check, id: str, own: str, group: str) -> None:
    """A flexible window helps lines that wait in front of the same board."""
    key: Key = ("points", id, "helps")
    check.known(key, group, check.file.groups)
    mine, other = check.file.groups.get(own), check.file.groups.get(group)
    if group == own:
        check.wrong(key, f"points.{id}.helps names its own line {group!r}; leave it out")
    elif mine and other and mine.area != other.area:
        check.wrong(
            key,
            f"points.{id}.helps names {group!r}, which waits in the area {other.area!r}; "
            f"a window helps lines of its own area {mine.area!r} only",
        )


def _check_classes(check: Check) -> None:
    owners: dict[int, str] = {}
    for id, each in check.file.classes.items():
        key: Key = ("classes", id, "tier")
        owner = owners.setdefault(each.tier, id)
        if owner != id:
            check.wrong(
                key, f"classes.{id}.tier {each.tier} is taken by {owner}; give each class its own"
            )
        if each.tier == ORDINARY:
            check.wrong(
                key,
                f"classes.{id}.tier {ORDINARY} is that of everybody without a class; write a smaller number",
            )
        if each.urgent and each.tier > ORDINARY:
            check.wrong(
                key,
                f"classes.{id} is urgent but stands behind everybody; write a tier below {ORDINARY}",
            )


# ---- the fever route ----------------------------------------------------------------------------


def _check_fever_routes(check: Check) -> None:
    """Who asks for a form must know where to send families, and no route may lead round in a circle."""
    for named in _rule_keys(check, "fever_group"):
        check.known(named, _rule_at(check, named), check.file.groups)
    for id in check.file.groups:
        rules = rules_of(check.file, id)
        if rules.screening and rules.fever_group is None:
            check.wrong(
                _where_set(check, id, "screening"),
                f"groups.{id} asks for a screening form, but has no fever_group; "
                'name the line of the fever route as in fever_group = "fever"',
            )
        elif rules.screening:
            _check_fever_route(check, id)


def _check_fever_route(check: Check, start: str) -> None:
    way, at = [start], start
    while at in check.file.groups:
        rules = rules_of(check.file, at)
        if not (rules.screening and rules.fever_group):
            return
        at = rules.fever_group
        if at in way:
            _tell_circle(check, way[way.index(at) :])
            return
        way.append(at)


def _tell_circle(check: Check, circle: list[str]) -> None:
    start = circle.index(min(circle))
    members = circle[start:] + circle[:start]
    way = " → ".join([*members, members[0]])
    sentence = (
        f"the fever route goes round in a circle: {way}"
        if len(members) > 1
        else f"groups.{members[0]} is its own fever route"
    )
    check.wrong(
        _where_set(check, members[0], "fever_group"),
        f"{sentence}; write screening = false in [groups.{members[0]}.rules]",
    )


def _rule_keys(check: Check, rule: str) -> list[Key]:
    """All places where a rule is set."""
    found: list[Key] = [("rules", rule)] if rule in check.file.rules.given() else []
    for id, area in check.file.areas.items():
        found += [("areas", id, "rules", rule)] if rule in area.rules.given() else []
    for id, group in check.file.groups.items():
        found += [("groups", id, "rules", rule)] if rule in group.rules.given() else []
    return found


def _rule_at(check: Check, key: Key) -> str | None:
    match key:
        case ("areas", str(id), *_):
            rules = check.file.areas[id].rules
        case ("groups", str(id), *_):
            rules = check.file.groups[id].rules
        case _:
            rules = check.file.rules
    given: str | None = rules.fever_group
    return given


def _where_set(check: Check, group: str, rule: str) -> Key:
    """Where a rule that is in force for a group was set: its own, its area's, the hospital's."""
    area = check.file.groups[group].area
    own: list[Key] = [("groups", group, "rules", rule), ("areas", area, "rules", rule)]
    set_at = _rule_keys(check, rule)
    return next((key for key in own if key in set_at), ("rules", rule))


# ---- tests before the consult -------------------------------------------------------------------


def _check_previsit(check: Check) -> None:
    tests = _tests(check)
    clinics = [id for id, each in check.file.groups.items() if each.kind is StepKind.CLINIC]
    seen: set[str] = set()
    for number, rule in enumerate(check.file.previsit):
        key: Key = ("previsit", number)
        if rule.id in seen:
            check.wrong(
                (*key, "id"),
                f"previsit {rule.id!r} stands here already; give each rule its own id",
            )
        seen.add(rule.id)
        for group in rule.groups:
            check.known((*key, "groups"), group, clinics)
        for test in rule.tests:
            check.known((*key, "tests"), test, tests)
        if (rule.min_age_months or 0) > (rule.max_age_months or rule.min_age_months or 0):
            check.wrong(
                (*key, "max_age_months"),
                f"previsit {rule.id!r}: max_age_months is below min_age_months; exchange them",
            )


def _tests(check: Check) -> dict[str, None]:
    """What laboratories and examination rooms serve, and their own ids."""
    return dict.fromkeys(
        service
        for id, group in check.file.groups.items()
        if group.kind in TESTS
        for service in (id, *group.serves)
    )
