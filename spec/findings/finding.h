/* What the programs of this folder share: markers for the trace, a file with blocks, mappings. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, PMD = 2 << 20 };
static int marker = -1;

/* A line in the trace; without tracefs, nothing. */
static void mark(const char *format, ...) {
	char line[160];
	va_list list;
	va_start(list, format);
	int length = vsnprintf(line, sizeof line, format, list);
	va_end(list);
	if (write(marker, line, length) < 0) errno = 0;
}

static void check(int failed, const char *what) {
	if (!failed) return;
	perror(what);
	exit(2);
}

/* A file whose blocks are all written; it begins at a PMD of the device if the file system lets it. */
static int make_file(const char *path, long bytes) {
	static char seven[1 << 20];
	struct stat about;
	long piece = bytes < (long)sizeof seven ? bytes : (long)sizeof seven;
	const char *instance = getenv("PAGESPEC_TRACE_MARKER");
	marker = open(instance ? instance : "/sys/kernel/tracing/trace_marker", O_WRONLY);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	check(fd < 0, path);
	check(fallocate(fd, 0, 0, bytes), "fallocate");
	memset(seven, 7, sizeof seven);
	for (long at = 0; at < bytes; at += piece) check(pwrite(fd, seven, piece, at) < 0, "pwrite");
	check(fsync(fd) || fstat(fd, &about), "fsync");
	mark("scenario=finding dev=%d:%d ino=0x%lx", major(about.st_dev), minor(about.st_dev),
	     (long)about.st_ino);
	return fd;
}

/* Maps a range; one of 2 MiB or more at an address that PMDs fit. */
static char *map(int fd, long offset, long bytes) {
	char *at = NULL;
	if (bytes >= PMD) {
		char *room = mmap(NULL, bytes + PMD, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		at = (char *)(((long)room + PMD - 1) & -(long)PMD);
	}
	at = mmap(at, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | (at ? MAP_FIXED : 0), fd, offset);
	check(at == MAP_FAILED, "mmap");
	return at;
}

static void store(char *base, long at, long offset, char value) {
	mark("op=store off=%ld val=%d va=%p", offset, value, base + at);
	*(volatile char *)(base + at) = value;
	mark("op=store done");
}

static char load(char *base, long at, long offset) {
	mark("op=load off=%ld", offset);
	char value = *(volatile char *)(base + at);
	mark("op=load done val=%d", value);
	return value;
}

static void sync_file(int fd) {
	mark("op=fsync");
	check(fsync(fd), "fsync");
	mark("op=fsync done");
}
