/*
 * A store to a shared page below a PMD entry: the next fsync leaves it writable and calls it clean.
 * Arguments: a file on XFS with DAX and reflink, and a name for its clone.
 */
#include "finding.h"

int main(int argc, char **argv) {
	check(argc != 3, "expected a file and the name of a clone");
	int fd = make_file(argv[1], 2 * PMD);
	int clone = open(argv[2], O_RDWR | O_CREAT | O_TRUNC, 0600);
	check(clone < 0 || ioctl(clone, FICLONE, fd), "FICLONE");
	int done[2], go[2];
	char token = 0;
	check(pipe(done) || pipe(go), "pipe");
	char *whole = map(fd, 0, PMD);
	load(whole, 0, 0); /* a PMD maps the range */
	if (fork() == 0) {
		char *small = map(fd, 5 * PAGE, PAGE);
		store(small, 0, 5 * PAGE, 1); /* page 5 gets a block of its own */
		check(write(done[1], &token, 1) != 1 || read(go[0], &token, 1) != 1, "pipe");
		store(small, 0, 5 * PAGE, 2); /* takes no fault: lost with the power */
		check(write(done[1], &token, 1) != 1, "pipe");
		_exit(0);
	}
	check(read(done[0], &token, 1) != 1, "pipe");
	sync_file(fd);
	check(write(go[1], &token, 1) != 1 || read(done[0], &token, 1) != 1, "pipe");
	sync_file(fd); /* finds nothing to flush */
	wait(NULL);
	return 0;
}
