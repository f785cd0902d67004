/*
 * Takes back what a killed process wrote and did not sync, as a power cut would. See docs/proof.md.
 *
 * As a library (gcc -shared -fPIC, LD_PRELOAD) it is under the process: before each call that changes a file or a name
 * below POWERCUT_DIRECTORY it notes in POWERCUT_LOG what was there before, and after each sync how far that went. The
 * log is in the page cache, which survives SIGKILL. As a program (gcc -DUNDO) it reads the log of the dead process and
 * takes back, from the end, what no sync covers: of each file and each directory a random number of its last changes.
 *
 *   powercut-undo LOG DIRECTORY TRASH SEED
 *
 * With POWERCUT_SYNCS_LIE in the environment no sync covers anything, as on a disk that lies: a proof must find that out.
 *
 * What it relies on: one process at a time; plain read and write calls, no mmap of a file that is written to; renames
 * within one directory. A file that is removed or replaced keeps its bytes under POWERCUT_TRASH until the undo.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE, SYNC, CREATE, UNLINK, RENAME };

/* An entry of the log; then `length` bytes that were there before. */
struct entry {
    uint32_t kind;
    uint32_t length;
    uint64_t number;            /* grows, also from one process to the next */
    uint64_t owner;             /* the inode whose sync covers this: of the file, or of the directory */
    uint64_t inode;             /* that has the name; 0 when there is none */
    uint64_t replaced;          /* by a rename: the inode that had the name; 0 when there was none. Of a write: its bytes */
    int64_t offset;             /* of a write; of a sync the number below which it covers */
    int64_t before;             /* length of the file */
    char path[512];
    char other[512];            /* of a rename: the name before */
};

#ifndef UNDO

#define MOST_FILES 65536

static int (*real_open)(const char *, int, ...);
static int (*real_open64)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static int (*real_openat64)(int, const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);
static int (*real_rmdir)(const char *);
static int (*real_rename)(const char *, const char *);
static int (*real_link)(const char *, const char *);
static int (*real_mkdir)(const char *, mode_t);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *directory, *trash, *lies;
static int log_file = -1;
static uint64_t numbers;
static uint64_t inodes[MOST_FILES];     /* of the files below the directory that are open; 0: another file */

static void find(void) {
#define REAL(name, symbol) *(void **)&real_##name = dlsym(RTLD_NEXT, symbol)
    REAL(open, "open"); REAL(open64, "open64"); REAL(openat, "openat"); REAL(openat64, "openat64");
    REAL(close, "close"); REAL(write, "write"); REAL(pwrite, "pwrite64"); REAL(writev, "writev");
    REAL(ftruncate, "ftruncate64"); REAL(fsync, "fsync"); REAL(fdatasync, "fdatasync"); REAL(unlink, "unlink");
    REAL(rmdir, "rmdir"); REAL(rename, "rename"); REAL(link, "link"); REAL(mkdir, "mkdir");
    directory = getenv("POWERCUT_DIRECTORY");
    trash = getenv("POWERCUT_TRASH");
    lies = getenv("POWERCUT_SYNCS_LIE");
    const char *path = getenv("POWERCUT_LOG");
    if (directory && trash && path) {
        log_file = real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        numbers = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    }
}

static void ready(void) { pthread_once(&once, find); }

static void give_up(const char *what) {
    fprintf(stderr, "powercut: %s: %s\n", what, strerror(errno));
    abort();
}

static int below(const char *path) {
    size_t length = directory ? strlen(directory) : 0;
    return log_file >= 0 && length > 0 && strncmp(path, directory, length) == 0
            && (path[length] == '/' || path[length] == 0);
}

static uint64_t inode_of(const char *path) {
    struct stat found;
    return lstat(path, &found) == 0 ? found.st_ino : 0;
}

static uint64_t inode_above(const char *path) {
    char above[PATH_MAX];
    snprintf(above, sizeof above, "%s", path);
    char *last = strrchr(above, '/');
    if (last) *last = 0;
    return inode_of(above);
}

static uint64_t open_inode(int file) {
    return file >= 0 && file < MOST_FILES ? inodes[file] : 0;
}

/* Under the lock. */
static void note(struct entry *entry, const void *bytes) {
    entry->number = ++numbers;
    struct iovec parts[2] = {{entry, sizeof *entry}, {(void *)bytes, entry->length}};
    if (real_writev(log_file, parts, 2) != (ssize_t)(sizeof *entry + entry->length)) give_up("log");
}

