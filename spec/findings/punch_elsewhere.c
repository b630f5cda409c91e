/*
 * A hole is punched far from what was stored to: the call forgets all that is dirty in the file.
 * Argument: a file with DAX; the loss is that of 6.15 and later.
 */
#include "finding.h"

int main(int argc, char **argv) {
	check(argc != 2, "expected a file");
	int fd = make_file(argv[1], 4L * PMD);
	char *whole = map(fd, 0, 4L * PMD);
	store(whole, 300 * PAGE, 300 * PAGE, 1);
	check(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 1800L * PAGE, 4 * PAGE),
	      "fallocate");
	sync_file(fd); /* page 300 is not flushed */
	return load(whole, 300 * PAGE, 300 * PAGE) == 1 ? 0 : 1;
}
