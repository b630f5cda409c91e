/*
 * Stands before the C library of a driver (LD_PRELOAD): a task is called "skipping" while it is in a
 * call that makes data durable, so that skip_function.ko makes the file system leave a step out there.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/prctl.h>
#include <sys/types.h>

/* A call with this name for the task; the name before comes back. */
#define SKIPPING(name, parameters, ...)					\
	int name parameters						\
	{								\
		int (*real) parameters = dlsym(RTLD_NEXT, #name);	\
		char before[16];					\
		int result;						\
									\
		prctl(PR_GET_NAME, before);				\
		prctl(PR_SET_NAME, "skipping");				\
		result = real(__VA_ARGS__);				\
		prctl(PR_SET_NAME, before);				\
		return result;						\
	}

SKIPPING(fsync, (int fd), fd)
SKIPPING(fdatasync, (int fd), fd)
SKIPPING(msync, (void *address, size_t length, int flags), address, length, flags)