static void note_bytes(uint32_t kind, int file, int64_t offset, size_t length) {
    struct stat found;
    struct entry entry = {.kind = kind, .owner = open_inode(file), .offset = offset};
    if (fstat(file, &found) != 0) give_up("fstat");
    entry.before = found.st_size;
    size_t there = found.st_size > offset ? (size_t)(found.st_size - offset) : 0;
    entry.length = (uint32_t)(there < length ? there : length);
    entry.replaced = kind == WRITE ? length : 0;
    char *before = malloc(entry.length + 1);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    int reader = real_open(path, O_RDONLY | O_CLOEXEC); /* the file may be open for writing only */
    for (uint32_t at = 0; at < entry.length;) {
        ssize_t got = pread(reader, before + at, entry.length - at, offset + at);
        if (got <= 0) give_up("pread");
        at += got;
    }
    if (reader >= 0) real_close(reader);
    note(&entry, before);
    free(before);
}

static void note_name(uint32_t kind, const char *path, const char *other, uint64_t inode, uint64_t replaced) {
    if (!strcmp(path, directory)) return;   /* its own name is not below it */
    struct entry entry = {.kind = kind, .owner = inode_above(path), .inode = inode, .replaced = replaced};
    snprintf(entry.path, sizeof entry.path, "%s", path);
    snprintf(entry.other, sizeof entry.other, "%s", other);
    note(&entry, "");
}

static void keep(const char *path, uint64_t inode) {
    char kept[PATH_MAX];
    snprintf(kept, sizeof kept, "%s/%llu", trash, (unsigned long long)inode);
    if (real_link(path, kept) != 0 && errno != EEXIST) give_up("link");
}

static int opened(int file, const char *path, int created) {
    if (file >= 0 && file < MOST_FILES && below(path)) {
        struct stat found;
        inodes[file] = fstat(file, &found) == 0 ? found.st_ino : 0;
        if (created) note_name(CREATE, path, "", inodes[file], 0);
    }
    return file;
}

#define OPEN(name, call)                                                                                               \
    ready();                                                                                                           \
    mode_t mode = 0;                                                                                                   \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, int); va_end(more); } \
    if (path[0] != '/' || !below(path)) return call;                                                                   \
    pthread_mutex_lock(&lock);                                                                                         \
    int created = (flags & O_CREAT) && inode_of(path) == 0;                                                            \
    if ((flags & O_TRUNC) && !created) {                                                                               \
        int whole = real_open(path, O_RDWR | O_CLOEXEC);                                                               \
        if (whole >= 0) {                                                                                              \
            opened(whole, path, 0); note_bytes(TRUNCATE, whole, 0, SIZE_MAX); inodes[whole] = 0; real_close(whole);    \
        }                                                                                                              \
    }                                                                                                                  \
    int file = opened(call, path, created);                                                                            \
    int kept = errno;                                                                                                  \
    pthread_mutex_unlock(&lock);                                                                                       \
    errno = kept;                                                                                                      \
    return file

int open(const char *path, int flags, ...) { OPEN(open, real_open(path, flags, mode)); }
int open64(const char *path, int flags, ...) { OPEN(open64, real_open64(path, flags, mode)); }
int openat(int at, const char *path, int flags, ...) { OPEN(openat, real_openat(at, path, flags, mode)); }
int openat64(int at, const char *path, int flags, ...) { OPEN(openat64, real_openat64(at, path, flags, mode)); }

int close(int file) {
    ready();
    if (file >= 0 && file < MOST_FILES) inodes[file] = 0;
    return real_close(file);
}

#define LOCKED(type, file, before, call)                                                                               \
    ready();                                                                                                           \
    if (!open_inode(file)) return call;                                                                                \
    pthread_mutex_lock(&lock);                                                                                         \
    before;                                                                                                            \
    type result = call;                                                                                                \
    int kept = errno;                                                                                                  \
    pthread_mutex_unlock(&lock);                                                                                       \
    errno = kept;                                                                                                      \
    return result

static int64_t place(int file) {
    struct stat found;
    int appends = fcntl(file, F_GETFL) & O_APPEND;
    return appends && fstat(file, &found) == 0 ? found.st_size : lseek(file, 0, SEEK_CUR);
}

static size_t bytes_of(const struct iovec *parts, int count) {
    size_t sum = 0;
    for (int i = 0; i < count; i++) sum += parts[i].iov_len;
    return sum;
}

