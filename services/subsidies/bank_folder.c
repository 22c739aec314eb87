/*
 * bank_folder.c -- see bank_folder.h.
 *
 * Invariant: a file under its own name is whole and on the disk: it was
 * written under another name, flushed and renamed.
 */
#include "bank_folder.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int	write_whole(struct folder_job *);
static int	list(struct folder_job *);
static int	read_whole(struct folder_job *);
static int	move(struct folder_job *);
static void	keep(struct folder_job *, const char *);
static int	write_all(int, const char *, size_t);

void
folder_run(void *arg)
{
	static int	(*const verbs[])(struct folder_job *) = { write_whole, list, read_whole, move };
	struct folder_job	*j = arg;

	j->error = verbs[j->verb](j) == -1 ? errno : 0;
}

static int
write_whole(struct folder_job *j)
{
	char	half[FOLDER_PATH + FOLDER_NAME], whole[FOLDER_PATH + FOLDER_NAME];
	int	fd, rc;

	(void)snprintf(half, sizeof(half), "%s/.%s", j->folder, j->name);
	(void)snprintf(whole, sizeof(whole), "%s/%s", j->folder, j->name);
	if ((fd = open(half, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640)) == -1)
		return (-1);
	rc = write_all(fd, j->data, j->len) == -1 || fsync(fd) == -1 ? -1 : 0;
	if (close(fd) == -1)
		rc = -1;
	return (rc == 0 ? rename(half, whole) : -1);
}

static int
write_all(int fd, const char *p, size_t len)
{
	ssize_t	n;

	while (len > 0) {
		if ((n = write(fd, p, len)) == -1) {
			if (errno == EINTR)
				continue;
			return (-1);
		}
		p += n;
		len -= (size_t)n;
	}
	return (0);
}

/* The first FOLDER_FILES by name. */
static int
list(struct folder_job *j)
{
	struct dirent	*e;
	size_t		 n;
	DIR		*d = opendir(j->folder);

	if (d == NULL)
		return (-1);
	j->count = 0;
	while ((e = readdir(d)) != NULL) {
		n = strlen(e->d_name);
		if (e->d_name[0] != '.' && n > 4 && n < FOLDER_NAME - 16 &&
		    strcmp(e->d_name + n - 4, ".csv") == 0)
			keep(j, e->d_name);
	}
	return (closedir(d));
}

static void
keep(struct folder_job *j, const char *name)
{
	size_t	at = j->count < FOLDER_FILES ? j->count : FOLDER_FILES - 1;

	if (j->count == FOLDER_FILES && strcmp(name, j->names[at]) >= 0)
		return;
	if (j->count < FOLDER_FILES)
		j->count++;
	for (; at > 0 && strcmp(name, j->names[at - 1]) < 0; at--)
		memcpy(j->names[at], j->names[at - 1], FOLDER_NAME);
	memcpy(j->names[at], name, strlen(name) + 1);
}

static int
read_whole(struct folder_job *j)
{
	char	path[FOLDER_PATH + FOLDER_NAME];
	ssize_t	n = 1;
	int	fd;

	(void)snprintf(path, sizeof(path), "%s/%s", j->folder, j->name);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) == -1)
		return (-1);
	j->len = 0;
	while (n != 0 && j->len < j->max) {
		n = read(fd, j->room + j->len, j->max - j->len);
		if (n > 0)
			j->len += (size_t)n;
		else if (n == -1 && errno != EINTR)
			break;
	}
	(void)close(fd);
	return (n == -1 ? -1 : 0);
}

static int
move(struct folder_job *j)
{
	char	from[FOLDER_PATH + FOLDER_NAME], to[FOLDER_PATH + 2 * FOLDER_NAME];

	(void)snprintf(to, sizeof(to), "%s/%s", j->folder, j->to);
	if (mkdir(to, 0750) == -1 && errno != EEXIST)
		return (-1);
	(void)snprintf(from, sizeof(from), "%s/%s", j->folder, j->name);
	(void)snprintf(to, sizeof(to), "%s/%s/%s", j->folder, j->to, j->as);
	return (rename(from, to));
}
