/*
 * One thread stores and syncs, others take read faults on the same entry: fsync passes over the entry
 * while a fault has it locked. Argument: a file with DAX.
 */
#include "finding.h"

enum { FAULTERS = 3, ROUNDS = 1500 };
static int fd;
static volatile int over;

static void *faulter(void *unused) {
	volatile char *own = map(fd, 0, PMD);
	while (!over) {
		madvise((char *)own, PMD, MADV_DONTNEED);
		(void)own[7 * PAGE];
	}
	return unused;
}

int main(int argc, char **argv) {
	pthread_t threads[FAULTERS];
	check(argc != 2, "expected a file");
	fd = make_file(argv[1], PMD);
	char *whole = map(fd, 0, PMD);
	for (int each = 0; each < FAULTERS; each++)
		check(pthread_create(&threads[each], NULL, faulter, NULL), "pthread_create");
	for (int round = 0; round < ROUNDS; round++) {
		store(whole, PAGE, PAGE, round);
		sync_file(fd);
	}
	over = 1;
	for (int each = 0; each < FAULTERS; each++) pthread_join(threads[each], NULL);
	load(whole, PAGE, PAGE);
	return 0;
}