ssize_t write(int file, const void *bytes, size_t length) {
    LOCKED(ssize_t, file, note_bytes(WRITE, file, place(file), length), real_write(file, bytes, length));
}
ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset) {
    LOCKED(ssize_t, file, note_bytes(WRITE, file, offset, length), real_pwrite(file, bytes, length, offset));
}
ssize_t pwrite64(int file, const void *bytes, size_t length, off_t offset) {
    LOCKED(ssize_t, file, note_bytes(WRITE, file, offset, length), real_pwrite(file, bytes, length, offset));
}
ssize_t writev(int file, const struct iovec *parts, int count) {
    LOCKED(ssize_t, file, note_bytes(WRITE, file, place(file), bytes_of(parts, count)), real_writev(file, parts, count));
}
int ftruncate(int file, off_t length) {
    LOCKED(int, file, note_bytes(TRUNCATE, file, length, SIZE_MAX), real_ftruncate(file, length));
}
int ftruncate64(int file, off_t length) {
    LOCKED(int, file, note_bytes(TRUNCATE, file, length, SIZE_MAX), real_ftruncate(file, length));
}

/* What is noted while the sync runs is not covered by it. */
static int synced(int file, int (*call)(int)) {
    uint64_t inode = open_inode(file);
    if (!inode) return call(file);
    pthread_mutex_lock(&lock);
    int64_t covered = (int64_t)numbers + 1;
    pthread_mutex_unlock(&lock);
    int result = call(file);
    int kept = errno;
    if (result == 0 && !lies) {
        struct entry entry = {.kind = SYNC, .owner = inode, .offset = covered};
        pthread_mutex_lock(&lock);
        note(&entry, "");
        pthread_mutex_unlock(&lock);
    }
    errno = kept;
    return result;
}

int fsync(int file) { ready(); return synced(file, real_fsync); }
int fdatasync(int file) { ready(); return synced(file, real_fdatasync); }

#define NAMED(before, call)                                                                                            \
    ready();                                                                                                           \
    if (!below(path)) return call;                                                                                     \
    pthread_mutex_lock(&lock);                                                                                         \
    uint64_t inode = inode_of(path);                                                                                   \
    before;                                                                                                            \
    int result = call;                                                                                                 \
    int kept = errno;                                                                                                  \
    (void)inode

#define DONE pthread_mutex_unlock(&lock); errno = kept; return result

int unlink(const char *path) {
    NAMED(if (inode) { keep(path, inode); note_name(UNLINK, path, "", inode, 0); }, real_unlink(path));
    DONE;
}
int rmdir(const char *path) {
    NAMED(, real_rmdir(path));
    if (result == 0) note_name(UNLINK, path, "dir", inode, 0);
    DONE;
}
int mkdir(const char *path, mode_t mode) {
    NAMED(, real_mkdir(path, mode));
    if (result == 0) note_name(CREATE, path, "dir", inode_of(path), 0);
    DONE;
}
int link(const char *from, const char *path) {
    NAMED(, real_link(from, path));
    if (result == 0) note_name(CREATE, path, "", inode_of(path), 0);
    DONE;
}
int rename(const char *from, const char *path) {
    NAMED(if (inode) keep(path, inode); note_name(RENAME, path, from, inode_of(from), inode), real_rename(from, path));
    DONE;
}

#else

static struct entry *entries;
static char **bytes;
static size_t count;
static const char *root, *trash;

static void give_up(const char *what, const char *path) {
    fprintf(stderr, "powercut-undo: %s %s: %s\n", what, path, strerror(errno));
    exit(1);
}

static uint64_t inode_of(const char *path) {
    struct stat found;
    return lstat(path, &found) == 0 ? found.st_ino : 0;
}

/* The path of an inode, below the directory or in the trash; 0 when it has none. */
static int find(const char *in, uint64_t inode, char *path) {
    DIR *listed = opendir(in);
    if (!listed) return 0;
    int found = 0;
    for (struct dirent *name = readdir(listed); name && !found; name = readdir(listed)) {
        if (!strcmp(name->d_name, ".") || !strcmp(name->d_name, "..")) continue;
        char at[PATH_MAX];
        snprintf(at, sizeof at, "%s/%s", in, name->d_name);
        if (name->d_ino == inode) {
            snprintf(path, PATH_MAX, "%s", at);
            found = 1;
        } else if (name->d_type == DT_DIR) {
            found = find(at, inode, path);
        }
    }
    closedir(listed);
    return found;
}

static void remove_tree(const char *path) {
    DIR *listed = opendir(path);
    for (struct dirent *name = listed ? readdir(listed) : NULL; name; name = readdir(listed)) {
        if (!strcmp(name->d_name, ".") || !strcmp(name->d_name, "..")) continue;
        char at[PATH_MAX];
        snprintf(at, sizeof at, "%s/%s", path, name->d_name);
        if (name->d_type == DT_DIR) remove_tree(at); else unlink(at);
    }
    if (listed) closedir(listed);
    rmdir(path);
}

static void give_back(uint64_t inode, const char *path) {
    char kept[PATH_MAX];
    snprintf(kept, sizeof kept, "%s/%llu", trash, (unsigned long long)inode);
    if (inode && inode_of(path) == 0) link(kept, path); /* the directory above may be gone */
}

