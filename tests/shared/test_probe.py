"""Webhooks' hosts, asked over real sockets; and whom nobody may be made to ask."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shared.audit import Reach, Reached
from shared.probe import AT_ONCE, probe, resolved

LOOPBACK = ip_address("127.0.0.1")
NAME = "hooks.example.com"


class Receiver:
    """A webhook's receiver on loopback that answers every path `/418` with that status, and keeps what came.

    `together`: nobody is answered before so many have come.
    """

    def __init__(self) -> None:
        self.requests: list[web.BaseRequest] = []
        self.most_at_once = 0
        self.together: asyncio.Barrier | None = None
        self._at_once = 0

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(request)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        if self.together is not None:
            await self.together.wait()
        self._at_once -= 1
        status = int(request.path.strip("/").partition("/")[0] or 204)
        return web.Response(status=status, headers={"Location": "http://127.0.0.1:9/elsewhere"})

    @asynccontextmanager
    async def listening(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
        runner = web.ServerRunner(web.Server(self.answer))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", ssl_context=tls)
        await site.start()
        try:
            yield runner.addresses[0][1]
        finally:
            await runner.cleanup()


class Directory:
    """A resolver that knows what it is told, and what it was asked."""

    def __init__(self, **known: Sequence[IPv4Address | IPv6Address]) -> None:
        self._known = {name.replace("_", "."): addresses for name, addresses in known.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str) -> Sequence[IPv4Address | IPv6Address]:
        self.asked.append(host)
        if host not in self._known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self._known[host]


def anywhere(_address: IPv4Address | IPv6Address) -> bool:
    return True


HERE = Directory(hooks_example_com=[LOOPBACK])


async def test_a_host_is_asked_by_head_once_without_anything_of_ours_and_not_sent_on() -> None:
    receiver, directory = Receiver(), Directory(hooks_example_com=[LOOPBACK])
    async with receiver.listening() as port:
        place = f"http://{NAME}:{port}"
        urls = {
            f"{place}/204/hook?token=theirs": 204,
            f" http://me:password@{NAME}:{port}/301/x#fragment": 301,
            f"{place}/404": 404,
            f"{place}/503": 503,
        }
        answers = await probe([*urls, *urls], resolve=directory, allowed=anywhere)
    assert answers == {url: Reached(Reach.ANSWERED, status) for url, status in urls.items()}
    assert [answer.well for answer in answers.values()] == [True, True, True, False]
    assert directory.asked == [NAME] * len(urls)
    assert len(receiver.requests) == len(urls)
    for request in receiver.requests:
        assert (request.method, request.host, request.can_read_body) == ("HEAD", f"{NAME}:{port}", False)
        assert not {"Authorization", "Cookie"} & set(request.headers)
    assert "/204/hook?token=theirs" in {str(request.rel_url) for request in receiver.requests}


async def test_a_few_are_asked_at_once_and_no_more() -> None:
    receiver = Receiver()
    receiver.together = asyncio.Barrier(AT_ONCE)
    async with receiver.listening() as port:
        urls = [f"http://{NAME}:{port}/204/{number}" for number in range(4 * AT_ONCE)]
        answers = await probe(urls, resolve=HERE, allowed=anywhere)
    assert {answer.status for answer in answers.values()} == {204}
    assert receiver.most_at_once == AT_ONCE


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/204",
        "http://127.1:{port}/204",
        "http://2130706433:{port}/204",
        "http://0x7f000001:{port}/204",
        "http://[::1]:{port}/204",
        "http://[::ffff:127.0.0.1]:{port}/204",
        "http://0.0.0.0:{port}/204",
        "http://localhost:{port}/204",
        "http://inside.example.com:{port}/204",
        "http://half.example.com:{port}/204",
        "http://mapped.example.com:{port}/204",
        "http://zoned.example.com:{port}/204",
        "http://me@inside.example.com:{port}/204",
        "https://inside.example.com:{port}/204",
    ],
)
async def test_nothing_inside_is_asked_however_it_is_written_or_resolves(url: str) -> None:
    receiver = Receiver()
    directory = Directory(
        localhost=[LOOPBACK, ip_address("::1")],
        inside_example_com=[LOOPBACK],
        half_example_com=[ip_address("8.8.8.8"), ip_address("10.0.0.1")],
        mapped_example_com=[ip_address("::ffff:127.0.0.1")],
        zoned_example_com=[ip_address("fe80::1%1")],
    )
    async with receiver.listening() as port:
        written = url.format(port=port)
        assert await probe([written], resolve=directory) == {written: Reached(Reach.NOT_PUBLIC)}
    assert receiver.requests == []


async def test_a_name_that_resolves_anew_to_the_inside_is_not_asked_again() -> None:
    """Between the look at the address and the connection, nobody resolves the name a second time."""
    receiver = Receiver()
    async with receiver.listening() as port:
        places = [[LOOPBACK]]

        async def rebinding(_host: str) -> Sequence[IPv4Address | IPv6Address]:
            return places.pop()

        url = f"http://rebind.example.com:{port}/204"
        assert (await probe([url], resolve=rebinding, allowed=anywhere))[url].status == 204
    assert places == []


@pytest.mark.parametrize(
    ("url", "reach"),
    [
        ("", Reach.NO_URL),
        ("nowhere", Reach.NO_URL),
        ("https://", Reach.NO_URL),
        ("https://hooks.example.com:port/", Reach.NO_URL),
        ("https://[::1", Reach.NO_URL),
        ("https://\x00/", Reach.NO_URL),
        ("ftp://hooks.example.com/", Reach.NO_URL),
        ("file:///etc/passwd", Reach.NO_URL),
        ("https://gone.example.com/", Reach.NO_ADDRESS),
        ("https://256.256.256.256/", Reach.NO_URL),
        ("https://empty.example.com/", Reach.NO_ADDRESS),
    ],
)
async def test_what_leads_nowhere_is_told_apart(url: str, reach: Reach) -> None:
    directory = Directory(empty_example_com=[])
    assert await probe([url], resolve=directory, allowed=anywhere) == {url: Reached(reach)}


async def test_a_port_that_nobody_listens_on_refuses_and_the_next_address_is_tried() -> None:
    receiver = Receiver()
    async with receiver.listening() as port:
        url = f"http://two.example.com:{port}/204"
        both = Directory(two_example_com=[ip_address("127.0.0.2"), LOOPBACK])
        assert (await probe([url], resolve=both, allowed=anywhere))[url] == Reached(Reach.ANSWERED, 204)
    assert (await probe([url], resolve=both, allowed=anywhere))[url] == Reached(Reach.REFUSED)


async def test_what_does_not_speak_http_or_never_answers_is_told() -> None:
    talks = asyncio.Event()

    async def nonsense(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com ESMTP\r\n")
        await writer.drain()
        writer.close()

    async def silence(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await talks.wait()
        writer.close()

    async with AsyncExitStack() as stack:
        ports = []
        for behaviour in (nonsense, silence):
            server = await stack.enter_async_context(await asyncio.start_server(behaviour, "127.0.0.1"))
            ports.append(server.sockets[0].getsockname()[1])
        urls = [f"http://{NAME}:{port}/" for port in ports]
        answers = await probe(urls, resolve=HERE, allowed=anywhere, total=1)
        talks.set()
    assert answers == {urls[0]: Reached(Reach.NO_HTTP), urls[1]: Reached(Reach.TIMEOUT)}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for NAME that vouches for itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return path


async def test_a_certificate_has_to_prove_the_name_though_the_address_is_called(certificate: Path) -> None:
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate))
    other = "other.example.com"
    directory = Directory(hooks_example_com=[LOOPBACK], other_example_com=[LOOPBACK])
    receiver = Receiver()
    async with receiver.listening(serving) as port:
        urls = [f"https://{host}:{port}/204" for host in (NAME, other)]
        trusted = await probe(urls, resolve=directory, allowed=anywhere, tls=trusting)
        strangers = await probe(urls[:1], resolve=directory, allowed=anywhere)
    assert trusted == {urls[0]: Reached(Reach.ANSWERED, 204), urls[1]: Reached(Reach.TLS)}
    assert strangers == {urls[0]: Reached(Reach.TLS)}
    assert len(receiver.requests) == 1


async def test_the_systems_resolver_is_asked_and_an_impossible_name_is_a_name_without_addresses() -> None:
    assert LOOPBACK in await resolved("localhost")
    for name in ("a" * 70 + ".example", ".."):
        with pytest.raises(OSError):  # noqa: PT011 # what the resolver says differs from system to system
            await resolved(name)
