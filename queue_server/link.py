"""The line to the broker: what is heard goes to the writer, what the writer tells goes out. The server works without it.

A message is acknowledged to the broker only when the writer says that it is durable, and only on the connection it
came by: after a reconnect the broker brings unacknowledged messages again, under numbers that may mean others by then.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final, Protocol

import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from protocol import Acknowledged, BoardView, Message, ServerState, Topics
from queue_server.broker import Broker
from queue_server.cards import CardLists
from queue_server.envelopes import Envelopes
from queue_server.errors import ServerStopped
from queue_server.ingest import Delivered
from queue_server.mqtt import MqttClient, MqttThread
from queue_server.telling import SHOW_WITHIN, AgentShow, Telling
from queue_server.turn import Delivery

log = structlog.get_logger(__name__)

LEAVES: Final = ("card", "button", "presence", "state", "health")


class Receiver(Protocol):
    """Takes what the broker brings; called on the broker's thread, and may make it wait."""

    def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Messages that came together."""
        ...

    def greet(self) -> None:
        """The broker is back, and may have forgotten everything."""
        ...


class Link:
    """An `Outlet`. Make it, `start` it, and `stop` it."""

    def __init__(
        self,
        broker: Broker,
        site: str,
        envelopes: Envelopes,
        cards: Callable[[], CardLists],
        now: Callable[[], datetime],
    ) -> None:
        """Prepare the line; nothing is opened yet.

        Raises:
            SettingsError: a certificate can't be used.
        """
        self.broker = broker
        self.problem: str | None = "not connected yet"
        """Why nobody hears us, as a half sentence; None while somebody does."""
        self._topics = Topics(site)
        self._envelopes = envelopes
        self._cards = cards
        self._now = now
        self._started = now()
        self._connection = 0
        self._receiver: Receiver | None = None
        self._gathered: list[Delivery] = []
        self._client = MqttClient(broker, f"queue-server-{site}")
        self._set_callbacks()
        self._thread = MqttThread(
            self._client, self._hand_over, self._on_unreachable, self._say_farewell
        )

    def _set_callbacks(self) -> None:
        will = self._envelopes.seal(ServerState(online=False))
        self._client.will_set(self._topics.server_state, will, 1, retain=True)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message

    @property
    def listening(self) -> bool:
        """Whether the broker hears us."""
        return self._client.is_connected()

    def start(self, receiver: Receiver) -> None:
        """Begin to connect; returns at once."""
        self._receiver = receiver
        self._thread.start()

    def stop(self) -> None:
        """Say goodbye, so that nobody has to wait for the last will, and hang up."""
        self._thread.stop()

    # ---- the outlet, for the writer's thread ------------------------------------------------------

    def tell(self, telling: Telling) -> None:
        """Have it told; when nobody hears, it is let go: who was to hear it asks again, or is greeted."""
        if self.listening:
            self._thread.call(partial(self._tell, telling))

    def show_board(self, board: BoardView) -> None:
        """Have an area's board shown."""
        if self.listening:
            self._thread.call(
                partial(self._publish, self._topics.board(board.area), board, retain=True)
            )

    def publish_cards(self) -> None:
        """Have the card lists in force told."""
        if self.listening:
            self._thread.call(self._publish_cards)

    # ---- the broker's thread ----------------------------------------------------------------------

    def _tell(self, telling: Telling) -> None:
        """Acknowledge to the broker, then to the agents; then call and show."""
        for let_go in telling.durable:
            let_go()
        for agent, (install, seq) in telling.acknowledged.items():
            # a lost acknowledgement is told again when the agent repeats itself
            message = Acknowledged(install=install, seq=seq)
            self._publish(self._topics.agent(agent, "ack"), message, qos=0, retain=True)
        for group, call in telling.calls:
            self._publish(self._topics.call(group), call, expires=self._now() + SHOW_WITHIN)
        for show in telling.shows:
            self._show(show)
        for proof in telling.proofs:
            # of the moment: a question that is lost is not answered, and the family shows its card
            topic = self._topics.agent(proof.agent, "command")
            self._publish(topic, proof.wanted, qos=0, expires=proof.expires)

    def _show(self, show: AgentShow) -> None:
        # of the moment: a kiosk that misses it gives a number of its own, which is answered again
        topic = self._topics.agent(show.agent, "command")
        self._publish(topic, show.show, qos=0, expires=show.expires)

    def _publish_cards(self) -> None:
        lists = self._cards()
        if lists.keys_file:
            self._client.publish(self._topics.card_keys, lists.keys_file, 1, retain=True)
        if lists.revoked_file:
            self._client.publish(self._topics.revoked_cards, lists.revoked_file, 1, retain=True)

    def _publish(
        self,
        topic: str,
        message: Message,
        qos: int = 1,
        retain: bool = False,
        expires: datetime | None = None,
    ) -> None:
        self._client.publish(topic, self._envelopes.seal(message, expires), qos, retain)

    def _on_connect(
        self,
        client: Client,
        _userdata: object,
        flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self.problem = f"the broker refused us: {reason}"
            log.error("broker_refused", broker=str(self.broker), reason=str(reason))
            return
        self._connection += 1
        log.info("broker_connected", broker=str(self.broker), remembered=flags.session_present)
        self._repeat_what_was_not_heard(client)
        client.subscribe([(self._topics.agent_events(leaf), 1) for leaf in LEAVES])

    def _on_subscribe(
        self,
        _client: Client,
        _userdata: object,
        _mid: int,
        reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        """Only now is nothing missed that agents say: only now do they learn that we are here."""
        if any(reason.is_failure for reason in reasons):
            self.problem = "the broker does not let us hear the agents; look at its access list"
            log.error("subscription_refused", broker=str(self.broker))
            return
        self.problem = None
        online = ServerState(online=True, started=self._started)
        self._publish(self._topics.server_state, online, retain=True)
        self._publish_cards()
        if self._receiver:
            self._guarded(self._receiver.greet)

    def _repeat_what_was_not_heard(self, client: Client) -> None:
        """Shows and calls again; what is retained will be told anew, and an old board must not come after it."""
        for message in client.drop_out_messages():
            if not message.retain:
                client.publish(message.topic, message.payload, message.qos)

    def _on_unreachable(self) -> None:
        if self.problem != "no answer":
            log.warning("broker_unreachable", broker=str(self.broker))
        self.problem = "no answer"

    def _on_disconnect(
        self,
        _client: Client,
        _userdata: object,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._connection += 1
        self.problem = f"disconnected: {reason}"
        log.warning("broker_gone", broker=str(self.broker), reason=str(reason))

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        delivered = Delivered(_topic(message), bytes(message.payload), self._now())
        let_go = partial(self._let_go, self._connection, message.mid, message.qos)
        self._gathered.append(Delivery(delivered, let_go))

    def _let_go(self, connection: int, mid: int, qos: int) -> None:
        if qos and connection == self._connection:
            self._client.ack(mid, qos)

    def _hand_over(self) -> None:
        """Give what has come to the writer. While that has enough to do, nothing more is read."""
        gathered, self._gathered = self._gathered, []
        if gathered and self._receiver:
            self._guarded(partial(self._receiver.receive, gathered))

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except ServerStopped:
            log.info("messages_left_with_the_broker")

    def _say_farewell(self) -> None:
        if self.listening:
            self._publish(self._topics.server_state, ServerState(online=False), retain=True)


def _topic(message: MQTTMessage) -> str:
    try:
        return message.topic
    except UnicodeDecodeError:
        return "(not UTF-8)"
