/* Publishers, their lines, and the SQLite ledger they go into. */
#ifndef STORE_H
#define STORE_H

#include <openssl/evp.h>
#include <sqlite3.h>
#include <stddef.h>

#define HASH 32

struct publisher {
    char name[64], curve[41];
    EVP_PKEY *sign;
    char log[33];          /* empty before its hello */
    long long seq;         /* the end of its chain; durable after the commit */
    unsigned char hash[HASH];
    unsigned char peer[256]; /* routing id of its connection */
    size_t peer_size;
    int owes_ack, moved;
};

struct store {
    sqlite3 *db;
    sqlite3_stmt *begin, *commit, *record, *signature, *head;
    EVP_MD *sha256;
    EVP_MD_CTX *context;
    long long position;
    unsigned char root[HASH];
    char received[32];
};

/* A batch as its header announces it. */
struct batch {
    long long first, last;
    int count;
    unsigned char hash[HASH], signature[64];
};

int store_open(struct store *store, const char *folder);
void store_close(struct store *store);
int store_begin(struct store *store);
/* Checks each line's hashes and chain, the head and the signature, and inserts; 0 where all holds. */
int store_batch(struct store *store, struct publisher *publisher, const struct batch *batch, const char *body, size_t size);
int store_commit(struct store *store, struct publisher *publishers, int count);

void to_hex(const unsigned char *bytes, size_t count, char *text);
int from_hex(const char *text, size_t count, unsigned char *bytes);

#endif
