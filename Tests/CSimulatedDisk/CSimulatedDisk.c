#include "CSimulatedDisk.h"

#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* A write (bytes) or a truncation (no bytes: to `offset`) that is not synced. */
typedef struct change {
    struct change *next;
    int64_t offset, size, number;
    unsigned char *bytes;
} change;

typedef struct {
    unsigned char *bytes;
    int64_t size, room;
} image;

/* A file's content. It lives while a name, a name that may come back, or a connection has it. */
typedef struct content {
    int users;
    image seen, durable;
    change *first, *last;
    /* Locks of connections. */
    int shared;
    void *reserved, *pending, *exclusive;
    /* What the unix VFS keeps in the -shm file; gone with the last connection that maps it. */
    unsigned char **regions;
    int region_count, mappers;
    int shm_shared[SQLITE_SHM_NLOCK];
    /* Who has the bytes since the process that held this one ended. */
    struct content *heir;
    void *shm_exclusive[SQLITE_SHM_NLOCK];
} content;

/* A name, what it stands for (or NULL), and what it may stand for after a power loss: the durable one first. */
typedef struct entry {
    struct entry *next;
    char *path;
    content *now;
    content **before;
    int before_count;
} entry;

struct csd_disk {
    struct csd_disk *next;
    char *folder;
    size_t folder_length;
    int users;
    entry *entries;
    int64_t operations, number, power_left, generation;
    int power_off;
    unsigned fail_kinds;
    int64_t fail_left, failed;
    int fail_how, fail_lasting;
    uint64_t random;
};

typedef struct {
    sqlite3_file base;
    csd_disk *disk;
    content *content;
    int64_t generation;
    int lock, syncs_folder, maps;
    unsigned shm_shared, shm_exclusive;
} file;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static csd_disk *disks;
static sqlite3_vfs *base, ours;

static void *must(void *memory) {
    if (!memory) abort();
    return memory;
}

static uint64_t random_number(csd_disk *disk) {
    uint64_t mixed = disk->random += 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    return mixed ^ (mixed >> 31);
}

/* ---- Bytes ---- */

static void resize(image *image, int64_t size) {
    if (size > image->room) {
        image->room = size * 2;
        image->bytes = must(realloc(image->bytes, (size_t)image->room));
    }
    if (size > image->size) memset(image->bytes + image->size, 0, (size_t)(size - image->size));
    image->size = size;
}

static void put(image *image, int64_t offset, const unsigned char *bytes, int64_t size) {
    if (offset + size > image->size) resize(image, offset + size);
    if (size) memcpy(image->bytes + offset, bytes, (size_t)size);
}

static void apply(image *image, const change *change) {
    if (change->bytes) put(image, change->offset, change->bytes, change->size);
    else if (change->offset < image->size) resize(image, change->offset);
}

static void forget_changes(content *content) {
    for (change *change = content->first; change;) {
        struct change *next = change->next;
        free(change->bytes);
        free(change);
        change = next;
    }
    content->first = content->last = NULL;
}

static void note(csd_disk *disk, content *content, int64_t offset, const unsigned char *bytes, int64_t size) {
    change *new = must(calloc(1, sizeof *new));
    new->offset = offset, new->size = size, new->number = ++disk->number;
    if (bytes) {
        new->bytes = must(malloc(size ? (size_t)size : 1));
        memcpy(new->bytes, bytes, (size_t)size);
    }
    if (content->last) content->last->next = new;
    else content->first = new;
    content->last = new;
    apply(&content->seen, new);
}

static void drop(content *content) {
    if (!content || --content->users) return;
    forget_changes(content);
    for (int i = 0; i < content->region_count; i++) free(content->regions[i]);
    free(content->regions);
    free(content->seen.bytes);
    free(content->durable.bytes);
    free(content);
}

static content *use(content *content) {
    if (content) content->users++;
    return content;
}

/* How what is not synced comes out of a power loss. */
enum { LOST, KEPT, CUT_OFF, MIXED, TORN, GARBAGE, WAYS };

