/*
 * What a program sees of a kernel that leaves out a step: one scenario for each step. The task is
 * called "skipping" while the step is to be left out: skip_function.ko goes by that name.
 * Arguments: the scenario, and a file.
 *
 * The scenario `error` runs `errors.sh SECTOR`, which makes writes to eight sectors of the device
 * fail from there on. `stable`, `direct_race`, and `datasync` where it does not wait, need a device
 * that is slow to write: dm-delay, with 300 ms a write, and none a flush. `stable` needs
 * queue/stable_writes=1, too.
 */
#include "../findings/finding.h"
#include <linux/fiemap.h>
#include <sys/prctl.h>

static const char *path;
static int fd;

static void skipping(int on) { prctl(PR_SET_NAME, on ? "skipping" : "sound"); }

static int also(int flags) {
	int other = open(path, O_RDWR | flags);
	check(other < 0, path);
	return other;
}

static char *page_of(char value) {
	static char page[PAGE] __attribute__((aligned(PAGE)));
	return memset(page, value, PAGE);
}

static void write_page(int to, const char *how, long offset, char value) {
	mark("op=%s off=%ld len=%d val=%d", how, offset, PAGE, value);
	check(pwrite(to, page_of(value), PAGE, offset) != PAGE, how);
	mark("op=%s done ret=%d len=%d", how, PAGE, PAGE);
}

static void read_page(long offset) {
	char page[PAGE];
	mark("op=read off=%ld len=%d", offset, PAGE);
	check(pread(fd, page, PAGE, offset) != PAGE, "pread");
	mark("op=read done off=%ld ret=%d val=%d mixed=0", offset, PAGE, page[0]);
}

/* fsync does not protect the mapping: a store that comes later is lost. */
static void mkclean(void) {
	char *base = map(fd, 0, 2 * PAGE);
	store(base, 0, 0, 1);
	skipping(1);
	sync_file(fd);
	skipping(0);
	store(base, 0, 0, 2);
	sync_file(fd);
}

/* fdatasync does not wait for the writes, or does not flush. */
static void datasync(void) {
	write_page(fd, "write", 0, 1);
	skipping(1);
	check(fdatasync(fd), "fdatasync");
	skipping(0);
	usleep(600000);
}

/* fsync of a file that has grown does not commit what says so. */
static void grown(void) {
	write_page(fd, "write", 4 * PAGE, 1);
	skipping(1);
	sync_file(fd);
	skipping(0);
	sync_file(fd);
}

static void *sync_it(void *nothing) {
	sync_file(fd);
	return nothing;
}

/* A fault makes a page writable that is being written. */
static void stable(void) {
	pthread_t writer;
	char *base = map(fd, 0, 2 * PAGE);
	store(base, 0, 0, 1);
	check(pthread_create(&writer, NULL, sync_it, NULL), "pthread_create");
	usleep(50000);
	skipping(1);
	store(base, 1, 1, 2);
	skipping(0);
	pthread_join(writer, NULL);
	sync_file(fd);
}

/* A write fails, and fsync does not say so. */
static void error(void) {
	struct {
		struct fiemap map;
		struct fiemap_extent extent;
	} where = { .map = { .fm_length = PAGE, .fm_extent_count = 1 } };
	char command[99];
	int second = also(0);
	check(ioctl(fd, FS_IOC_FIEMAP, &where), "fiemap");
	snprintf(command, sizeof command, "errors.sh %llu", where.extent.fe_physical / 512);
	check(system(command), command);
	write_page(fd, "write", 0, 1);
	skipping(1);
	mark("fsync %d", fsync(fd));
	skipping(0);
	mark("fsync of the second %d", fsync(second));
}

/* For direct writes. The first of a recording shows that their bios are in it. */
static int direct_descriptor(void) {
	int other = also(O_DIRECT);
	write_page(other, "dwrite", 3 * PAGE, 1);
	return other;
}

/* What is cached of a page outlives a direct write of it. */
static void direct(void) {
	int other = direct_descriptor();
	write_page(fd, "write", 0, 1);
	read_page(0);
	skipping(1);
	write_page(other, "dwrite", 0, 2);
	skipping(0);
	read_page(0);
}

static void *read_it(void *nothing) {
	usleep(50000);
	read_page(0);
	return nothing;
}

/* It is read while the device is still being written. */
static void direct_race(void) {
	pthread_t reader;
	int other = direct_descriptor();
	write_page(fd, "write", 0, 1);
	sync_file(fd);
	check(pthread_create(&reader, NULL, read_it, NULL), "pthread_create");
	skipping(1);
	write_page(other, "dwrite", 0, 2);
	skipping(0);
	pthread_join(reader, NULL);
	read_page(0);
}

static const struct {
	const char *name;
	void (*run)(void);
} scenarios[] = {
	{ "mkclean", mkclean }, { "datasync", datasync }, { "grown", grown },
	{ "stable", stable }, { "error", error }, { "direct", direct }, { "direct_race", direct_race },
};

int main(int argc, char **argv) {
	check(argc != 3, "expected a scenario and a file");
	path = argv[2];
	fd = make_file(path, 4 * PAGE);
	for (size_t each = 0; each < sizeof scenarios / sizeof *scenarios; each++)
		if (strcmp(argv[1], scenarios[each].name) == 0) scenarios[each].run();
	return 0;
}
