#ifndef C_SIMULATED_DISK_H
#define C_SIMULATED_DISK_H

#include <stdint.h>

/* Disks in memory under SQLite, which lose power and fail when told.
 *
 * The first disk registers a VFS as SQLite's default one. It keeps the files below a simulated folder in memory, and hands every other
 * path on to the VFS that was the default: what else the process does with SQLite is as before.
 *
 * What is assumed of a disk is what SQLite's unix VFS assumes: after a sync of a file its bytes are durable; the entry of a new file or
 * of a deleted one is durable after a sync of the directory, which the unix VFS does at the first sync of each journal or write-ahead
 * log that it opens; a write damages no byte beside it. Nothing else is assumed: what is not synced is lost, kept, torn, mixed or garbage.
 * A sync that fails leaves its bytes in the cache and marks them clean, as Linux does: a later sync does not bring them to the disk. */
typedef struct csd_disk csd_disk;

/* What may fail, as a set. */
enum { CSD_WRITE = 1, CSD_SYNC = 2, CSD_TRUNCATE = 4, CSD_OPEN = 8, CSD_READ = 16, CSD_DELETE = 32, CSD_SHARED = 64 };
/* How it fails. A short write puts half of its bytes down and then finds no space. Of a quota that is used up SQLite says what it says of
 * any other error of a write; only `errno` tells. */
enum { CSD_EIO = 0, CSD_ENOSPC = 1, CSD_SHORT = 2, CSD_QUOTA = 3 };

/* A disk whose files are the paths below `folder` (absolute, without a slash at its end; need not be there). */
csd_disk *csd_make(const char *folder);
/* Forgets its files as soon as no connection has one open. */
void csd_free(csd_disk *disk);

/* Writes, syncs, truncates, deletions and creations since the disk was made. */
int64_t csd_operations(csd_disk *disk);
/* The power goes in the midst of the n-th of these from now (0: never): it and everything after it fails. */
void csd_cut_power(csd_disk *disk, int64_t n);
int csd_has_power(csd_disk *disk);
/* The power is back (or went just now): what was not synced is as `seed` decides, and connections from before are dead. */
void csd_restart(csd_disk *disk, uint64_t seed);

/* The process ended (`kill -9`), the power did not go: connections are dead, what was not synced is seen by the next, and still not durable. */
void csd_end_process(csd_disk *disk);

/* The n-th operation from now of these kinds fails (0: none); with `lasting` each one after it too. */
void csd_fail(csd_disk *disk, unsigned kinds, int64_t n, int how, int lasting);
/* How many operations have failed since `csd_fail`. */
int64_t csd_failed(csd_disk *disk);

/* A file as programs see it: its size, -1 when it is not there; its bytes, durable at once. `name` is relative to the folder. */
int64_t csd_size(csd_disk *disk, const char *name);
void csd_get(csd_disk *disk, const char *name, unsigned char *bytes);
void csd_put(csd_disk *disk, const char *name, const unsigned char *bytes, int64_t size);
void csd_remove(csd_disk *disk, const char *name);

#endif