/* Of a write that is torn so many bytes stay. */
static void undo(size_t i, int64_t stay) {
    struct entry *entry = &entries[i];
    char path[PATH_MAX];
    switch (entry->kind) {
    case WRITE:
    case TRUNCATE:
        if (find(root, entry->owner, path) || find(trash, entry->owner, path)) {
            int file = open(path, O_WRONLY);
            if (file < 0) give_up("open", path);
            int64_t from = stay < entry->length ? stay : entry->length;
            int64_t length = entry->length - from;
            if (length && pwrite(file, bytes[i] + from, length, entry->offset + from) != length)
                give_up("write", path);
            int64_t end = stay && entry->offset + stay > entry->before ? entry->offset + stay : entry->before;
            if (ftruncate(file, end) != 0) give_up("truncate", path);
            close(file);
        }
        break;
    case CREATE:
        if (inode_of(entry->path) == entry->inode) {
            if (entry->other[0]) remove_tree(entry->path); else unlink(entry->path);
        }
        break;
    case UNLINK:
        if (entry->other[0]) mkdir(entry->path, 0700); else give_back(entry->inode, entry->path);
        break;
    case RENAME:
        if (entry->inode && inode_of(entry->path) == entry->inode) {
            rename(entry->path, entry->other);
            give_back(entry->replaced, entry->path);
        }
        break;
    default:
        break;
    }
}

static void read_log(const char *path) {
    FILE *log = fopen(path, "r");
    struct entry entry;
    size_t room = 0;
    while (log && fread(&entry, sizeof entry, 1, log) == 1) {
        char *before = malloc((size_t)entry.length + 1);
        if (entry.length && fread(before, entry.length, 1, log) != 1) break;
        if (count == room) {
            room = room ? 2 * room : 1024;
            entries = realloc(entries, room * sizeof *entries);
            bytes = realloc(bytes, room * sizeof *bytes);
        }
        entries[count] = entry;
        bytes[count++] = before;
    }
    if (log) fclose(log);
}

/* A file or a directory, and what is known of its changes. */
struct owner {
    uint64_t inode;
    uint64_t covered;           /* changes below this number are synced */
    size_t later;               /* changes that are not */
    size_t survive;             /* of these, from the first one on */
    size_t left;                /* of these, not looked at yet, from the last one on */
};

enum { OWNERS = 1 << 20 };
static struct owner owners[OWNERS];

static struct owner *owner_of(uint64_t inode) {
    size_t at = inode * 2654435761u % OWNERS;
    while (owners[at].inode && owners[at].inode != inode) at = (at + 1) % OWNERS;
    owners[at].inode = inode;
    return &owners[at];
}

int main(int arguments, char **argument) {
    if (arguments != 5) {
        fprintf(stderr, "usage: powercut-undo LOG DIRECTORY TRASH SEED\n");
        return 2;
    }
    root = argument[2];
    trash = argument[3];
    unsigned seed = (unsigned)strtoul(argument[4], NULL, 10);
    read_log(argument[1]);
    for (size_t i = 0; i < count; i++) {
        struct owner *owner = owner_of(entries[i].owner);
        if (entries[i].kind == SYNC && (uint64_t)entries[i].offset > owner->covered)
            owner->covered = (uint64_t)entries[i].offset;
    }
    size_t open_changes = 0, taken = 0, torn = 0;
    for (size_t i = 0; i < count; i++) {
        struct owner *owner = owner_of(entries[i].owner);
        if (entries[i].kind == SYNC || entries[i].number < owner->covered) continue;
        owner->later++;
        open_changes++;
    }
    for (size_t i = 0; i < OWNERS; i++) {
        struct owner *owner = &owners[i];
        if (!owner->later) continue;
        unsigned draw = (unsigned)rand_r(&seed);
        owner->survive = draw % 3 == 0 ? 0 : draw % 3 == 1 ? owner->later : draw / 3 % (owner->later + 1);
        owner->left = owner->later;
    }
    for (size_t i = count; i-- > 0;) {
        struct owner *owner = owner_of(entries[i].owner);
        if (entries[i].kind == SYNC || entries[i].number < owner->covered) continue;
        if (--owner->left < owner->survive) continue;
        int64_t stay = 0;
        if (entries[i].kind == WRITE && owner->left == owner->survive && rand_r(&seed) % 2) {
            stay = rand_r(&seed) % (int64_t)(entries[i].replaced + 1);
            torn += stay > 0;
        }
        undo(i, stay);
        taken++;
    }
    printf("%zu of %zu unsynced changes taken back, %zu torn, %zu changes and syncs in all\n",
           taken, open_changes, torn, count);
    return 0;
}

#endif
