#!/usr/bin/env python3
"""Sends through real servers on the loopback: mail through aiosmtpd, texts through a web server.

    python3 tests/outreach/deliver.py target/release/crm

Needs Python's aiosmtpd and the program openssl. Every server listens on a free port of 127.0.0.1
and ends with the script. What was sent is read with Python's own mail library.
"""
import email
import email.policy
import http.server
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import logging
import warnings
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
CRM = str(Path(sys.argv[1]).resolve())
WORK = Path(tempfile.mkdtemp(prefix="crm-deliver-"))
checks = 0


def check(holds, what):
    global checks
    if not holds:
        sys.exit(f"FAILED: {what}")
    checks += 1


class Store:
    """A store of its own, with a customer who can be written to."""

    def __init__(self, name, settings):
        self.dir = WORK / name
        self.now = "2026-03-10T10:00:00+08:00"
        home = WORK / "home"
        home.mkdir(exist_ok=True)
        self.env = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy") and not k.startswith("GIT_")}
        self.env |= {"HOME": str(home), "LANG": "en_US.UTF-8", "CRM_USER": "boss", "SECRET": "pa ss"}
        self.env |= {"CRM_NO_INPUT": "1", "GIT_CONFIG_NOSYSTEM": "1", "TZ": "Asia/Shanghai"}
        self.crm("init", str(self.dir), "--name", "Boss", "--email", "boss@acme.example", "--user", "boss", at=WORK)
        with open(self.dir / "crm.toml", "a", encoding="utf-8") as file:
            file.write("\n" + settings)
        self.crm("commit", "-m", "settings")
        self.crm("trust", "--yes")
        self.crm("customer", "add", "--name", "海纳物流", "--email", "wang@haina.example", "--phone", "13800138000")

    def start(self, *words):
        env = self.env | {"CRM_NOW": self.now}
        return subprocess.Popen([CRM, *words], cwd=self.dir, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *words, at=None):
        env = self.env | {"CRM_NOW": self.now}
        return subprocess.run([CRM, *words], cwd=at or self.dir, env=env, capture_output=True, text=True)

    def crm(self, *words, at=None):
        done = self.run(*words, at=at)
        check(done.returncode == 0, f"crm {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout.strip()

    def send(self, subject, *more, channel="email", body="您好，\n.\n价格见附件。"):
        text = ["--subject", subject] if channel == "email" else []
        return self.crm("message", "send", "海纳物流", "--channel", channel, *text, "--body", body, *more)

    def outbox(self, exits=0):
        done = self.run("outbox", "run", "--format", "json")
        check(done.returncode == exits, f"outbox run: {done.returncode}, not {exits}\n{done.stdout}{done.stderr}")
        return done

    def message(self, id):
        return json.loads(self.crm("message", "show", id, "--format", "json"))

    def fsck(self):
        done = subprocess.run(["git", "-C", str(self.dir), "status", "--porcelain"], capture_output=True, text=True)
        check(done.stdout == "", f"the work tree is clean: {done.stdout}")
        self.crm("check")


class Handler:
    """Keeps what came; says and does what a test wants."""

    def __init__(self):
        self.mails = []
        self.rcpt = []
        self.data = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt:
            return self.rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        step = self.data.pop(0) if self.data else None
        if step != "refuse":
            self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        if step == "drop":
            server.transport.abort()
            return "250 never seen"
        if step == "slow":
            time.sleep(4)
        if callable(step):
            step()
        if step == "refuse":
            return "554 5.7.1 no thanks"
        return "250 2.0.0 queued as 4711"


class Mail:
    """A mail server; `tls` is (certificate, key)."""

    def __init__(self, tls=None, password=None):
        self.handler = Handler()
        context = None
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)

        options = dict(tls_context=context, require_starttls=bool(tls))
        if password:
            options |= dict(authenticator=lambda s, ss, e, m, d: AuthResult(success=d.password == password.encode(), handled=False),
                            auth_required=True, auth_require_tls=bool(tls))
        self.controller = Controller(self.handler, hostname="127.0.0.1", port=free_port(), **options)
        self.controller.start()
        self.port = self.controller.port

    def stop(self):
        self.controller.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def certificates():
    """An authority of our own and a certificate of it for localhost."""
    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=WORK, check=True, capture_output=True)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "30",
            "-subj", "/CN=Acme CA", "-addext", "basicConstraints=critical,CA:TRUE")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "req.pem", "-subj", "/CN=localhost")
    (WORK / "ext").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "req.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "cert.pem",
            "-days", "30", "-extfile", "ext")
    return WORK / "cert.pem", WORK / "key.pem"


