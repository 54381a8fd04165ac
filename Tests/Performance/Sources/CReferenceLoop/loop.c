/* The limit: the broker's inner loop with nothing but what the protocol demands, in C against the same libraries.
 *
 * What it does, as Sources/Broker does: a ROUTER with CURVE and an authentication handler, the same socket options; hello and
 * welcome; takes up to 64 batches that have arrived; checks of each line both hashes and the chain, of each batch the
 * signature; writes rows, roots, heads and signatures in one SQLite transaction (WAL, synchronous=FULL); acks after the commit.
 *
 * What it leaves out: JSON is not parsed (fields are found by name), bodies and kinds are not looked at, no session is fenced,
 * nobody is refused or told why, nothing is sent twice, no record is ever read again, there is no feed and no redaction. The first
 * fault ends it. So it is a bound to measure against, and no broker. */
#include "reference_loop.h"
#include "store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#define TURN 64
#define PUBLISHERS 64

struct broker {
    struct store store;
    struct publisher publishers[PUBLISHERS];
    int count;
    void *router, *zap;
};

static int failed(const char *what) {
    fprintf(stderr, "reference: %s: %s\n", what, zmq_strerror(zmq_errno()));
    return 1;
}

static int read_publishers(struct broker *broker, const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) return failed(path);
    struct publisher *next = broker->publishers;
    char sign[65];
    while (broker->count < PUBLISHERS && fscanf(file, "%63s %40s %64s", next->name, next->curve, sign) == 3) {
        unsigned char key[32];
        if (from_hex(sign, 32, key)) break;
        next->sign = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
        broker->count++;
        next++;
    }
    fclose(file);
    return broker->count == 0;
}

static int set(void *socket, int option, int value) { return zmq_setsockopt(socket, option, &value, sizeof value); }

/* The options of Socket.setLimits and Socket.serveCurve. */
static int prepare(void *router, const char *secret, const char *endpoints) {
    int local = !strstr(endpoints, "tcp:");
    int64_t largest = 4 * 1024 * 1024 + 4096;
    return set(router, ZMQ_LINGER, 0) || set(router, ZMQ_SNDHWM, 64) || set(router, ZMQ_RCVHWM, 64) ||
           zmq_setsockopt(router, ZMQ_MAXMSGSIZE, &largest, sizeof largest) || set(router, ZMQ_HANDSHAKE_IVL, 3000) ||
           set(router, ZMQ_HEARTBEAT_IVL, local ? 1000 : 5000) || set(router, ZMQ_HEARTBEAT_TIMEOUT, local ? 3000 : 15000) ||
           set(router, ZMQ_BACKLOG, 1024) || set(router, ZMQ_ROUTER_MANDATORY, 1) || set(router, ZMQ_CURVE_SERVER, 1) ||
           zmq_setsockopt(router, ZMQ_CURVE_SECRETKEY, secret, strlen(secret)) ||
           zmq_setsockopt(router, ZMQ_ZAP_DOMAIN, "pejling", 7) || set(router, 93 /* ZMQ_ZAP_ENFORCE_DOMAIN */, 1);
}

/* Binds each endpoint and prints what was bound. */
static int bind_all(void *router, const char *endpoints) {
    char *list = strdup(endpoints), *rest = NULL;
    for (char *each = strtok_r(list, " ", &rest); each; each = strtok_r(NULL, " ", &rest)) {
        char bound[512];
        size_t size = sizeof bound;
        if (zmq_bind(router, each) || zmq_getsockopt(router, ZMQ_LAST_ENDPOINT, bound, &size)) {
            free(list);
            return failed(endpoints);
        }
        printf("%s ", bound);
    }
    free(list);
    printf("\n");
    return fflush(stdout);
}

/* One question of the authentication handler (zeromq.org RFC 27): is the key one of ours? */
static int answer(struct broker *broker) {
    char frames[7][512];
    int sizes[7] = {0}, count = 0, more = 1;
    size_t flag = sizeof more;
    while (more && count < 7) {
        sizes[count] = zmq_recv(broker->zap, frames[count], sizeof *frames, count ? 0 : ZMQ_DONTWAIT);
        if (sizes[count] < 0) return errno == EAGAIN ? 0 : failed("the authentication handler");
        count++;
        zmq_getsockopt(broker->zap, ZMQ_RCVMORE, &more, &flag);
    }
    char key[41] = "";
    if (count == 7 && sizes[6] == 32) zmq_z85_encode(key, (unsigned char *)frames[6], 32);
    int known = 0;
    for (int i = 0; i < broker->count; i++) known |= strcmp(broker->publishers[i].curve, key) == 0;
    zmq_send(broker->zap, "1.0", 3, ZMQ_SNDMORE);
    zmq_send(broker->zap, frames[1], (size_t)sizes[1], ZMQ_SNDMORE);
    zmq_send(broker->zap, known ? "200" : "400", 3, ZMQ_SNDMORE);
    zmq_send(broker->zap, "", 0, ZMQ_SNDMORE);
    zmq_send(broker->zap, key, known ? 40 : 0, ZMQ_SNDMORE);
    return zmq_send(broker->zap, "", 0, 0) < 0;
}

