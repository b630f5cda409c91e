/*
 * A FUSE file system for the tests of `drive --dir`: a folder, and before it a cache of pages that
 * have been read. A page that a write, a removal or a truncation changes leaves the cache so many
 * milliseconds later: with 0 this is a sound file system, with more a broken one.
 *
 *	delayed_invalidation MILLISECONDS FOLDER MOUNTPOINT
 */
#define _GNU_SOURCE
#define FUSE_USE_VERSION 31
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 1024, NAME = 256 };

static int folder;
static double delay;

static struct cached {
	char path[NAME];
	off_t index;
	double until; /* milliseconds at which a changed page leaves; 0 for an unchanged one */
	ssize_t length; /* 0 for an entry that is free */
	char bytes[PAGE];
} cache[PAGES];

static double now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec * 1e3 + at.tv_nsec / 1e6;
}

static const char *below(const char *path)
{
	return path[1] == '\0' ? "." : path + 1;
}

static int status(int returned)
{
	return returned < 0 ? -errno : 0;
}

static void changed(const char *path)
{
	for (struct cached *each = cache; each < cache + PAGES; each++) {
		if (each->length == 0 || each->until > 0 || strcmp(each->path, path) != 0)
			continue;
		if (delay > 0)
			each->until = now() + delay;
		else
			each->length = 0;
	}
}

/* The entry of a page, or one that is free for it. */
static struct cached *entry(const char *path, off_t index)
{
	struct cached *free = NULL;

	for (struct cached *each = cache; each < cache + PAGES; each++) {
		if (each->until > 0 && each->until < now())
			each->length = 0;
		if (each->length == 0)
			free = each;
		else if (each->index == index && strcmp(each->path, path) == 0)
			return each;
	}
	if (free == NULL)
		free = cache + index % PAGES;
	snprintf(free->path, NAME, "%s", path);
	free->index = index;
	free->until = 0;
	free->length = 0;
	return free;
}

static int do_read(const char *path, char *to, size_t size, off_t at, struct fuse_file_info *file)
{
	size_t done = 0;

	while (done < size) {
		off_t index = (at + done) / PAGE, inside = (at + done) % PAGE;
		struct cached *page = entry(path, index);
		ssize_t count;

		if (page->length == 0)
			page->length = pread(file->fh, page->bytes, PAGE, index * PAGE);
		if (page->length < 0)
			page->length = 0;
		count = page->length - inside;
		if (count > (ssize_t)(size - done))
			count = size - done;
		if (count <= 0)
			break;
		memcpy(to + done, page->bytes + inside, count);
		done += count;
	}
	return done;
}

static int do_write(const char *path, const char *from, size_t size, off_t at,
		    struct fuse_file_info *file)
{
	ssize_t count = pwrite(file->fh, from, size, at);

	changed(path);
	return count < 0 ? -errno : count;
}

static int do_truncate(const char *path, off_t size, struct fuse_file_info *file)
{
	int fd = openat(folder, below(path), O_RDWR);
	int result = status(ftruncate(fd, size));

	(void)file;
	close(fd);
	changed(path);
	return result;
}

static int do_fallocate(const char *path, int mode, off_t at, off_t length,
			struct fuse_file_info *file)
{
	int result = status(fallocate(file->fh, mode, at, length));

	changed(path);
	return result;
}

static int open_below(const char *path, int flags, mode_t mode, struct fuse_file_info *file)
{
	int fd = openat(folder, below(path), O_RDWR | flags, mode);

	if (flags & O_TRUNC)
		changed(path);
	file->fh = fd;
	return status(fd);
}

static int do_open(const char *path, struct fuse_file_info *file)
{
	return open_below(path, file->flags & O_TRUNC, 0, file);
}

static int do_create(const char *path, mode_t mode, struct fuse_file_info *file)
{
	return open_below(path, O_CREAT | O_TRUNC, mode, file);
}

static int do_release(const char *path, struct fuse_file_info *file)
{
	(void)path;
	return status(close(file->fh));
}

static int do_fsync(const char *path, int datasync, struct fuse_file_info *file)
{
	(void)path;
	return status(datasync ? fdatasync(file->fh) : fsync(file->fh));
}

static int do_getattr(const char *path, struct stat *attributes, struct fuse_file_info *file)
{
	(void)file;
	return status(fstatat(folder, below(path), attributes, AT_SYMLINK_NOFOLLOW));
}

static int do_statfs(const char *path, struct statvfs *attributes)
{
	(void)path;
	return status(fstatvfs(folder, attributes));
}

static int do_unlink(const char *path)
{
	changed(path);
	return status(unlinkat(folder, below(path), 0));
}

static int do_mkdir(const char *path, mode_t mode)
{
	return status(mkdirat(folder, below(path), mode));
}

static int do_rmdir(const char *path)
{
	return status(unlinkat(folder, below(path), AT_REMOVEDIR));
}

static int do_readdir(const char *path, void *to, fuse_fill_dir_t fill, off_t offset,
		      struct fuse_file_info *file, enum fuse_readdir_flags flags)
{
	DIR *directory = fdopendir(openat(folder, below(path), O_RDONLY | O_DIRECTORY));

	(void)offset;
	(void)file;
	(void)flags;
	if (directory == NULL)
		return -errno;
	for (struct dirent *each; (each = readdir(directory)) != NULL;)
		fill(to, each->d_name, NULL, 0, 0);
	return status(closedir(directory));
}

static const struct fuse_operations operations = {
	.create = do_create,
	.fallocate = do_fallocate,
	.fsync = do_fsync,
	.getattr = do_getattr,
	.mkdir = do_mkdir,
	.open = do_open,
	.read = do_read,
	.readdir = do_readdir,
	.release = do_release,
	.rmdir = do_rmdir,
	.statfs = do_statfs,
	.truncate = do_truncate,
	.unlink = do_unlink,
	.write = do_write,
};

int main(int count, char **given)
{
	/* One thread: a page is read and kept, or changed and forgotten, never both at once. */
	char *mount[] = { given[0], "-f", "-s", "-o", "fsname=delayed", given[count - 1] };

	if (count != 4)
		return 2;
	delay = atof(given[1]);
	folder = open(given[2], O_RDONLY | O_DIRECTORY);
	return fuse_main(6, mount, &operations, NULL);
}