def plain():
    server = Mail()
    store = Store("plain", f'[send.email]\nsmtp = "smtp://127.0.0.1:{server.port}?tls=off"\nfrom = "艾客公司 <sales@acme.example>"\n')
    id = store.send("报价 QT-1：空调")
    store.outbox()
    message = store.message(id)
    check(message["status"] == "sent" and "4711" in message["provider_id"], message)
    sender, to, raw = server.handler.mails[0]
    check((sender, to) == ("sales@acme.example", ["wang@haina.example"]), (sender, to))
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    check(mail["subject"] == "报价 QT-1：空调", mail["subject"])
    check(mail["from"].addresses[0].display_name == "艾客公司", mail["from"])
    check(mail["message-id"] == message["message_id"] == f"<{id}@acme.example>", mail["message-id"])
    body = mail.get_body().get_content().replace("\r\n", "\n").rstrip("\n")
    check(body == "您好，\n.\n价格见附件。", repr(body))
    check(not mail.defects, mail.defects)

    # A quote goes along as a page and as a workbook, printed when it is sent.
    store.crm("product", "add", "AC", "--name", "空调", "--price", "100")
    store.crm("quote", "add", "--customer", "海纳物流", "--line", "AC:2", "--number", "QT-1")
    id = store.send("附件", "--attach", "QT-1.html", "--attach", "QT-1.xlsx")
    store.outbox()
    mail = email.message_from_bytes(server.handler.mails[1][2], policy=email.policy.default)
    files = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
    check(sorted(files) == ["QT-1.html", "QT-1.xlsx"], files.keys())
    html = files["QT-1.html"]
    check("空调" in (html if isinstance(html, str) else html.decode()), "the page has the line")
    check(files["QT-1.xlsx"][:2] == b"PK", "the workbook is one")

    # Answers stand below what they answer.
    store.crm("ticket", "add", "--customer", "海纳物流", "--subject", "异响", "--number", "TK-1")
    store.crm("ticket", "reply", "TK-1", "我们明天来。")
    store.outbox()
    store.now = "2026-03-10T10:05:00+08:00"
    first = email.message_from_bytes(server.handler.mails[2][2], policy=email.policy.default)
    answer = (f"From: Wang <wang@haina.example>\r\nTo: sales@acme.example\r\nSubject: Re: {first['subject']}\r\n"
              f"Message-ID: <r1@haina.example>\r\nIn-Reply-To: {first['message-id']}\r\n\r\n好的。\r\n")
    (store.dir.parent / "in.eml").write_text(answer, encoding="utf-8")
    store.crm("message", "import", str(store.dir.parent / "in.eml"))
    store.crm("ticket", "reply", "TK-1", "谢谢。")
    store.outbox()
    second = email.message_from_bytes(server.handler.mails[3][2], policy=email.policy.default)
    check(second["in-reply-to"] == "<r1@haina.example>", second["in-reply-to"])
    check(second["references"].split() == [first["message-id"], "<r1@haina.example>"], second["references"])
    check("[TK-1]" in second["subject"], second["subject"])
    store.fsck()
    server.stop()


