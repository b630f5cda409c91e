/*
 * Two threads append to a file each and sync it, the second a little later: its fsync finds the fast
 * commit of the first under way, and takes it for its own. Argument: a file on ext4 with -O fast_commit;
 * a second one with "-other" behind its name is made beside it. With a second
 * argument, the second thread waits until the first is done: the control.
 */
#include "finding.h"

static int files[2], apart;
static pthread_barrier_t together;

static void *appender(void *number) {
	long mine = (long)number;
	char bytes[PAGE];
	memset(bytes, 9, sizeof bytes);
	for (int round = 1; round <= 20; round++) {
		pthread_barrier_wait(&together);
		if (mine && apart) pthread_barrier_wait(&together);
		else if (mine) usleep(100 * (round % 10));
		check(pwrite(files[mine], bytes, PAGE, (long)round * PAGE) != PAGE, "pwrite");
		sync_file(files[mine]);
		if (!mine && apart) pthread_barrier_wait(&together);
	}
	return NULL;
}

int main(int argc, char **argv) {
	char other[4096];
	pthread_t threads[2];
	check(argc < 2, "expected a file");
	apart = argc > 2;
	snprintf(other, sizeof other, "%s-other", argv[1]);
	files[0] = make_file(argv[1], PAGE);
	files[1] = make_file(other, PAGE);
	check(syncfs(files[0]), "syncfs");
	pthread_barrier_init(&together, NULL, 2);
	for (long each = 0; each < 2; each++)
		check(pthread_create(&threads[each], NULL, appender, (void *)each), "pthread_create");
	for (int each = 0; each < 2; each++) pthread_join(threads[each], NULL);
	return 0;
}
