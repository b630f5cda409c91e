/*
 * A file is cut inside a PMD entry: the call forgets that the rest of the entry is dirty.
 * Argument: a file with DAX; the loss is that of 5.10 to 6.14 (on XFS not of 5.10).
 */
#include "finding.h"

int main(int argc, char **argv) {
	check(argc != 2, "expected a file");
	int fd = make_file(argv[1], PMD);
	char *whole = map(fd, 0, PMD);
	store(whole, 300 * PAGE, 300 * PAGE, 1);
	check(ftruncate(fd, 400 * PAGE), "ftruncate");
	sync_file(fd); /* page 300 is not flushed */
	return load(whole, 300 * PAGE, 300 * PAGE) == 1 ? 0 : 1;
}