def encrypted():
    pair = certificates()
    server = Mail(tls=pair, password="pa ss")
    settings = f'[send.email]\nsmtp = "smtp://me@localhost:{server.port}"\nca_file = "{WORK}/ca.pem"\n'
    store = Store("encrypted", settings + 'secret_env = "SECRET"\n')
    id = store.send("x")
    store.outbox()
    check(store.message(id)["status"] == "sent", store.message(id))
    secret = WORK / "secret"
    secret.write_text("pa ss\nnot this\n")
    store = Store("by-file", settings + f'secret_file = "{secret}"\n')
    id = store.send("x")
    store.outbox()
    check(store.message(id)["status"] == "sent", store.message(id))
    store = Store("by-command", settings + f'secret_command = ["head", "-1", "{secret}"]\n')
    id = store.send("x")
    store.outbox()
    check(store.message(id)["status"] == "sent", store.message(id))
    check(len(server.handler.mails) == 3, len(server.handler.mails))

    store = Store("wrong-password", settings + 'secret_env = "LANG"\n')
    id = store.send("x")
    done = store.outbox(exits=12)
    message = store.message(id)
    check(message["status"] == "queued" and "535" in message["error"], message)
    check("535" in done.stderr, done.stderr)

    store = Store("wrong-certificate", f'[send.email]\nsmtp = "smtp://me@localhost:{server.port}"\nsecret_env = "SECRET"\n')
    id = store.send("x")
    store.outbox(exits=12)
    message = store.message(id)
    check(message["status"] == "queued" and "certificate" in message["error"].lower(), message)

    # A server without TLS is given neither mail nor password.
    bare = Mail()
    store = Store("no-tls", f'[send.email]\nsmtp = "smtp://localhost:{bare.port}"\n')
    store.send("x")
    done = store.outbox(exits=12)
    check("STARTTLS" in done.stderr and not bare.handler.mails, done.stderr)
    bare.stop()
    check(len(server.handler.mails) == 3, "nothing more arrived")
    server.stop()

    # What is named in crm.toml and not allowed here is not used.
    store = Store("untrusted", '[send.email]\ncommand = ["true"]\n')
    with open(store.dir / "crm.toml", "a") as file:
        file.write('secret_env = "SECRET"\n')
    store.send("x")
    done = store.run("outbox", "run")
    check(done.returncode == 11 and "crm trust" in done.stderr, done.stderr)


def refused():
    server = Mail()
    settings = f'[send.email]\nsmtp = "smtp://127.0.0.1:{server.port}?tls=off"\ntimeout = "2s"\n'
    store = Store("refused", settings)
    handler = server.handler

    # Greylisting: later, and not before.
    id = store.send("grey")
    handler.rcpt = ["451 4.7.1 try again"]
    store.outbox()
    message = store.message(id)
    check(message["status"] == "queued" and "try again" in message["error"], message)
    check(message["send_at"].startswith("2026-03-10T10:01:00"), message["send_at"])
    store.outbox()
    check(store.message(id)["status"] == "queued", "not before its time")
    store.now = "2026-03-10T10:01:00+08:00"
    store.outbox()
    message = store.message(id)
    check(message["status"] == "sent" and not message.get("error"), message)
    check(len(handler.mails) == 1, len(handler.mails))

    # Refused for good, at the receiver and at the text; the others go all the same.
    ids = [store.send(f"{n}") for n in range(3)]
    handler.rcpt = ["550 5.1.1 no such user"]
    handler.data = ["refuse"]
    store.outbox(exits=10)
    states = sorted(store.message(id)["status"] for id in ids)
    check(states == ["failed", "failed", "sent"], states)
    errors = sorted(store.message(id).get("error") or "" for id in ids)
    check("5.1.1" in errors[1] and "5.7.1" in errors[2], errors)

    # The line is cut after the text: nobody knows. Service mail goes again under the same id,
    # advertisements when a person says so.
    handler.mails.clear()
    service, market = store.send("service"), store.send("market", "--purpose", "marketing")
    handler.data = ["drop", "drop"]
    store.outbox(exits=10)
    check({store.message(id)["status"] for id in (service, market)} == {"unknown"}, "both unknown")
    store.now = "2026-03-10T10:30:00+08:00"
    store.outbox()
    check(store.message(service)["status"] == "sent", store.message(service))
    check(store.message(market)["status"] == "unknown", store.message(market))
    got = [email.message_from_bytes(raw, policy=email.policy.default)["message-id"] for _, _, raw in handler.mails]
    check(sorted(got) == sorted([f"<{service}@acme.example>"] * 2 + [f"<{market}@acme.example>"]), got)
    done = store.run("message", "retry", market)
    check(done.returncode == 2 and "--yes" in done.stderr, done.stderr)
    store.crm("message", "retry", market, "--yes")
    store.outbox()
    check(store.message(market)["status"] == "sent", store.message(market))

    # Too slow after the text: unknown. Too slow before it: not reached, nothing lost.
    id = store.send("slow")
    handler.data = ["slow"]
    store.outbox(exits=10)
    check(store.message(id)["status"] == "unknown", store.message(id))
    server.stop()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        text = (store.dir / "crm.toml").read_text().replace(str(server.port), str(silent.getsockname()[1]))
        (store.dir / "crm.toml").write_text(text)
        store.crm("commit", "-m", "silent")
        ids = [store.send(f"{n}") for n in range(5)]
        store.outbox(exits=12)
        messages = [store.message(id) for id in ids]
        check({m["status"] for m in messages} == {"queued"}, messages)
        check(sum(1 for m in messages if m.get("claimed_by")) == 1, "one attempt, the others were not tried")
    store.outbox(exits=12)
    store.fsck()


