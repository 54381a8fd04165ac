#!/usr/bin/env python3
"""A whole node of Pejling in Python, written from Docs/protocol.md alone, as a test of it. Needs pyzmq and cryptography.

    plugin.py PUBLISHER KEY [POLICY]      e.g.  plugin.py ØKF OKF

Hosted by the broker through a plugin.json. Publishes one initiative and what its money is ("no remark"), once; follows the
policies; pings until its standard input ends. `log.jsonl` in its data folder holds its lines as they are.
"""
import fcntl, hashlib, json, os, random, stat, sys, time
import zmq
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

WINDOW, BATCH_LINES, BATCH_BYTES, WINDOW_BYTES = 8, 1000, 4 << 20, 8 << 20
sha256 = lambda data: hashlib.sha256(data).hexdigest()
compact = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
say = lambda text: print(text, file=sys.stderr, flush=True)


class Refused(Exception):
    """A person must mend something: exit code 78."""


def append(path, data, flags=os.O_APPEND):
    """Writes durably, for the owner only."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace(path, data):
    append(path + ".new", data, os.O_TRUNC)
    os.rename(path + ".new", path)


def stored(path, make):  # what the file holds; made when it is not there
    os.path.exists(path) or replace(path, make())
    if stat.S_IMODE(os.stat(path).st_mode) & 0o077:
        raise Refused(f"{path} may be read by others: chmod 600")
    with open(path, "rb") as file:
        return file.read()


class Node:
    def __init__(self, order, publisher, key, policy="lgbti"):
        self.order, self.publisher = order, publisher
        os.makedirs(order["data"], mode=0o700, exist_ok=True)
        self.file = lambda name: os.path.join(order["data"], name)
        self.lock = open(self.file("lock"), "w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)  # the process before this one may be ending still
        self.curve_secret = stored(self.file("curve.key"), lambda: zmq.curve_keypair()[1])
        self.curve_public = zmq.curve_public(self.curve_secret)
        self.signing = Ed25519PrivateKey.from_private_bytes(stored(self.file("sign.key"), lambda: os.urandom(32)))
        self.sign_key = self.signing.public_key().public_bytes_raw().hex()
        print(json.dumps({"v": 1, "publisher": publisher, "curve_key": self.curve_public.decode(), "sign_key": self.sign_key}), flush=True)
        self.log = stored(self.file("log.id"), lambda: os.urandom(16).hex().encode()).decode()
        text = stored(self.file("log.jsonl"), bytes)
        self.lines = text.split(b"\n")[:-1]
        if not text.endswith(b"\n"):  # a torn last line was never sent
            replace(self.file("log.jsonl"), b"".join(line + b"\n" for line in self.lines))
        self.hashes = ["0" * 64] + [self.hash(line) for line in self.lines]
        self.position = int(stored(self.file("position"), lambda: b"0"))
        self.context, self.socket, self.back_off = zmq.Context(), None, 0.1
        self.local = order["endpoint"].startswith("ipc:")
        initiative = f"{policy}/{key.lower()}/fra-python"
        if len(self.lines) == 0:
            self.record("initiative", initiative, policy, {
                "id": initiative, "policy": policy, "owner": publisher, "involved": [], "kind": "commitment",
                "mandate": "decided", "title": {"da": "Et initiativ fra Python", "en": "An initiative from Python"},
                "title_basis": "derived", "purpose": {"da": "Protokollen tales også på andre sprog."}, "section": "Eksempel",
                "goals": [], "target_groups": [], "partners": [], "period": {}, "figures": [], "links": [],
                "source": {"document": "example.txt", "lines": ["1-1"]}})
        if len(self.lines) == 1:
            self.record("funding", f"{initiative}|no_remark|", policy, {"initiative": initiative, "state": "no_remark", "budgets": []})

    def hash(self, line):  # a refused line is nowhere any more: the broker's record that holds its place has its hash
        envelope, body = line.split(b"\t")
        own = json.loads(envelope)["publisher"] == self.publisher
        return sha256(envelope) if own else json.loads(body).get("hash") or json.loads(body)["refused"]

    def fetched(self, header, body):  # a restored backup: the ledger has more of this log, and gives it back
        for line in body.split(b"\n"):
            envelope = json.loads(line.split(b"\t")[0])
            if envelope["publisher"] == self.publisher and envelope["prev"] != self.hashes[-1]:
                raise Refused(f"diverged: record {envelope['seq']} of the ledger does not follow from this log")
            append(self.file("log.jsonl"), line + b"\n")
            self.lines.append(line)
            self.hashes.append(self.hash(line))
        say(f"fetched through {len(self.lines)}")

    def now(self):
        if "clock" in self.order and os.path.exists(self.order["clock"]):
            return open(self.order["clock"]).read().strip()
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

    def record(self, kind, id, policy, body):
        body = compact(body)
        envelope = {"publisher": self.publisher, "log": self.log, "seq": len(self.lines) + 1, "prev": self.hashes[-1],
                    "at": self.now(), "kind": kind, "policy": policy, "id": id,
                    "by": {"forvaltning": self.publisher, "role": "node"}, "body_sha256": sha256(body)}
        envelope = compact(envelope | ({"synthetic": True} if self.order["synthetic"] else {}))
        self.lines.append(envelope + b"\t" + body)
        self.hashes.append(sha256(envelope))
        append(self.file("log.jsonl"), self.lines[-1] + b"\n")

    def open(self):
        self.socket = self.context.socket(zmq.DEALER)
        for option, value in {
                zmq.LINGER: 0, zmq.HANDSHAKE_IVL: 3000, zmq.SNDHWM: 64, zmq.RCVHWM: 64, zmq.MAXMSGSIZE: 4326400,
                zmq.HEARTBEAT_IVL: 1000 if self.local else 5000, zmq.HEARTBEAT_TIMEOUT: 3000 if self.local else 15000,
                zmq.RECONNECT_IVL: 100, zmq.RECONNECT_IVL_MAX: 5000, zmq.CURVE_SERVERKEY: self.order["broker_key"].encode(),
                zmq.CURVE_PUBLICKEY: self.curve_public, zmq.CURVE_SECRETKEY: self.curve_secret}.items():
            self.socket.setsockopt(option, value)
        self.socket.connect(self.order["endpoint"])
        self.token, self.goal, self.sent, self.acked, self.flight, self.paused = None, None, 0, 0, [], 0
        self.heard = self.pinged = time.monotonic()
        self.send("hello", versions=[1, 1], publisher=self.publisher, program="plugin.py 1.0", sign_key=self.sign_key,
                  incarnation=self.order["incarnation"], log=self.log, seq=len(self.lines), hash=self.hashes[-1])

    def lose(self):
        self.socket.close()
        self.socket, self.retry = None, time.monotonic() + self.back_off * random.uniform(0.5, 1.5)
        self.back_off = min(self.back_off * 2, 5)

    def send(self, type, body=b"", **fields):
        header = {"v": 1, "type": type} | ({"token": self.token} if self.token else {}) | fields
        if self.socket.poll(0, zmq.POLLOUT):
            return self.socket.send_multipart([compact(header), body], zmq.DONTWAIT) or True

    def ping(self):
        self.pinged = time.monotonic()
        self.send("ping", state="ready", unsent=len(self.lines) - self.acked, position=self.position)

    def publish(self):
        while self.sent < len(self.lines) and len(self.flight) < WINDOW and time.monotonic() >= self.paused:
            last, size = self.sent, -1
            while last < len(self.lines) and last - self.sent < BATCH_LINES and size + 1 + len(self.lines[last]) <= BATCH_BYTES:
                size += 1 + len(self.lines[last])
                last += 1
            if sum(bytes for _, bytes in self.flight) + size > WINDOW_BYTES:
                return
            statement = f"pejling/1 batch\n{self.publisher}\n{self.log}\n{last}\n{self.hashes[last]}\n"
            if not self.send("publish", b"\n".join(self.lines[self.sent:last]), log=self.log, first_seq=self.sent + 1,
                             count=last - self.sent, seq=last, hash=self.hashes[last], key_id=self.sign_key[:16],
                             signature=self.signing.sign(statement.encode()).hex()):
                return
            self.flight.append((last, size))
            self.sent = last

    def receive(self, header, body):
        type = header["type"]
        if type == "reject":
            if header["final"]:
                raise Refused(f"{header['text']} [{header['rule']}]")
            return self.lose()
        if type == "welcome" and self.token is None:
            if header["synthetic"] != self.order["synthetic"]:
                raise Refused("real and example data never meet")
            self.token, self.back_off, self.goal = header["token"], 0.1, (header["seq"], header["hash"])
        if type == "fetched" and header.get("token") == self.token:
            self.fetched(header, body)
        if type in ("welcome", "fetched") and self.goal:
            seq, hash = self.goal
            if seq > len(self.lines):
                self.heard = time.monotonic()
                return self.send("fetch", seq=len(self.lines))
            if self.hashes[seq] != hash:
                raise Refused(f"diverged: the ledger has another record {seq} of this log")
            self.sent, self.acked, self.goal = seq, seq, None
            self.send("follow", position=self.position, filter={"kinds": ["policy"]}, credit=WINDOW)
            self.ping()
        if header.get("token") != self.token:
            return
        self.heard = time.monotonic()
        if type == "ack":
            if self.hashes[header["seq"]] != header["hash"]:
                raise Refused(f"the broker acknowledges another record {header['seq']} than was sent")
            self.acked, self.flight = header["seq"], [batch for batch in self.flight if batch[0] > header["seq"]]
            for refused in header.get("refusals", []):
                say(f"refused for good: record {refused['seq']}: {refused['text']} [{refused['rule']}]")
            say(f"acked through {self.acked}")
            self.ping()
        elif type == "nack":
            if header["rule"] not in ("chain.gap", "storage.full"):
                raise Refused(f"{header['text']} (line {header.get('line')}) [{header['rule']}]")
            self.sent, self.flight, self.paused = header["seq"] - 1, [], time.monotonic() + (header["rule"] == "storage.full")
        elif type in ("deliver", "end"):
            for part in body.split(b"\n") if type == "deliver" else []:
                position, received, root, envelope, text = part.split(b"\t")
                if json.loads(envelope)["body_sha256"] != sha256(text):
                    raise Refused(f"position {position.decode()}: the body is not what its envelope says")
                append(self.file("policies.jsonl"), part + b"\n")
                say(f"policy {json.loads(text)['id']} at {position.decode()}")
            self.position = header["position"]  # after the lines: a crash between leaves one twice, and none out
            replace(self.file("position"), str(self.position).encode())
            self.send("credit", credit=1) if type == "deliver" else self.ping()

    def run(self):
        self.open()
        while True:
            if self.socket is None and time.monotonic() >= self.retry:
                self.open()
            readable, _, ended = zmq.select([0] + ([self.socket] if self.socket else []), [], [0], 0.1)
            if 0 in readable + ended and not os.read(0, 256):
                break
            while self.socket and self.socket.poll(0):
                frames = self.socket.recv_multipart()
                self.receive(json.loads(frames[0]), frames[1])
            if self.socket and time.monotonic() - self.heard > (5 if self.local else 15):
                self.lose()
            elif self.socket and self.token and not self.goal:
                self.publish()
                time.monotonic() - self.pinged < 1 or self.ping()
        if self.socket and self.token and self.send("bye"):
            time.sleep(0.05)  # LINGER is 0: let it out
        self.context.destroy(linger=0)


if __name__ == "__main__":
    start = b""
    while not start.endswith(b"\n"):  # byte by byte: nothing behind the start order is taken
        start += os.read(0, 1) or sys.exit(0)
    try:
        Node(json.loads(start), *sys.argv[1:]).run()
    except Refused as error:
        say(error)
        sys.exit(78)
