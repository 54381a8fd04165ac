/* What one batch costs at the least: two SHA-256 a line, one for the root, one row a line, one signature a batch.
 *
 * The table, its index and the pragmas are those of Sources/Ledger (LedgerStore.schema, Database). An envelope's fields are
 * found by their names and not parsed: no JSON is checked here, neither of the envelope nor of the body. */
#define _GNU_SOURCE
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void to_hex(const unsigned char *bytes, size_t count, char *text) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < count; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
}

static int digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

int from_hex(const char *text, size_t count, unsigned char *bytes) {
    for (size_t i = 0; i < count; i++) {
        int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return 1;
        bytes[i] = (unsigned char)(high << 4 | low);
    }
    return 0;
}

static int failed(struct store *store, const char *what) {
    fprintf(stderr, "reference: %s: %s\n", what, sqlite3_errmsg(store->db));
    return 1;
}

int store_open(struct store *store, const char *folder) {
    memset(store, 0, sizeof *store);
    char path[4096];
    snprintf(path, sizeof path, "%s/ledger.sqlite", folder);
    if (sqlite3_open(path, &store->db) != SQLITE_OK) return failed(store, path);
    const char *schema =
        "PRAGMA page_size=16384; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-2000; PRAGMA secure_delete=ON;"
        "CREATE TABLE record (position INTEGER PRIMARY KEY, received TEXT NOT NULL, publisher TEXT NOT NULL, log TEXT NOT NULL,"
        " seq INTEGER NOT NULL, hash BLOB NOT NULL, root BLOB NOT NULL, line BLOB NOT NULL);"
        "CREATE UNIQUE INDEX record_by_name ON record (publisher, log, seq);"
        "CREATE TABLE head (publisher TEXT PRIMARY KEY, log TEXT NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE signature (publisher TEXT NOT NULL, log TEXT NOT NULL, seq INTEGER NOT NULL,"
        " signature BLOB NOT NULL, PRIMARY KEY (publisher, log, seq)) WITHOUT ROWID;";
    if (sqlite3_exec(store->db, schema, NULL, NULL, NULL) != SQLITE_OK) return failed(store, "the schema");
    struct { const char *sql; sqlite3_stmt **statement; } statements[] = {
        {"BEGIN IMMEDIATE", &store->begin},
        {"COMMIT", &store->commit},
        {"INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?)", &store->record},
        {"INSERT INTO signature VALUES (?, ?, ?, ?)", &store->signature},
        {"INSERT OR REPLACE INTO head VALUES (?, ?, ?, ?)", &store->head},
    };
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        if (sqlite3_prepare_v3(store->db, statements[i].sql, -1, SQLITE_PREPARE_PERSISTENT, statements[i].statement, NULL))
            return failed(store, statements[i].sql);
    store->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    store->context = EVP_MD_CTX_new();
    return store->sha256 == NULL || store->context == NULL;
}

void store_close(struct store *store) {
    sqlite3_stmt *statements[] = {store->begin, store->commit, store->record, store->signature, store->head};
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) sqlite3_finalize(statements[i]);
    sqlite3_close(store->db);
    EVP_MD_CTX_free(store->context);
    EVP_MD_free(store->sha256);
}

static int step(struct store *store, sqlite3_stmt *statement, const char *what) {
    int result = sqlite3_step(statement);
    sqlite3_reset(statement);
    return result == SQLITE_DONE ? 0 : failed(store, what);
}