def at_once():
    server = Mail()
    store = Store("at-once", f'[send.email]\nsmtp = "smtp://127.0.0.1:{server.port}?tls=off"\n')
    lines = "".join(f'message send 海纳物流 --channel email --subject "{n}" --body x\n' for n in range(250))
    (WORK / "lines").write_text(lines, encoding="utf-8")
    store.crm("batch", str(WORK / "lines"))
    runs = [store.start("outbox", "run") for _ in range(4)]
    for one in runs:
        one.communicate()
        check(one.returncode == 0, one.returncode)
    store.outbox()
    got = [email.message_from_bytes(raw)["message-id"] for _, _, raw in server.handler.mails]
    check(len(got) == 250 and len(set(got)) == 250, f"{len(got)} mails, {len(set(got))} of them different")
    log = subprocess.run(["git", "-C", str(store.dir), "log", "--format=%s"], capture_output=True, text=True)
    claims = [line for line in log.stdout.splitlines() if line.startswith("outbox claim")]
    check(len(claims) == 3, f"three batches: {claims}")
    store.fsck()
    server.stop()


def killed():
    """kill -9 between queued and sent, at every step that can be told from outside."""
    seen = set()
    for step in ["connect", "rcpt", "data", "answered"]:
        for purpose in ["service", "marketing"]:
            server = Mail()
            handler = server.handler
            silent = socket.socket()
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            port = silent.getsockname()[1] if step == "connect" else server.port
            name = f"killed-{step}-{purpose}"
            store = Store(name, f'[send.email]\nsmtp = "smtp://127.0.0.1:{port}?tls=off"\n')
            id = store.send("x", "--purpose", purpose)
            child = []

            def kill():
                os.kill(child[0].pid, signal.SIGKILL)

            if step == "rcpt":
                original = handler.handle_RCPT

                async def at_rcpt(*words):
                    kill()
                    time.sleep(0.2)
                    return "250 OK"
                handler.handle_RCPT = at_rcpt
            if step == "data":
                handler.data = [kill]
            child.append(store.start("outbox", "run"))
            if step == "connect":
                silent.accept()
                time.sleep(0.2)
                kill()
            if step == "answered":
                while not handler.mails:
                    time.sleep(0.0005)
                time.sleep(0.004)
                kill()
            child[0].communicate()
            if step == "rcpt":
                handler.handle_RCPT = original
            message = store.message(id)
            seen.add((step, message["status"]))
            if step == "connect":
                text = (store.dir / "crm.toml").read_text().replace(str(port), str(server.port))
                (store.dir / "crm.toml").write_text(text)
                store.crm("commit", "-m", "port")
            done = store.run("outbox", "run", "--format", "json")
            check(done.returncode in (0, 10), done.stderr)
            store.now = "2026-03-10T11:00:00+08:00"
            store.run("outbox", "run")
            message = store.message(id)
            got = [email.message_from_bytes(raw)["message-id"] for _, _, raw in handler.mails]
            check(set(got) <= {message["message_id"]}, got)
            if step in ("connect", "rcpt"):
                check(message["status"] == "sent" and len(got) == 1, f"{step} {purpose}: {message} {got}")
            elif purpose == "marketing":
                check(len(got) == 1, f"{step}: an advertisement arrives once, {got}")
                check(message["status"] in ("unknown", "sent"), message)
            else:
                check(message["status"] == "sent" and 1 <= len(got) <= 2, f"{step}: {message} {got}")
            store.fsck()
            log = store.dir / ".git" / "crm" / "outbox.log"
            check(log.read_text() == "", "the log is empty")
            silent.close()
            server.stop()
    print("killed at:", ", ".join(f"{step} ({state})" for step, state in sorted(seen)))


