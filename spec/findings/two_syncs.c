/*
 * Two threads store to one PMD and sync at the same moment: one sync returns before the flush.
 * Argument: a file with DAX.
 */
#include "finding.h"

static char *whole;
static int fd;
static pthread_barrier_t together;

static void *storer(void *number) {
	long mine = (long)number;
	for (int round = 0; round < 40; round++) {
		store(whole, mine * PAGE, mine * PAGE, round + 1);
		pthread_barrier_wait(&together);
		sync_file(fd);
		pthread_barrier_wait(&together);
	}
	return NULL;
}

int main(int argc, char **argv) {
	pthread_t threads[2];
	check(argc != 2, "expected a file");
	fd = make_file(argv[1], PMD);
	whole = map(fd, 0, PMD);
	pthread_barrier_init(&together, NULL, 2);
	for (long each = 0; each < 2; each++)
		check(pthread_create(&threads[each], NULL, storer, (void *)each), "pthread_create");
	for (int each = 0; each < 2; each++) pthread_join(threads[each], NULL);
	load(whole, 0, 0);
	return 0;
}
