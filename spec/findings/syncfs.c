/*
 * A file is overwritten, another one is synced, then syncfs: the log is clean by then, and nothing flushes
 * the device. Argument: a file on XFS; a second one with "-other" behind its name is made beside it.
 */
#include "finding.h"

int main(int argc, char **argv) {
	char other[4096], bytes[PAGE];
	check(argc != 2, "expected a file");
	snprintf(other, sizeof other, "%s-other", argv[1]);
	int beside = make_file(other, PAGE), fd = make_file(argv[1], PAGE);
	memset(bytes, 9, sizeof bytes);
	check(pwrite(fd, bytes, sizeof bytes, 0) != sizeof bytes, "pwrite");
	check(pwrite(beside, bytes, sizeof bytes, 0) != sizeof bytes, "pwrite");
	sync_file(beside);
	mark("op=syncfs");
	check(syncfs(fd), "syncfs");
	mark("op=syncfs done");
	return 0;
}
