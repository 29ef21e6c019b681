"""Served over TLS, and without cards on a plain network, as a browser sees it."""

import datetime
import ipaddress
import shutil
import socket
import ssl

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from qgdr_eval.asking.opening.gather import gather
from qgdr_eval.asking.opening.sources import every_source
from qgdr_eval.asking.serve.start import Settings, open_reception
from qgdr_eval.problems import Refused
from tests.asking.campaigns import CROWD, ready
from tests.asking.served import Served
from tests.asking.test_gather import rows
from tests.conftest import BROWSERS, QUIET

ELSEWHERE = "poste.hopital.example"  # a browser trusts the address of its own computer more


@pytest.fixture
def certificate(tmp_path):
    """A certificate of this computer, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    day = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(day - datetime.timedelta(days=1))
        .not_valid_after(day + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    pem, private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    files = tmp_path / "certificat.pem", tmp_path / "certificat-cle.pem"
    files[0].write_bytes(made.public_bytes(pem))
    files[1].write_bytes(key.private_bytes(pem, private, serialization.NoEncryption()))
    return files


def answer(page):
    """The second answer of every question, by keys, then sent."""
    page.wait_for_url("**/questionnaire")
    page.locator("fieldset input").first.focus()
    for _ in range(page.locator("fieldset").count()):
        page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/merci")


def test_over_tls_a_code_and_what_stands_for_it_never_travel_in_clear(
    browser, tmp_path, certificate
):
    made = ready(tmp_path)
    running = Served(made.path, "--certificate", certificate[0], "--certificate-key",
                     certificate[1]).wait()  # fmt: skip
    context = browser.new_context(ignore_https_errors=True)
    page, foreign = context.new_page(), []
    page.on("request", lambda one: one.url.startswith(running.url) or foreign.append(one.url))
    page.goto(running.url)
    page.get_by_label("code de votre carte").fill(made.codes["Médecine"][0])
    page.get_by_role("button", name="Commencer").click()
    page.wait_for_url("**/questionnaire")
    (cookie,) = context.cookies()
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Strict")
    answer(page)
    with pytest.raises(httpx.TransportError):
        httpx.get(running.url.replace("https", "http"), trust_env=False)
    running.stop()
    context.close()
    assert foreign == []
    made.crowd()
    with every_source(made.path) as sources:
        assert gather(made.path, made.pair, sources).total == 1 + 2 * CROWD


def test_somebody_who_keeps_a_line_open_and_silent_does_not_hold_the_end_up(tmp_path, certificate):
    """Unanswered, the end of a TLS line is awaited half a minute, which is as long as we wait."""
    running = Served(ready(tmp_path).path, "--certificate", certificate[0], "--certificate-key",
                     certificate[1]).wait()  # fmt: skip
    trusted = ssl.create_default_context(cafile=certificate[0])
    here = "127.0.0.1", running.port
    with (
        socket.create_connection(here) as silent,
        trusted.wrap_socket(socket.create_connection(here), server_hostname=here[0]) as known,
    ):
        known.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert known.recv(12) == b"HTTP/1.1 200"
        running.stop()
        silent.close()
    assert "Traceback" not in running.output


def test_without_cards_on_a_plain_network_each_window_answers_once_for_its_service(
    browser, tmp_path
):
    made = ready(tmp_path, more="  access: open\n")
    running = Served(made.path).wait()
    path = next(filter(None, map(shutil.which, BROWSERS)))
    rule = f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1"
    other = browser.browser_type.launch(executable_path=path, args=[*QUIET, rule])
    for service in ("Médecine, CH fictif", "Urgences"):
        page = other.new_page()
        page.goto(f"http://{ELSEWHERE}:{running.port}/")
        assert not page.evaluate("isSecureContext")
        page.get_by_role("button", name="Commencer").click()
        assert "Choisissez votre service" in page.get_by_role("alert").inner_text()
        page.get_by_label("Votre service").select_option(service.split(",")[0])
        page.get_by_role("button", name="Commencer").click()
        answer(page)
        page.goto(f"http://{ELSEWHERE}:{running.port}/questionnaire")
        assert "Donnez d’abord" in page.locator("main").inner_text()
        page.close()
    running.stop()
    other.close()
    made.crowd()
    with every_source(made.path) as sources:
        gather(made.path, made.pair, sources)
    first = made.asked.instrument.codes[0]
    assert [row["Service"] for row in rows(made) if row[first]] == ["Médecine", "Urgences"]


@pytest.mark.parametrize("wrong", ["absent", "no certificate", "another's key"])
def test_a_certificate_that_cannot_serve_is_refused_in_words(tmp_path, certificate, wrong):
    made = ready(tmp_path)
    files = list(certificate)
    if wrong == "absent":
        files[0] = tmp_path / "absent.pem"
    elif wrong == "no certificate":
        files[0].write_text("bonjour")
    else:
        other = ec.generate_private_key(ec.SECP256R1())
        files[1].write_bytes(
            other.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    with pytest.raises(Refused, match="certificat"):
        open_reception(made.path, Settings(certificate=files[0], certificate_key=files[1]))
