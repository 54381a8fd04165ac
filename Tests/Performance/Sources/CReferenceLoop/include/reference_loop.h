/* The broker's inner loop in C: what the Swift one is measured against. See loop.c. */
#ifndef REFERENCE_LOOP_H
#define REFERENCE_LOOP_H

/* Serves until standard input ends.
 *
 *   folder      an existing folder; ledger.sqlite is made in it
 *   endpoints   what to bind, with spaces between ("ipc://… tcp://127.0.0.1:*")
 *   secret      CURVE secret key, Z85
 *   publishers  a file with a line for each who may publish: name, CURVE public key (Z85), Ed25519 public key (hex)
 *
 * Once it is bound it prints one line on standard output: the endpoints, ports chosen. Returns 0, or 1 after it has said
 * on standard error what failed. */
int reference_loop(const char *folder, const char *endpoints, const char *secret, const char *publishers);

#endif