/* Brings the changes that are not synced to the durable image, or not. `until`: the number after which nothing came down. */
static void settle(csd_disk *disk, content *content, int way, int64_t until, int64_t sector) {
    for (change *change = content->first; change; change = change->next) {
        int torn = way == TORN || way == GARBAGE;
        if (way == CUT_OFF) {
            if (change->number > until) break;
            torn = change->number == until;
        }
        if (way == LOST) break;
        if (way == MIXED && random_number(disk) % 2) continue;
        if (!torn || !change->bytes) {
            if (torn && random_number(disk) % 2) continue;
            apply(&content->durable, change);
            continue;
        }
        for (int64_t at = 0; at < change->size;) {
            int64_t place = change->offset + at, part = sector - place % sector;
            if (part > change->size - at) part = change->size - at;
            uint64_t choice = random_number(disk) % 4;
            if (choice < 2) put(&content->durable, place, change->bytes + at, part);
            else if (way == GARBAGE && choice == 2) {
                if (place + part > content->durable.size) resize(&content->durable, place + part);
                int zeros = random_number(disk) % 2 == 0;
                for (int64_t i = 0; i < part; i++)
                    content->durable.bytes[place + i] = zeros ? 0 : (unsigned char)random_number(disk);
            }
            at += part;
        }
    }
    forget_changes(content);
}

static void flush(content *content) {
    for (change *change = content->first; change; change = change->next) apply(&content->durable, change);
    forget_changes(content);
}

/* ---- Names ---- */

static csd_disk *disk_of(const char *path) {
    if (!path) return NULL;
    for (csd_disk *disk = disks; disk; disk = disk->next)
        if (!strncmp(path, disk->folder, disk->folder_length) && path[disk->folder_length] == '/') return disk;
    return NULL;
}

static entry *entry_of(csd_disk *disk, const char *path) {
    for (entry *entry = disk->entries; entry; entry = entry->next)
        if (!strcmp(entry->path, path)) return entry;
    entry *new = must(calloc(1, sizeof *new));
    new->path = must(strdup(path));
    new->before = must(calloc(1, sizeof *new->before));
    new->before_count = 1;
    new->next = disk->entries;
    return disk->entries = new;
}

/* `name` stands for `content` from now on; what it stood for may come back until the folder is synced. */
static void rename_entry(entry *entry, content *content) {
    if (entry->now != entry->before[entry->before_count - 1]) {
        entry->before = must(realloc(entry->before, sizeof *entry->before * (size_t)(entry->before_count + 1)));
        entry->before[entry->before_count++] = use(entry->now);
    }
    drop(entry->now);
    entry->now = content;
}

static void settle_entry(entry *entry, content *content) {
    use(content);
    for (int i = 0; i < entry->before_count; i++) drop(entry->before[i]);
    drop(entry->now);
    entry->before_count = 1;
    entry->before[0] = use(content);
    entry->now = content;
}

static void sync_folder(csd_disk *disk) {
    for (entry *entry = disk->entries; entry; entry = entry->next) settle_entry(entry, entry->now);
}

/* ---- Failures ---- */

/* Counts an operation. True when it is to fail; `*how` says how. */
static int fails(csd_disk *disk, unsigned kind, int *how) {
    if (!(disk->fail_kinds & kind) || disk->fail_left <= 0) return 0;
    if (disk->fail_left > 1) return disk->fail_left--, 0;
    if (!disk->fail_lasting) disk->fail_left = 0;
    disk->failed++;
    *how = disk->fail_how;
    return 1;
}

/* Counts a change of the disk. True when the power goes in its midst. */
static int blackout(csd_disk *disk) {
    disk->operations++;
    if (disk->power_left && !--disk->power_left) disk->power_off = 1;
    return disk->power_off;
}

static int is_dead(file *file) { return file->disk->power_off || file->generation != file->disk->generation; }

/* ---- An open file ---- */

static int unlock_to(file *file, int level) {
    content *content = file->content;
    if (content->exclusive == file) content->exclusive = NULL;
    if (content->pending == file) content->pending = NULL;
    if (content->reserved == file) content->reserved = NULL;
    if (level == SQLITE_LOCK_NONE && file->lock >= SQLITE_LOCK_SHARED) content->shared--;
    if (file->lock > level) file->lock = level;
    return SQLITE_OK;
}

static void unmap(file *file) {
    content *content = file->content;
    for (int i = 0; i < SQLITE_SHM_NLOCK; i++) {
        if (file->shm_shared & 1u << i) content->shm_shared[i]--;
        if (file->shm_exclusive & 1u << i) content->shm_exclusive[i] = NULL;
    }
    file->shm_shared = file->shm_exclusive = 0;
    if (!file->maps) return;
    file->maps = 0;
    if (--content->mappers) return;
    for (int i = 0; i < content->region_count; i++) free(content->regions[i]);
    free(content->regions);
    content->regions = NULL;
    content->region_count = 0;
}