static int say(struct broker *broker, struct publisher *to, const char *type) {
    char hash[2 * HASH + 1] = {0}, text[512];
    to_hex(to->hash, HASH, hash);
    int size = snprintf(text, sizeof text,
        "{\"hash\":\"%s\",\"log\":\"%s\",\"seq\":%lld,\"synthetic\":true,\"token\":\"reference\",\"type\":\"%s\",\"v\":1}",
        hash, to->log, to->seq, type);
    return zmq_send(broker->router, to->peer, to->peer_size, ZMQ_SNDMORE) < 0 ||
           zmq_send(broker->router, text, (size_t)size, ZMQ_SNDMORE) < 0 || zmq_send(broker->router, "", 0, 0) < 0;
}

/* A value of the header; `header` ends in a zero byte. */
static const char *value(const char *header, const char *key) {
    const char *found = strstr(header, key);
    return found ? found + strlen(key) : "";
}

/* One message of three frames: hello is answered, a batch goes into the transaction, begun with the first. */
static int take(struct broker *broker, zmq_msg_t *frames, int *begun) {
    char header[4097];
    size_t size = zmq_msg_size(&frames[1]);
    if (size >= sizeof header) return 1;
    memcpy(header, zmq_msg_data(&frames[1]), size);
    header[size] = 0;
    const char *user = zmq_msg_gets(&frames[2], "User-Id");
    struct publisher *publisher = NULL;
    for (int i = 0; user && i < broker->count; i++)
        if (strcmp(broker->publishers[i].curve, user) == 0) publisher = &broker->publishers[i];
    if (!publisher) return 1;
    if (strstr(header, "\"type\":\"hello\"")) {
        publisher->peer_size = zmq_msg_size(&frames[0]);
        memcpy(publisher->peer, zmq_msg_data(&frames[0]), publisher->peer_size);
        snprintf(publisher->log, sizeof publisher->log, "%.32s", value(header, "\"log\":\""));
        return say(broker, publisher, "welcome");
    }
    if (!strstr(header, "\"type\":\"publish\"")) return 0;
    struct batch batch = {
        .first = strtoll(value(header, "\"first_seq\":"), NULL, 10),
        .last = strtoll(value(header, "\"seq\":"), NULL, 10),
        .count = atoi(value(header, "\"count\":")),
    };
    if (batch.first != publisher->seq + 1 || from_hex(value(header, "\"hash\":\""), HASH, batch.hash) ||
        from_hex(value(header, "\"signature\":\""), 64, batch.signature)) return 1;
    if (!*begun && store_begin(&broker->store)) return 1;
    *begun = 1;
    publisher->owes_ack = 1;
    return store_batch(&broker->store, publisher, &batch, zmq_msg_data(&frames[2]), zmq_msg_size(&frames[2]));
}

/* Takes what has arrived, commits it with one sync, acks. Sets `more` when a whole turn's share was there. */
static int turn(struct broker *broker, int *more) {
    int taken = 0, begun = 0, fault = 0;
    while (taken < TURN && !fault) {
        zmq_msg_t frames[3];
        for (int i = 0; i < 3; i++) zmq_msg_init(&frames[i]);
        int waiting = zmq_msg_recv(&frames[0], broker->router, ZMQ_DONTWAIT) >= 0;
        if (waiting) {
            fault = zmq_msg_recv(&frames[1], broker->router, 0) < 0 || zmq_msg_recv(&frames[2], broker->router, 0) < 0 ||
                    take(broker, frames, &begun);
            taken++;
        }
        for (int i = 0; i < 3; i++) zmq_msg_close(&frames[i]);
        if (!waiting) break;
    }
    if (fault) return fputs("reference: a batch does not hold\n", stderr), 1;
    if (begun && store_commit(&broker->store, broker->publishers, broker->count)) return 1;
    for (int i = 0; i < broker->count; i++) {
        if (!broker->publishers[i].owes_ack) continue;
        broker->publishers[i].owes_ack = 0;
        if (say(broker, &broker->publishers[i], "ack")) return failed("ack");
    }
    *more = taken == TURN;
    return 0;
}

static int serve(struct broker *broker) {
    int more = 0;
    for (;;) {
        zmq_pollitem_t items[] = {
            {broker->router, 0, ZMQ_POLLIN, 0}, {broker->zap, 0, ZMQ_POLLIN, 0}, {NULL, STDIN_FILENO, ZMQ_POLLIN, 0}};
        if (zmq_poll(items, 3, more ? 0 : 500) < 0 && errno != EINTR) return failed("zmq_poll");
        char byte;
        if (items[2].revents && read(STDIN_FILENO, &byte, 1) <= 0) return 0;
        if (items[1].revents && answer(broker)) return failed("authentication");
        more = 0;
        if (items[0].revents && turn(broker, &more)) return 1;
    }
}

int reference_loop(const char *folder, const char *endpoints, const char *secret, const char *publishers) {
    struct broker *broker = calloc(1, sizeof *broker);
    if (!broker || read_publishers(broker, publishers) || store_open(&broker->store, folder)) return 1;
    void *context = zmq_ctx_new();
    broker->zap = zmq_socket(context, ZMQ_REP);
    broker->router = zmq_socket(context, ZMQ_ROUTER);
    int result = zmq_bind(broker->zap, "inproc://zeromq.zap.01") || prepare(broker->router, secret, endpoints)
        ? failed("the sockets") : bind_all(broker->router, endpoints) || serve(broker);
    zmq_close(broker->router);
    zmq_close(broker->zap);
    zmq_ctx_term(context);
    store_close(&broker->store);
    for (int i = 0; i < broker->count; i++) EVP_PKEY_free(broker->publishers[i].sign);
    free(broker);
    return result;
}
