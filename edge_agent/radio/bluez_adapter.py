"""BlueZ itself, beside bleak: is the adapter well, and switching it off and on. Bleak has neither.

It holds a connection of its own to the system bus and waits for one of five signals.
"""

import asyncio
import contextlib
from typing import Any, Final, cast

from dbus_fast import BusType, DBusError, Message, MessageType, Variant
from dbus_fast.aio.message_bus import MessageBus

from edge_agent.core.recovery import Trouble
from edge_agent.radio.port import RadioProblem

OFF_S: Final = 1.0
"""How long an adapter stays off: firmware wants a moment."""
ANSWER_S: Final = 5.0
_BLUEZ: Final = "org.bluez"
_ADAPTER: Final = "org.bluez.Adapter1"
_PROPERTIES: Final = "org.freedesktop.DBus.Properties"


class BluezAdapter:
    """One adapter of BlueZ, e.g. `hci0`."""

    def __init__(self, name: str, off_s: float = OFF_S) -> None:
        self.path = f"/org/bluez/{name}"
        self._off_s = off_s

    async def trouble(self) -> Trouble:
        """Wait until the adapter is switched off, pulled out or stopped from scanning, or its service is gone."""
        try:
            bus = await _connected()
        except RadioProblem as problem:
            return problem.trouble
        said: asyncio.Future[Trouble] = asyncio.get_running_loop().create_future()

        def overhear(message: Message) -> None:
            trouble = _trouble_in(message, self.path)
            if trouble is not None and not said.done():
                said.set_result(trouble)

        lost: asyncio.Future[None] = asyncio.ensure_future(_until_lost(bus))
        try:
            bus.add_message_handler(overhear)
            for rule in self._rules():
                await _asked(bus, "AddMatch", "s", [rule])
            if (already := await self._already(bus)) is not None:
                return already
            waited: set[asyncio.Future[Any]] = {said, lost}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            return said.result() if said.done() else Trouble.NO_SERVICE
        except RadioProblem as problem:
            return problem.trouble
        finally:
            lost.cancel()
            bus.disconnect()

    async def _already(self, bus: MessageBus) -> Trouble | None:
        """What had gone wrong before anybody listened for it."""
        message = Message(
            destination=_BLUEZ,
            path=self.path,
            interface=_PROPERTIES,
            member="Get",
            signature="ss",
            body=[_ADAPTER, "Powered"],
        )
        reply = await _sent(bus, message)
        return None if reply.body[0].value else Trouble.POWERED_OFF

    async def cycle(self) -> None:
        """Switch off, wait, switch on.

        Raises:
            RadioProblem: BlueZ refused or is not there.
        """
        bus = await _connected()
        try:
            await self._power(bus, False)
            await asyncio.sleep(self._off_s)
            await self._power(bus, True)
        finally:
            bus.disconnect()

    async def _power(self, bus: MessageBus, on: bool) -> None:
        message = Message(
            destination=_BLUEZ,
            path=self.path,
            interface=_PROPERTIES,
            member="Set",
            signature="ssv",
            body=[_ADAPTER, "Powered", Variant("b", on)],
        )
        await _sent(bus, message)

    def _rules(self) -> list[str]:
        return [
            f"type='signal',sender='{_BLUEZ}',path='{self.path}',interface='{_PROPERTIES}'",
            f"type='signal',sender='{_BLUEZ}',member='InterfacesRemoved',arg0path='{self.path}'",
            f"type='signal',member='NameOwnerChanged',arg0='{_BLUEZ}'",
        ]


def _trouble_in(message: Message, path: str) -> Trouble | None:
    if message.message_type is not MessageType.SIGNAL:
        return None
    match message.member, message.body:
        case "PropertiesChanged", [str(interface), dict(changed), *_] if interface == _ADAPTER:
            return _trouble_in_properties(changed) if message.path == path else None
        case "InterfacesRemoved", [str(gone), list(interfaces)]:
            return Trouble.NO_ADAPTER if gone == path and _ADAPTER in interfaces else None
        case "NameOwnerChanged", [str(name), _, str(owner)] if name == _BLUEZ and not owner:
            return Trouble.NO_SERVICE
        case _:
            return None


def _trouble_in_properties(changed: dict[str, Variant]) -> Trouble | None:
    for name, trouble in (("Powered", Trouble.POWERED_OFF), ("Discovering", Trouble.SCAN_ENDED)):
        if name in changed and changed[name].value is False:
            return trouble
    return None


async def _connected() -> MessageBus:
    try:
        return await asyncio.wait_for(MessageBus(bus_type=BusType.SYSTEM).connect(), ANSWER_S)
    except Exception as error:  # no bus, no socket, no permission: all the same from here
        raise RadioProblem(Trouble.NO_SERVICE, f"no system bus: {error}") from error


async def _until_lost(bus: MessageBus) -> None:
    with contextlib.suppress(Exception):  # that it ended is all that matters
        await cast("Any", bus).wait_for_disconnect()  # has no types


async def _asked(bus: MessageBus, member: str, signature: str, body: list[object]) -> None:
    daemon = "org.freedesktop.DBus"
    message = Message(
        destination=daemon,
        path="/org/freedesktop/DBus",
        interface=daemon,
        member=member,
        signature=signature,
        body=body,
    )
    await _sent(bus, message)


async def _sent(bus: MessageBus, message: Message) -> Message:
    try:
        reply = await asyncio.wait_for(bus.call(message), ANSWER_S)
    except (OSError, EOFError, DBusError, TimeoutError) as error:
        raise RadioProblem(Trouble.NO_SERVICE, str(error)) from error
    if reply.message_type is MessageType.ERROR:
        raise RadioProblem(trouble_of(reply.error_name or ""), f"{reply.error_name}: {reply.body}")
    return reply


_BY_NAME: Final = {
    "NotReady": Trouble.POWERED_OFF,
    "Blocked": Trouble.POWERED_OFF,
    "ServiceUnknown": Trouble.NO_SERVICE,
    "NameHasNoOwner": Trouble.NO_SERVICE,
    "NoReply": Trouble.NO_SERVICE,
    "Disconnected": Trouble.NO_SERVICE,
    "AccessDenied": Trouble.NOT_ALLOWED,
    "AuthFailed": Trouble.NOT_ALLOWED,
    "NotAuthorized": Trouble.NOT_ALLOWED,
    "UnknownObject": Trouble.NO_ADAPTER,
    "UnknownInterface": Trouble.NO_ADAPTER,
    "UnknownMethod": Trouble.NO_ADAPTER,
}


def trouble_of(error_name: str) -> Trouble:
    """What an error of D-Bus or BlueZ means for the radio."""
    return _BY_NAME.get(error_name.rpartition(".")[2], Trouble.NOT_STARTED)