static void release(csd_disk *disk) {
    if (--disk->users) return;
    for (entry *entry = disk->entries; entry;) {
        struct entry *next = entry->next;
        settle_entry(entry, NULL);
        free(entry->before);
        free(entry->path);
        free(entry);
        entry = next;
    }
    free(disk->folder);
    free(disk);
}

#define LOCKED(expression)              \
    pthread_mutex_lock(&mutex);         \
    int result = (expression);          \
    pthread_mutex_unlock(&mutex);       \
    return result

static int close_file(file *file) {
    unmap(file);
    unlock_to(file, SQLITE_LOCK_NONE);
    drop(file->content);
    release(file->disk);
    return SQLITE_OK;
}

static int x_close(sqlite3_file *given) { LOCKED(close_file((file *)given)); }

static int read_file(file *file, void *bytes, int size, int64_t offset) {
    int how;
    if (is_dead(file) || fails(file->disk, CSD_READ, &how)) return SQLITE_IOERR_READ;
    image *image = &file->content->seen;
    int64_t there = image->size - offset;
    if (there > size) there = size;
    if (there < 0) there = 0;
    if (there) memcpy(bytes, image->bytes + offset, (size_t)there);
    memset((char *)bytes + there, 0, (size_t)(size - there));
    return there < size ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int x_read(sqlite3_file *given, void *bytes, int size, sqlite3_int64 offset) {
    LOCKED(read_file((file *)given, bytes, size, offset));
}

static int write_file(file *file, const void *bytes, int size, int64_t offset) {
    int how;
    if (is_dead(file)) return SQLITE_IOERR_WRITE;
    if (fails(file->disk, CSD_WRITE, &how)) {
        if (how == CSD_SHORT) note(file->disk, file->content, offset, bytes, size / 2);
        errno = how == CSD_EIO ? EIO : how == CSD_QUOTA ? EDQUOT : ENOSPC;
        return how == CSD_EIO || how == CSD_QUOTA ? SQLITE_IOERR_WRITE : SQLITE_FULL;
    }
    note(file->disk, file->content, offset, bytes, size);
    return blackout(file->disk) ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

static int x_write(sqlite3_file *given, const void *bytes, int size, sqlite3_int64 offset) {
    LOCKED(write_file((file *)given, bytes, size, offset));
}

static int truncate_file(file *file, int64_t size) {
    int how;
    if (is_dead(file) || fails(file->disk, CSD_TRUNCATE, &how)) return SQLITE_IOERR_TRUNCATE;
    note(file->disk, file->content, size, NULL, 0);
    return blackout(file->disk) ? SQLITE_IOERR_TRUNCATE : SQLITE_OK;
}

static int x_truncate(sqlite3_file *given, sqlite3_int64 size) { LOCKED(truncate_file((file *)given, size)); }

static int sync_file(file *file) {
    int how;
    if (is_dead(file) || blackout(file->disk)) return SQLITE_IOERR_FSYNC;
    if (fails(file->disk, CSD_SYNC, &how)) {
        settle(file->disk, file->content, TORN, 0, 512);
        return SQLITE_IOERR_FSYNC;
    }
    flush(file->content);
    if (file->syncs_folder) sync_folder(file->disk);
    file->syncs_folder = 0;
    return SQLITE_OK;
}

static int x_sync(sqlite3_file *given, int flags) {
    (void)flags;
    LOCKED(sync_file((file *)given));
}

static int x_size(sqlite3_file *given, sqlite3_int64 *size) {
    file *file = (void *)given;
    pthread_mutex_lock(&mutex);
    int dead = is_dead(file);
    *size = file->content->seen.size;
    pthread_mutex_unlock(&mutex);
    return dead ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int lock_file(file *file, int level) {
    content *content = file->content;
    if (is_dead(file)) return SQLITE_IOERR_LOCK;
    if (file->lock >= level) return SQLITE_OK;
    if (level == SQLITE_LOCK_SHARED) {
        if (content->pending || content->exclusive) return SQLITE_BUSY;
        content->shared++;
    } else {
        if (content->reserved && content->reserved != file) return SQLITE_BUSY;
        content->reserved = file;
        if (level == SQLITE_LOCK_EXCLUSIVE) {
            content->pending = file;
            if (content->shared > 1) return file->lock = SQLITE_LOCK_PENDING, SQLITE_BUSY;
            content->exclusive = file;
        }
    }
    file->lock = level;
    return SQLITE_OK;
}

static int x_lock(sqlite3_file *given, int level) { LOCKED(lock_file((file *)given, level)); }
static int x_unlock(sqlite3_file *given, int level) { LOCKED(unlock_to((file *)given, level)); }

static int x_check_reserved(sqlite3_file *given, int *reserved) {
    pthread_mutex_lock(&mutex);
    *reserved = ((file *)given)->content->reserved != NULL;
    pthread_mutex_unlock(&mutex);
    return SQLITE_OK;
}

static int x_control(sqlite3_file *given, int code, void *argument) {
    (void)given, (void)code, (void)argument;
    return SQLITE_NOTFOUND;
}

static int x_sector(sqlite3_file *given) {
    (void)given;
    return 4096;
}

static int x_device(sqlite3_file *given) {
    (void)given;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int map_region(file *file, int region, int size, int extend, void volatile **memory) {
    content *content = file->content;
    int how;
    *memory = NULL;
    if (is_dead(file)) return SQLITE_IOERR_SHMMAP;
    if (!file->maps) file->maps = 1, content->mappers++;
    if (region >= content->region_count) {
        if (!extend) return SQLITE_OK;
        if (fails(file->disk, CSD_SHARED, &how)) return SQLITE_IOERR_SHMSIZE;
        content->regions = must(realloc(content->regions, sizeof *content->regions * (size_t)(region + 1)));
        while (content->region_count <= region)
            content->regions[content->region_count++] = must(calloc(1, (size_t)size));
    }
    *memory = content->regions[region];
    return SQLITE_OK;
}

static int x_shm_map(sqlite3_file *given, int region, int size, int extend, void volatile **memory) {
    LOCKED(map_region((file *)given, region, size, extend, memory));
}

static int lock_shm(file *file, int offset, int count, int flags) {
    content *content = file->content;
    unsigned mask = ((1u << count) - 1) << offset;
    if (flags & SQLITE_SHM_UNLOCK) {
        for (int i = offset; i < offset + count; i++) {
            if (file->shm_shared & 1u << i) content->shm_shared[i]--;
            if (file->shm_exclusive & 1u << i) content->shm_exclusive[i] = NULL;
        }
        file->shm_shared &= ~mask, file->shm_exclusive &= ~mask;
        return SQLITE_OK;
    }
    if (is_dead(file)) return SQLITE_IOERR_SHMLOCK;
    for (int i = offset; i < offset + count; i++) {
        if (content->shm_exclusive[i] && content->shm_exclusive[i] != file) return SQLITE_BUSY;
        int others = content->shm_shared[i] - (file->shm_shared & 1u << i ? 1 : 0);
        if (flags & SQLITE_SHM_EXCLUSIVE && others) return SQLITE_BUSY;
    }
    for (int i = offset; i < offset + count; i++) {
        if (flags & SQLITE_SHM_EXCLUSIVE) content->shm_exclusive[i] = file;
        else if (!(file->shm_shared & 1u << i)) content->shm_shared[i]++;
    }
    if (flags & SQLITE_SHM_EXCLUSIVE) file->shm_exclusive |= mask;
    else file->shm_shared |= mask;
    return SQLITE_OK;
}

static int x_shm_lock(sqlite3_file *given, int offset, int count, int flags) {
    LOCKED(lock_shm((file *)given, offset, count, flags));
}

static void x_shm_barrier(sqlite3_file *given) {
    (void)given;
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
}

static int x_shm_unmap(sqlite3_file *given, int remove) {
    (void)remove;
    pthread_mutex_lock(&mutex);
    unmap((file *)given);
    pthread_mutex_unlock(&mutex);
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    2, x_close, x_read, x_write, x_truncate, x_sync, x_size, x_lock, x_unlock, x_check_reserved, x_control, x_sector,
    x_device, x_shm_map, x_shm_lock, x_shm_barrier, x_shm_unmap, NULL, NULL,
};

/* ---- The VFS ---- */

static int open_file(csd_disk *disk, const char *path, file *file, int flags, int *out) {
    int how;
    if (disk->power_off) return SQLITE_CANTOPEN;
    if (fails(disk, CSD_OPEN, &how)) return SQLITE_CANTOPEN;
    entry *entry = entry_of(disk, path);
    memset(file, 0, sizeof *file);
    if (!entry->now) {
        if (!(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
        if (blackout(disk)) return SQLITE_CANTOPEN;
        rename_entry(entry, use(must(calloc(1, sizeof(content)))));
    }
    /* As the unix VFS: it goes by what was asked for, not by whether the file was there. */
    file->syncs_folder = flags & SQLITE_OPEN_CREATE && flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL);
    file->base.pMethods = &methods;
    file->disk = disk;
    file->content = use(entry->now);
    file->generation = disk->generation;
    disk->users++;
    if (out) *out = flags;
    return SQLITE_OK;
}

static int x_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *given, int flags, int *out) {
    (void)vfs;
    given->pMethods = NULL;
    pthread_mutex_lock(&mutex);
    csd_disk *disk = disk_of(path);
    int result = disk ? open_file(disk, path, (file *)given, flags, out) : 0;
    pthread_mutex_unlock(&mutex);
    return disk ? result : base->xOpen(base, path, given, flags, out);
}

static int delete_file(csd_disk *disk, const char *path, int sync) {
    int how;
    if (disk->power_off || fails(disk, CSD_DELETE, &how)) return SQLITE_IOERR_DELETE;
    entry *entry = entry_of(disk, path);
    if (!entry->now) return SQLITE_IOERR_DELETE_NOENT;
    if (blackout(disk)) return SQLITE_IOERR_DELETE;
    rename_entry(entry, NULL);
    if (sync) sync_folder(disk);
    return SQLITE_OK;
}

static int x_delete(sqlite3_vfs *vfs, const char *path, int sync) {
    (void)vfs;
    pthread_mutex_lock(&mutex);
    csd_disk *disk = disk_of(path);
    int result = disk ? delete_file(disk, path, sync) : 0;
    pthread_mutex_unlock(&mutex);
    return disk ? result : base->xDelete(base, path, sync);
}

static int x_access(sqlite3_vfs *vfs, const char *path, int flags, int *there) {
    (void)vfs;
    pthread_mutex_lock(&mutex);
    csd_disk *disk = disk_of(path);
    if (disk) {
        content *content = entry_of(disk, path)->now;
        /* As the unix VFS: an empty file is none. */
        *there = content && (flags != SQLITE_ACCESS_EXISTS || content->seen.size > 0);
    }
    pthread_mutex_unlock(&mutex);
    return disk ? SQLITE_OK : base->xAccess(base, path, flags, there);
}

static int x_full_path(sqlite3_vfs *vfs, const char *path, int size, char *full) {
    (void)vfs;
    pthread_mutex_lock(&mutex);
    csd_disk *disk = disk_of(path);
    pthread_mutex_unlock(&mutex);
    if (!disk) return base->xFullPathname(base, path, size, full);
    sqlite3_snprintf(size, full, "%s", path);
    return SQLITE_OK;
}

/* ---- What tests call ---- */

csd_disk *csd_make(const char *folder) {
    pthread_mutex_lock(&mutex);
    if (!base) {
        sqlite3_initialize();
        base = must(sqlite3_vfs_find(NULL));
        ours = *base;
        ours.pNext = NULL;
        ours.zName = "pejling-simulated-disk";
        if (ours.szOsFile < (int)sizeof(file)) ours.szOsFile = sizeof(file);
        ours.xOpen = x_open, ours.xDelete = x_delete, ours.xAccess = x_access, ours.xFullPathname = x_full_path;
        if (sqlite3_vfs_register(&ours, 1) != SQLITE_OK) abort();
    }
    csd_disk *disk = must(calloc(1, sizeof *disk));
    disk->folder = must(strdup(folder));
    disk->folder_length = strlen(folder);
    disk->users = 1;
    disk->next = disks;
    disks = disk;
    pthread_mutex_unlock(&mutex);
    return disk;
}

void csd_free(csd_disk *disk) {
    pthread_mutex_lock(&mutex);
    for (csd_disk **place = &disks; *place; place = &(*place)->next)
        if (*place == disk) {
            *place = disk->next;
            break;
        }
    release(disk);
    pthread_mutex_unlock(&mutex);
}

#define WITH(type, expression)          \
    pthread_mutex_lock(&mutex);         \
    type result = (expression);         \
    pthread_mutex_unlock(&mutex);       \
    return result

int64_t csd_operations(csd_disk *disk) { WITH(int64_t, disk->operations); }
int csd_has_power(csd_disk *disk) { WITH(int, !disk->power_off); }
int64_t csd_failed(csd_disk *disk) { WITH(int64_t, disk->failed); }

void csd_cut_power(csd_disk *disk, int64_t n) {
    pthread_mutex_lock(&mutex);
    disk->power_left = n;
    pthread_mutex_unlock(&mutex);
}

void csd_fail(csd_disk *disk, unsigned kinds, int64_t n, int how, int lasting) {
    pthread_mutex_lock(&mutex);
    disk->fail_kinds = kinds, disk->fail_left = n, disk->fail_how = how, disk->fail_lasting = lasting;
    disk->failed = 0;
    pthread_mutex_unlock(&mutex);
}

void csd_restart(csd_disk *disk, uint64_t seed) {
    pthread_mutex_lock(&mutex);
    disk->random = seed;
    int way = (int)(random_number(disk) % WAYS);
    int64_t sector = random_number(disk) % 2 ? 512 : 4096;
    /* The changes that are not synced have numbers from `oldest` on. */
    int64_t oldest = disk->number + 1;
    for (entry *entry = disk->entries; entry; entry = entry->next)
        for (int i = -1; i < entry->before_count; i++) {
            content *content = i < 0 ? entry->now : entry->before[i];
            if (content && content->first && content->first->number < oldest) oldest = content->first->number;
        }
    int64_t until = oldest - 1 + (int64_t)(random_number(disk) % (uint64_t)(disk->number - oldest + 2));
    for (entry *entry = disk->entries; entry; entry = entry->next) {
        int choice = (int)(random_number(disk) % (uint64_t)(entry->before_count + 1));
        if (way == LOST) choice = 0;
        if (way == KEPT) choice = entry->before_count;
        content *chosen = choice < entry->before_count ? entry->before[choice] : entry->now;
        content *fresh = NULL;
        if (chosen) {
            settle(disk, chosen, way, until, sector);
            fresh = must(calloc(1, sizeof *fresh));
            put(&fresh->durable, 0, chosen->durable.bytes, chosen->durable.size);
            put(&fresh->seen, 0, chosen->durable.bytes, chosen->durable.size);
            use(fresh);
        }
        settle_entry(entry, fresh);
        if (fresh) fresh->users--;
    }
    disk->generation++;
    disk->power_off = 0, disk->power_left = 0;
    disk->fail_kinds = 0, disk->fail_left = 0;
    pthread_mutex_unlock(&mutex);
}

static content *inherit(content *old) {
    if (!old || old->heir) return old ? old->heir : NULL;
    content *heir = must(calloc(1, sizeof *heir));
    heir->seen = old->seen, heir->durable = old->durable, heir->first = old->first, heir->last = old->last;
    memset(&old->seen, 0, sizeof old->seen);
    memset(&old->durable, 0, sizeof old->durable);
    old->first = old->last = NULL;
    return old->heir = heir;
}

void csd_end_process(csd_disk *disk) {
    pthread_mutex_lock(&mutex);
    for (entry *entry = disk->entries; entry; entry = entry->next) {
        for (int i = 0; i < entry->before_count; i++) {
            content *old = entry->before[i];
            entry->before[i] = use(inherit(old));
            drop(old);
        }
        content *old = entry->now;
        entry->now = use(inherit(old));
        drop(old);
    }
    disk->generation++;
    disk->power_off = 0, disk->power_left = 0;
    disk->fail_kinds = 0, disk->fail_left = 0;
    pthread_mutex_unlock(&mutex);
}

static entry *named(csd_disk *disk, const char *name) {
    char path[1024];
    sqlite3_snprintf(sizeof path, path, "%s/%s", disk->folder, name);
    return entry_of(disk, path);
}

int64_t csd_size(csd_disk *disk, const char *name) {
    pthread_mutex_lock(&mutex);
    content *content = named(disk, name)->now;
    int64_t size = content ? content->seen.size : -1;
    pthread_mutex_unlock(&mutex);
    return size;
}

void csd_get(csd_disk *disk, const char *name, unsigned char *bytes) {
    pthread_mutex_lock(&mutex);
    content *content = named(disk, name)->now;
    if (content && content->seen.size) memcpy(bytes, content->seen.bytes, (size_t)content->seen.size);
    pthread_mutex_unlock(&mutex);
}

void csd_put(csd_disk *disk, const char *name, const unsigned char *bytes, int64_t size) {
    pthread_mutex_lock(&mutex);
    content *fresh = must(calloc(1, sizeof *fresh));
    put(&fresh->durable, 0, bytes, size);
    put(&fresh->seen, 0, bytes, size);
    use(fresh);
    settle_entry(named(disk, name), fresh);
    fresh->users--;
    pthread_mutex_unlock(&mutex);
}

void csd_remove(csd_disk *disk, const char *name) {
    pthread_mutex_lock(&mutex);
    settle_entry(named(disk, name), NULL);
    pthread_mutex_unlock(&mutex);
}