class Gateway(http.server.BaseHTTPRequestHandler):
    answers, got = [], []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Gateway.got.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        status, text, wait = Gateway.answers.pop(0) if Gateway.answers else (200, '{"code":0,"sid":9}', 0)
        time.sleep(wait)
        data = text.encode()
        try:
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            pass

    def log_message(self, *_):
        pass


def texts():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    store = Store("texts", f"""[send.sms]
url = "{url}/send/{{{{user}}}}"
user = "u 1"
secret_env = "SECRET"
headers = ["Content-Type: application/json", "X-Key: {{{{secret}}}}"]
body = '{{"mobile":"{{{{local}}}}","text":"{{{{text}}}}"}}'
success = "code=0"
id = "sid"
timeout = "2s"
""")
    text = '您的订单"SO-1"已发货\n{{secret}}'
    id = store.send("", channel="sms", body=text)
    store.outbox()
    message = store.message(id)
    check(message["status"] == "sent" and message["provider_id"] == "9", message)
    path, headers, body = Gateway.got[0]
    check(path == "/send/u%201" and headers["x-key"] == "pa ss", (path, headers))
    check(json.loads(body) == {"mobile": "13800138000", "text": text}, body)
    for answer, exits, state in [
        ((200, '{"code":22,"msg":"余额不足"}', 0), 10, "failed"),
        ((200, "<html>", 0), 10, "unknown"),
        ((200, "", 0), 10, "unknown"),
        ((500, "oops", 0), 10, "unknown"),
        ((503, "busy", 0), 0, "queued"),
        ((302, "", 0), 10, "failed"),
        ((401, "who", 0), 12, "queued"),
        ((200, '{"code":0}', 4), 10, "unknown"),
    ]:
        Gateway.answers = [answer]
        id = store.send("", channel="sms", body="x")
        store.outbox(exits=exits)
        message = store.message(id)
        check(message["status"] == state, f"{answer}: {message}")
        if state == "queued":
            store.crm("message", "cancel", id)
    count = len(Gateway.got)
    store.now = "2026-03-12T10:00:00+08:00"
    store.outbox()
    check(len(Gateway.got) == count, "a text of unknown fate waits for a person")
    id = store.send("", channel="sms", body="长" * 501)
    store.outbox(exits=10)
    check(store.message(id)["status"] == "failed", store.message(id))
    server.shutdown()
    store.send("", channel="sms", body="x")
    server.server_close()
    store.outbox(exits=12)
    store.fsck()


def large():
    server = Mail()
    server.controller.SMTP_kwargs["data_size_limit"] = 33554432
    store = Store("large", f'[send.email]\nsmtp = "smtp://127.0.0.1:{server.port}?tls=off"\n')
    big = WORK / "big.toml"
    big.write_text('channel = "email"\nto = ["a@haina.example"]\nbody = "' + "价" * 1_700_000 + '"\n', encoding="utf-8")
    done = store.run("message", "add", "--from-file", str(big))
    check(done.returncode == 5 and not done.stdout, (done.returncode, done.stdout, done.stderr))
    print("a body of 5 MB:", done.stderr.strip().splitlines()[0])
    store.fsck()
    server.stop()


for test in [plain, encrypted, refused, at_once, killed, texts, large]:
    began = time.time()
    test()
    print(f"{test.__name__}: ok, {time.time() - began:.1f} s", flush=True)
print(f"deliver: {checks} checks held")