int store_begin(struct store *store) {
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t size = strftime(store->received, sizeof store->received, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(store->received + size, sizeof store->received - size, ".%03ldZ", now.tv_nsec / 1000000);
    return step(store, store->begin, "begin");
}

static int sha256(struct store *store, const void *bytes, size_t size, unsigned char *hash) {
    return !(EVP_DigestInit_ex2(store->context, store->sha256, NULL) && EVP_DigestUpdate(store->context, bytes, size) &&
             EVP_DigestFinal_ex(store->context, hash, NULL));
}

/* Where the value behind `key` begins; NULL when there is none. */
static const char *field(const char *text, size_t size, const char *key) {
    const char *found = memmem(text, size, key, strlen(key));
    return found ? found + strlen(key) : NULL;
}

static int hash_is(const char *text, const char *end, const unsigned char *hash) {
    char hex[2 * HASH];
    to_hex(hash, HASH, hex);
    return text && end - text >= (long)sizeof hex && memcmp(text, hex, sizeof hex) == 0;
}

static int store_line(struct store *store, struct publisher *publisher, const char *line, const char *end) {
    const char *tab = memchr(line, '\t', (size_t)(end - line));
    if (!tab) return 1;
    size_t size = (size_t)(tab - line);
    unsigned char hash[HASH], body[HASH];
    if (sha256(store, line, size, hash) || sha256(store, tab + 1, (size_t)(end - tab - 1), body)) return 1;
    const char *seq = field(line, size, "\"seq\":");
    if (!seq || strtoll(seq, NULL, 10) != publisher->seq + 1) return 1;
    if (!hash_is(field(line, size, "\"prev\":\""), tab, publisher->hash)) return 1;
    if (!hash_is(field(line, size, "\"body_sha256\":\""), tab, body)) return 1;

    store->position++;
    char old[2 * HASH + 1] = {0}, new[2 * HASH + 1] = {0}, text[256];
    to_hex(store->root, HASH, old);
    to_hex(hash, HASH, new);
    int length = snprintf(text, sizeof text, "%s\n%lld\n%s\n%s\n", old, store->position, store->received, new);
    if (sha256(store, text, (size_t)length, store->root)) return 1;
    publisher->seq++;
    memcpy(publisher->hash, hash, HASH);

    sqlite3_stmt *record = store->record;
    sqlite3_bind_int64(record, 1, store->position);
    sqlite3_bind_text(record, 2, store->received, -1, SQLITE_STATIC);
    sqlite3_bind_text(record, 3, publisher->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(record, 4, publisher->log, -1, SQLITE_STATIC);
    sqlite3_bind_int64(record, 5, publisher->seq);
    sqlite3_bind_blob(record, 6, hash, HASH, SQLITE_STATIC);
    sqlite3_bind_blob(record, 7, store->root, HASH, SQLITE_STATIC);
    sqlite3_bind_blob(record, 8, line, (int)(end - line), SQLITE_STATIC);
    return step(store, record, "record");
}

static int signature_holds(struct publisher *publisher, const struct batch *batch) {
    char hex[2 * HASH + 1] = {0}, text[512];
    to_hex(batch->hash, HASH, hex);
    int size = snprintf(text, sizeof text, "pejling/1 batch\n%s\n%s\n%lld\n%s\n", publisher->name, publisher->log, batch->last, hex);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int holds = EVP_DigestVerifyInit(context, NULL, NULL, NULL, publisher->sign) == 1 &&
                EVP_DigestVerify(context, batch->signature, 64, (unsigned char *)text, (size_t)size) == 1;
    EVP_MD_CTX_free(context);
    return holds;
}

int store_batch(struct store *store, struct publisher *publisher, const struct batch *batch, const char *body, size_t size) {
    const char *line = body, *end = body + size;
    for (int i = 0; i < batch->count; i++) {
        const char *newline = line < end ? memchr(line, '\n', (size_t)(end - line)) : NULL;
        if (store_line(store, publisher, line, newline ? newline : end)) return 1;
        line = newline ? newline + 1 : end;
    }
    if (line != end || publisher->seq != batch->last || memcmp(publisher->hash, batch->hash, HASH)) return 1;
    if (!signature_holds(publisher, batch)) return 1;
    publisher->moved = 1;
    sqlite3_bind_text(store->signature, 1, publisher->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(store->signature, 2, publisher->log, -1, SQLITE_STATIC);
    sqlite3_bind_int64(store->signature, 3, batch->last);
    sqlite3_bind_blob(store->signature, 4, batch->signature, 64, SQLITE_STATIC);
    return step(store, store->signature, "signature");
}

int store_commit(struct store *store, struct publisher *publishers, int count) {
    for (int i = 0; i < count; i++) {
        struct publisher *publisher = &publishers[i];
        if (!publisher->moved) continue;
        publisher->moved = 0;
        sqlite3_bind_text(store->head, 1, publisher->name, -1, SQLITE_STATIC);
        sqlite3_bind_text(store->head, 2, publisher->log, -1, SQLITE_STATIC);
        sqlite3_bind_int64(store->head, 3, publisher->seq);
        sqlite3_bind_blob(store->head, 4, publisher->hash, HASH, SQLITE_STATIC);
        if (step(store, store->head, "head")) return 1;
    }
    return step(store, store->commit, "commit");
}
