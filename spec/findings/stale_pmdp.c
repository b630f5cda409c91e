/*
 * One process maps 2 MiB and stores, another one maps its first 4 KiB and stores: fsync takes the
 * second one's PTE for the first one's PMD, and leaves it writable. Argument: a file with DAX; 5.10.
 */
#include "finding.h"

int main(int argc, char **argv) {
	int done[2], go[2];
	char token = 0;
	check(argc != 2, "expected a file");
	int fd = make_file(argv[1], 2 * PMD);
	check(pipe(done) || pipe(go), "pipe");
	char *whole = map(fd, 0, PMD);
	store(whole, 0, 0, 1);
	if (fork() == 0) {
		char *small = map(fd, 0, PAGE);
		store(small, 1, 1, 2);
		check(write(done[1], &token, 1) != 1 || read(go[0], &token, 1) != 1, "pipe");
		store(small, 1, 1, 3); /* takes no fault: lost with the power */
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
